import { filePath, fileUri, normalizePath } from '../../../core/adapter.ts'
import type { FileSource, RootFact } from '../../../core/adapter.ts'
import type { Workdir } from '../workdir.ts'

/** Where the working directory was, an execution each, and where it lies today. */
export interface WorkDirs {
  readonly today: string
  readonly byExecution: readonly string[]
  /** For jobs of no known execution. */
  readonly latest: string
}

/**
 * The working directory by what each execution says of itself, else by what the next or the one before says. Where no
 * leftover names it, the place of today is all that is known.
 */
export function findWorkDirs(workdir: Workdir, source: FileSource): WorkDirs {
  const today = normalizePath([filePath(source.uri) ?? '', workdir.folder].join('/'))
  const namespace = workdir.namespace?.replace(/\/\.snakemake\/?$/, '')
  const below = workdir.folder.slice(workdir.logFolder.length)
  const told = workdir.executions.map(({ logFolder, head }) => {
    const path = absolute(logFolder ?? head.workDir)
    return path === undefined || below === '' ? path : normalizePath(`${path}/${below}`)
  })
  const known = told.map((path, at) => path ?? nearest(told, at) ?? absolute(namespace) ?? today)
  return { today, byExecution: known, latest: known.at(-1) ?? absolute(namespace) ?? today }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') === true ? normalizePath(path) : undefined
}

function nearest(told: readonly (string | undefined)[], at: number): string | undefined {
  return told.slice(at).find((path) => path !== undefined) ?? told.slice(0, at).findLast((path) => path !== undefined)
}

/**
 * Where the folders of then lie now. What lies beside the working directory has moved with it when the source holds
 * both: equal endings are taken off, down to the source's root.
 */
export function findRoots(workDirs: WorkDirs, source: FileSource, folder: string): RootFact[] {
  const roots: RootFact[] = []
  for (const was of new Set([...workDirs.byExecution, workDirs.latest])) {
    if (was === workDirs.today) continue
    roots.push({ kind: 'root', was: fileUri(was), now: fileUri(workDirs.today) })
    if (folder === '' || !was.endsWith(`/${folder}`) || filePath(source.uri) === undefined) continue
    roots.push({ kind: 'root', was: fileUri(was.slice(0, -folder.length - 1) || '/'), now: source.uri })
  }
  return roots
}
