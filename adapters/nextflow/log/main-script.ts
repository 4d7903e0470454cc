/**
 * Which of a run's scripts was launched: the log lists included ones beside it, before or behind. `project` is what
 * was named on the command line: a script, a folder or a repository, in which the script is `main.nf` unless a manifest
 * says otherwise. `undefined` when nothing tells.
 */
export function findMainScript(paths: readonly string[], project: string | undefined): string | undefined {
  const [only] = paths
  if (paths.length < 2) return only
  const name = (project ?? '').replace(/^(\.{0,2}\/)+/, '')
  const named = paths.filter((path) => name !== '' && (path === project || path.endsWith(`/${name}`)))
  const main = named.length > 0 ? named : paths.filter((path) => path.endsWith('/main.nf'))
  return main.toSorted((a, b) => a.split('/').length - b.split('/').length)[0]
}
