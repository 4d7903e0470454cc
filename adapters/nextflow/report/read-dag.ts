import type { FileSource } from '../../../core/adapter.ts'

/** A process, or a channel operator, source or sink between processes. */
export interface DagNode {
  readonly id: string
  /** Process names may be shortened to their last part. */
  readonly label: string
  readonly isProcess: boolean
}

/** A graph on the level of processes: it can confirm edges between tasks, never make them. */
export interface Dag {
  readonly nodes: readonly DagNode[]
  /** Pairs of node ids. */
  readonly edges: readonly (readonly [string, string])[]
}

const MOST_BYTES = 16 << 20

/**
 * Reads a `-with-dag` file: Mermaid (`.mmd`, and the page since 22.10), Cytoscape pages before, Graphviz, GEXF.
 * `undefined`: it is none of these (images), or larger than any graph.
 */
export async function readDag(source: FileSource, path: string): Promise<Dag | undefined> {
  const found = await source.stat(path)
  if (found === undefined || found.sizeBytes > MOST_BYTES) return undefined
  return parseDag((await source.readText(path, MOST_BYTES)) ?? '')
}

/** The same from the file's text. */
export function parseDag(text: string): Dag | undefined {
  if (/^\s*flowchart /m.test(text)) return parseMermaid(text)
  if (text.includes('<gexf')) return parseGexf(text)
  if (/^\s*digraph /m.test(text)) return parseDot(text)
  return text.includes('cytoscape') ? parseCytoscape(text) : undefined
}

/**
 * Edges from process to process, through the operators between them.
 *
 * @returns pairs of labels
 */
export function processEdges(dag: Dag): (readonly [string, string])[] {
  const next = new Map<string, string[]>()
  for (const [from, to] of dag.edges) next.set(from, [...(next.get(from) ?? []), to])
  const nodes = new Map(dag.nodes.map((node) => [node.id, node]))
  const found: (readonly [string, string])[] = []
  for (const node of dag.nodes) {
    if (!node.isProcess) continue
    const seen = new Set<string>()
    const waiting = [...(next.get(node.id) ?? [])]
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      const target = nodes.get(id)
      if (target?.isProcess === true) found.push([node.label, target.label])
      else waiting.push(...(next.get(id) ?? []))
    }
  }
  return found
}

function parseMermaid(text: string): Dag {
  const nodes: DagNode[] = []
  const edges: (readonly [string, string])[] = []
  for (const line of text.split('\n')) {
    const process = /^\s*(v\d{1,9})\(\["?(.*?)"?\]\)\s*$/.exec(line)
    const other = process === null ? /^\s*(v\d{1,9})(?:\["?(.*?)"?\]|\(\( ?\)\)|\(\((.*)\)\))\s*$/.exec(line) : null
    const edge = /^\s*(v\d{1,9}) -->(?:\|.*\|)? (v\d{1,9})\s*$/.exec(line)
    if (process !== null) nodes.push({ id: process[1] ?? '', label: process[2] ?? '', isProcess: true })
    if (other !== null) nodes.push({ id: other[1] ?? '', label: other[2] ?? other[3] ?? '', isProcess: false })
    if (edge !== null) edges.push([edge[1] ?? '', edge[2] ?? ''])
  }
  return { nodes, edges }
}

function parseCytoscape(text: string): Dag {
  const nodes: DagNode[] = []
  const edges: (readonly [string, string])[] = []
  for (const line of text.split('\n')) {
    const node = /^\{ data: \{ id: '(\w{1,32})'(?:, label: '(.*)')?\}, classes: '(\w{1,32})' \}/.exec(line)
    const edge = /^\{ data: \{ source: '(\w{1,32})', target: '(\w{1,32})'/.exec(line)
    if (node !== null) nodes.push({ id: node[1] ?? '', label: node[2] ?? '', isProcess: node[3] === 'PROCESS' })
    if (edge !== null) edges.push([edge[1] ?? '', edge[2] ?? ''])
  }
  return { nodes, edges }
}

/** Every edge repeats the lines of its nodes; processes have `label=`, everything else `xlabel=`. */
function parseDot(text: string): Dag {
  const nodes = new Map<string, DagNode>()
  const edges: (readonly [string, string])[] = []
  for (const line of text.split('\n')) {
    const edge = /^\s*(\w{1,32}) -> (\w{1,32})\b/.exec(line)
    const node = edge === null ? /^\s*(\w{1,32}) \[(.*)\];?\s*$/.exec(line) : null
    if (edge !== null) edges.push([edge[1] ?? '', edge[2] ?? ''])
    if (node === null) continue
    const [, id = '', attributes = ''] = node
    const label = /(?:^|[ ,])label="([^"]*)"/.exec(attributes)?.[1]
    const isProcess = label !== undefined && label !== '' && !attributes.includes('shape=point')
    if (nodes.get(id)?.isProcess !== true) nodes.set(id, { id, label: label ?? '', isProcess })
  }
  return { nodes: [...nodes.values()], edges }
}

function parseGexf(text: string): Dag {
  const nodes: DagNode[] = []
  const edges: (readonly [string, string])[] = []
  for (const part of text.split('<node ').slice(1)) {
    const [, id, label = ''] = /^id="([^"]{1,64})" label="([^"]*)"/.exec(part) ?? []
    if (id !== undefined)
      nodes.push({
        id,
        label,
        isProcess: /^[^<]*<attvalues>\s*<attvalue for="type" value="PROCESS"/s.test(part.slice(part.indexOf('>') + 1)),
      })
  }
  for (const part of text.split('<edge ').slice(1)) {
    const [, from, to] = /\bsource="([^"]{1,64})" target="([^"]{1,64})"/.exec(part.slice(0, 1024)) ?? []
    if (from !== undefined && to !== undefined) edges.push([from, to])
  }
  return { nodes, edges }
}
