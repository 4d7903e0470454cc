import type { Database } from '../db/database.ts'
import type { RunFact } from '../fact/fact.ts'
import { loadRuns } from '../query/load.ts'
import { readDetail } from '../query/show.ts'
import type { Lineage, LineageEdge, LineageNode, RunDetail } from '../query/view.ts'
import { originalOf } from './cached-twins.ts'
import type { Look } from './look.ts'
import { fieldLine, namedValues, scriptLines, timesOf } from './render-fields.ts'
import { describeResources } from './render-resources.ts'
import { cutEnd, textWidth, visible } from './text-width.ts'
import { count, outcomeMark, shortUid } from './wording.ts'

/** Lines of a script, and files of an execution, that are shown. */
const MOST_LINES = 12
const MOST_FILES = 5
/** Columns that a name is given at least. */
const LEAST_NAME = 8
/** Runs above each other: a guard against a database that somebody else wrote. */
const MOST_ABOVE = 100

/** How the run worked that made the root, and the execution that it was part of; nothing when no one run made it. */
export async function describeMaker(database: Database, lineage: Lineage, look: Look): Promise<string[]> {
  const maker = findMaker(lineage)
  if (maker === undefined) return []
  const top = await findTop(database, maker)
  const detail = top.uid === maker.uid ? undefined : await readDetail(database.sql, top.uid, MOST_FILES)
  return ['', ...describeRun(maker, look), ...(detail?.kind === 'run' ? describeExecution(detail, look) : [])]
}

/** The one run that wrote the bytes: behind copies, and behind cached runs that only handed them on. */
export function findMaker(lineage: Lineage): RunFact | undefined {
  const nodes = new Map<string, LineageNode>(lineage.nodes.map((node) => [node.uid, node]))
  const seen = new Set<string>()
  let node = nodes.get(lineage.root)
  if (node?.kind === 'run') return undefined // it speaks for itself: `stemma show`
  while (node?.kind === 'artifact' && !seen.has(node.uid)) {
    seen.add(node.uid)
    const [only, ...others] = sourcesOf(node.uid, lineage, nodes)
    if (others.length > 0) return undefined
    node = only
  }
  return node?.kind === 'run' ? node : undefined
}

/** The runs that wrote the bytes of an artifact and the artifacts that it is a copy of. */
function sourcesOf(uid: string, lineage: Lineage, nodes: ReadonlyMap<string, LineageNode>): Set<LineageNode> {
  const sources = new Set<LineageNode>()
  for (const edge of lineage.edges) {
    const source = nodes.get(sourceOf(edge, uid) ?? '')
    if (source !== undefined) sources.add(source.kind === 'run' ? originalOf(source, nodes) : source)
  }
  return sources
}

/** Where an edge that brought the bytes of this artifact came from. */
function sourceOf(edge: LineageEdge, uid: string): string | undefined {
  if (edge.kind === 'produced' && edge.artifact === uid) return edge.run
  return edge.kind === 'copied' && edge.to === uid ? edge.from : undefined
}

async function findTop({ sql }: Database, run: RunFact): Promise<RunFact> {
  let top = run
  for (let above = 0; top.parent !== undefined && above < MOST_ABOVE; above++) {
    const parent = (await loadRuns(sql, [top.parent])).get(top.parent)
    if (parent === undefined) return top
    top = parent
  }
  return top
}

function describeRun(run: RunFact, look: Look): string[] {
  const line = (label: string, text: string | undefined): string[] => fieldLine(label, text, look)
  return [
    headLine('made by', run, look),
    ...line('when', timesOf(run)),
    ...line('container', run.container),
    ...describeResources(run).flatMap(([label, text]) => line(label, text)),
    ...line('folder', run.workDir === undefined ? undefined : look.place(run.workDir)),
    ...scriptLines('script', run.command, MOST_LINES, look),
  ]
}

function describeExecution({ thing: run, transform, consumed }: RunDetail, look: Look): string[] {
  const line = (label: string, text: string | undefined): string[] => fieldLine(label, text, look)
  const files = consumed.items.map(({ artifact }) => look.place(artifact.uri))
  const more = consumed.total > files.length ? `, … ${count(consumed.total - files.length, 'more', 'more')}` : ''
  return [
    headLine('in execution', run, look),
    ...line('when', timesOf(run)),
    ...line('code', [transform.type, transform.name, transform.version ?? ''].join(' ').trim()),
    ...line('engine', [run.engine, run.engineVersion ?? ''].join(' ').trim()),
    ...line('command', run.command),
    ...line('read', files.length === 0 ? undefined : files.join(', ') + more),
    ...namedValues('parameters', run.params, look),
  ]
}

function headLine(label: string, run: RunFact, { style, terminal }: Look): string {
  const exit = run.exitCode === undefined ? '' : `, exit ${run.exitCode}`
  const attempt = run.attempt === undefined || run.attempt < 2 ? '' : `, attempt ${run.attempt}`
  const note = `${run.outcome}${exit}${attempt} · ${shortUid(run.uid)}`
  const head = `${style.faint(label)} ${style.link('▸')} ${outcomeMark(run.outcome, style)} `
  const room = Math.max(LEAST_NAME, terminal.width - textWidth(head) - textWidth(note) - 2)
  return `${head}${style.bold(cutEnd(visible(run.name), room))}  ${style.faint(note)}`
}
