import { z } from 'zod'

/** What a graph says, in words that stay the same from run to run: `[TASK]/file` for a file in a task's folder. */
export interface Edges {
  readonly consumed: readonly string[]
  readonly produced: readonly string[]
  readonly copied: readonly string[]
}

const Line = z.object({
  kind: z.string(),
  uid: z.string().optional(),
  name: z.string().optional(),
  key: z.string().optional(),
  parent: z.string().optional(),
  outcome: z.string().optional(),
  reuses: z.string().optional(),
  workDir: z.string().optional(),
  uri: z.string().optional(),
  run: z.string().optional(),
  artifact: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
})
type Line = z.infer<typeof Line>

/** Reads an export; `folder` is where the pipeline was launched. Names of failed tasks end in ` failed`. */
export function toEdges(
  ndjson: string,
  folder: string,
): { readonly edges: Edges; readonly outcomes: Record<string, number>; readonly reuses: readonly string[] } {
  const lines = ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)))
  const tasks = lines.filter((line) => line.kind === 'run' && /^[0-9a-f]{2}\/[0-9a-f]{6}/.test(line.key ?? ''))
  const names = new Map(tasks.map((task) => [task.uid, nameOf(task)]))
  const folders = new Map(tasks.map((task) => [decodeURI(task.workDir ?? '').slice('file://'.length), nameOf(task)]))
  const paths = new Map(
    lines.flatMap(({ uid, uri }) => (uri === undefined ? [] : [[uid, toPath(uri, folder, folders)]])),
  )
  const all = (kind: string, say: (line: Line) => string): string[] =>
    [...new Set(lines.filter((line) => line.kind === kind).map(say))].sort()
  return {
    edges: {
      consumed: all('consumed', ({ run, artifact }) => `${names.get(run) ?? '?'} <- ${paths.get(artifact) ?? '?'}`),
      produced: all('produced', ({ run, artifact }) => `${names.get(run) ?? '?'} -> ${paths.get(artifact) ?? '?'}`),
      copied: all('copied', ({ from, to }) => `${paths.get(from) ?? '?'} => ${paths.get(to) ?? '?'}`),
    },
    outcomes: counted(tasks.map((task) => task.outcome ?? '?')),
    reuses: tasks.flatMap((task) => (task.reuses === undefined ? [] : [nameOf(task)])).sort(),
  }
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function nameOf({ name = '?', outcome }: Line): string {
  return outcome === 'failed' ? `${name} failed` : name
}

function toPath(uri: string, root: string, folders: ReadonlyMap<string, string>): string {
  const path = decodeURIComponent(uri.slice('file://'.length))
  for (const [folder, task] of folders)
    if (path.startsWith(`${folder}/`)) return `[${task}]${path.slice(folder.length)}`
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}
