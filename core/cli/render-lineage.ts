import type { AmbiguousFact, CopiedFact, RunFact } from '../fact/fact.ts'
import type { Outcome } from '../fact/outcome.ts'
import type { Lineage, LineageEdge, LineageNode } from '../query/view.ts'
import type { Branch } from './lineage-tree.ts'
import { toTrees } from './lineage-tree.ts'
import type { Look } from './look.ts'
import { cutEnd, cutMiddle, textWidth, visible } from './text-width.ts'
import { byteSize, count, outcomeMark, shortUid, took } from './wording.ts'

/** A lineage as lines that fit the terminal: files by path, runs by name with a mark for how they ended. */
export function describeLineage(lineage: Lineage, look: Look): string[] {
  const lines: string[] = []
  for (const direction of lineage.direction === 'both' ? (['up', 'down'] as const) : [lineage.direction]) {
    const trees = toTrees(lineage, direction, { full: look.full, depth: depthFor(look.terminal.width) })
    if (lineage.direction === 'both') lines.push(look.style.faint(direction === 'up' ? 'made from' : 'went into'))
    for (const [at, tree] of trees.entries()) {
      if (at > 0) lines.push(look.style.faint('goes on from'))
      for (const line of branchLines(tree, '', '', look)) lines.push(line)
    }
  }
  lines.push(...ambiguousLines(lineage, look))
  if (lineage.truncated) lines.push(look.style.warning('… there is more: raise --depth or --limit'))
  return lines
}

/** Levels that leave room for a name. */
function depthFor(width: number): number {
  return Math.min(40, Math.max(4, Math.floor((width - 36) / 3)))
}

function* branchLines(branch: Branch, first: string, rest: string, look: Look): Iterable<string> {
  const room = look.terminal.width - textWidth(first)
  const text = branch.folded === undefined ? nodeText(branch, room, look) : foldedText(branch.folded, room, look)
  yield look.style.faint(first) + text
  const children = onlyRepeats(branch) === undefined ? branch.children : []
  for (const [at, child] of children.entries()) {
    const isLast = at === children.length - 1
    yield* branchLines(child, rest + (isLast ? '└─ ' : '├─ '), rest + (isLast ? '   ' : '│  '), look)
  }
}

/** The run that a file leads to, when it is told of above: it needs no line of its own. */
function onlyRepeats({ node, children }: Branch): RunFact | undefined {
  const [child, ...more] = children
  const isRepeat = node.kind === 'artifact' && child?.repeated === true && more.length === 0
  return isRepeat && child.node.kind === 'run' && child.edge?.evidence !== 'inferred' ? child.node : undefined
}

function nodeText(branch: Branch, room: number, look: Look): string {
  const run = onlyRepeats(branch)
  const more = [
    ...(run === undefined ? [] : [`by ${visible(run.name)}, see above`]),
    ...(branch.twins === undefined ? [] : [`reused by ${count(branch.twins, 'cached run')}`]),
    ...(branch.repeated ? ['see above'] : []),
    ...(branch.cut ? ['goes on below'] : []),
  ]
  return describeNode(branch.node, branch.edge, room, look, more)
}

/** A node on one line of at most `room` columns. `edge`: how one came to it. */
export function describeNode(
  node: LineageNode,
  edge: LineageEdge | undefined,
  room: number,
  look: Look,
  more: readonly string[] = [],
): string {
  const { style } = look
  const notes = [...nodeNotes(node), ...edgeNotes(edge), ...more]
  const meta = notes.length === 0 ? '' : `  ${notes.join(' · ')}`
  if (node.kind === 'run') {
    const name = cutEnd(visible(node.name), Math.max(12, room - textWidth(meta) - 4))
    const head = `${style.link('▸')} ${outcomeMark(node.outcome, style)} ${style.bold(name)}`
    return head + style.faint(fit(meta, room - 4 - textWidth(name)))
  }
  const lead = leadOf(node, edge)
  const place = look.place(node.uri)
  const path = cutMiddle(place, Math.max(16, room - textWidth(lead) - textWidth(meta)))
  return style.faint(lead) + path + style.faint(fit(meta, room - textWidth(lead) - textWidth(path)))
}

/** How a copy is said, seen from the copy and seen from the original. */
const COPIES = {
  copy: ['copy of ', 'copied to '],
  link: ['hard link of ', 'hard link at '],
  symlink: ['link to ', 'linked at '],
  move: ['moved from ', 'moved to '],
  stage: ['staged from ', 'staged to '],
  transfer: ['transferred from ', 'transferred to '],
  'same-content': ['same bytes as ', 'same bytes at '],
} as const satisfies Record<CopiedFact['method'], readonly [string, string]>

function leadOf(node: LineageNode, edge: LineageEdge | undefined): string {
  if (edge?.kind === 'contained') return edge.from === node.uid ? 'with ' : 'in '
  if (edge?.kind !== 'copied') return ''
  return COPIES[edge.method][edge.from === node.uid ? 0 : 1]
}

function fit(meta: string, room: number): string {
  return room < 6 ? '' : cutEnd(meta, room)
}

function nodeNotes(node: LineageNode): string[] {
  if (node.kind === 'artifact') return node.sizeBytes === undefined ? [] : [byteSize(node.sizeBytes)]
  const notes = [took(node), node.outcome === 'succeeded' ? '' : node.outcome]
  if (node.attempt !== undefined && node.attempt > 1) notes.push(`attempt ${node.attempt}`)
  if (node.exitCode !== undefined && node.exitCode !== 0) notes.push(`exit ${node.exitCode}`)
  if (node.evidence !== undefined) notes.push(node.evidence)
  return [...notes.filter((note) => note !== ''), shortUid(node.uid)]
}

function edgeNotes(edge: LineageEdge | undefined): string[] {
  if (edge === undefined) return []
  if (edge.evidence !== 'inferred') return []
  const method = edge.kind !== 'copied' && edge.method !== undefined ? `: ${edge.method}` : ''
  return [`${edge.evidence}${visible(method)}`]
}

function foldedText(nodes: readonly LineageNode[], room: number, { style }: Look): string {
  const runs = nodes.filter((node): node is RunFact => node.kind === 'run')
  const files = nodes.length - runs.length
  const parts = [...(runs.length > 0 ? [count(runs.length, 'run')] : []), ...(files > 0 ? [count(files, 'file')] : [])]
  const outcomes = new Map<Outcome, number>()
  for (const { outcome } of runs) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  const marks = [...outcomes].map(([outcome, many]) => `${outcomeMark(outcome, style)} ${many}`)
  const text = `… ${parts.join(', ')} more like this${marks.length === 0 ? '' : `: ${marks.join(' ')}`}`
  return style.faint(cutEnd(text, room))
}

function ambiguousLines(lineage: Lineage, look: Look): string[] {
  const names = new Map(lineage.nodes.map((node) => [node.uid as string, node]))
  const nameOf = (uid: string): string => {
    const node = names.get(uid)
    if (node === undefined) return shortUid(uid)
    return node.kind === 'run' ? visible(node.name) : look.place(node.uri)
  }
  return lineage.ambiguous.flatMap((fact) =>
    ambiguousText(fact, nameOf).map((line) => cutEnd(look.style.warning(line), look.terminal.width)),
  )
}

const MOST_CANDIDATES = 5

function ambiguousText(fact: AmbiguousFact, nameOf: (uid: string) => string): string[] {
  const shown = fact.candidates.slice(0, MOST_CANDIDATES).map((uid) => `    ${nameOf(uid)}`)
  const more = fact.candidates.length - shown.length
  return [
    `? ${nameOf(fact.subject)}: ${fact.relation} is ambiguous, none is asserted: ${visible(fact.why)}`,
    ...shown,
    ...(more > 0 ? [`    … and ${count(more, 'more', 'more')}`] : []),
  ]
}
