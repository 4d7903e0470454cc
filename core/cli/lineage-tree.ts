import type { RunFact } from '../fact/fact.ts'
import { endsOf } from '../query/lineage.ts'
import type { Lineage, LineageEdge, LineageNode } from '../query/view.ts'
import { leaveOutTwins } from './cached-twins.ts'

/** A branch of the printed tree. */
export interface Branch {
  readonly node: LineageNode
  /** How one got here; absent at the root and where a run leads to the run that it reused. */
  readonly edge?: LineageEdge
  readonly children: readonly Branch[]
  /** Printed before, with all that is below it. */
  readonly repeated: boolean
  /** What is below is too deep for a line: it is told in a tree of its own. */
  readonly cut: boolean
  /** Branches like this one that are not printed. */
  readonly folded?: readonly LineageNode[]
  /** Cached runs that handed on the bytes of this one, and are not printed. */
  readonly twins?: number
}

/** Like branches beside each other that are printed before the rest is folded. */
const SHOWN_OF_GROUP = 2
/** Branches that are too deep and are told as trees of their own. */
const MOST_CONTINUED = 30
const NO_TWINS: ReadonlyMap<string, number> = new Map()

interface Link {
  readonly uid: string
  readonly edge?: LineageEdge
}

/** How a tree is grown. */
export interface TreeShape {
  /** Nothing is folded. */
  readonly full: boolean
  /** Levels that a line has room for. */
  readonly depth: number
}

/**
 * The lineage in one direction: the tree of its root, then the trees of what lies too deep in it, at most
 * `MOST_CONTINUED` of them.
 */
export function toTrees(whole: Lineage, direction: 'up' | 'down', shape: TreeShape): readonly Branch[] {
  const { lineage, twins } = shape.full ? { lineage: whole, twins: NO_TWINS } : leaveOutTwins(whole)
  const nodes = new Map<string, LineageNode>(lineage.nodes.map((node) => [node.uid, node]))
  const root = nodes.get(lineage.root) ?? lineage.nodes[0]
  if (root === undefined) return []
  const grower = new Grower(nodes, linksOf(lineage, nodes, direction), shape, twins)
  const tree = grower.grow({ uid: root.uid }, root, 0)
  const trees: Branch[] = [{ ...tree, children: [...tree.children, ...grower.rest(root)] }]
  for (let next = grower.continued(); next !== undefined && trees.length <= MOST_CONTINUED; next = grower.continued()) {
    trees.push(next)
  }
  return trees
}

/** From each node to what comes next, in the order of the edges. */
function linksOf(
  lineage: Lineage,
  nodes: ReadonlyMap<string, LineageNode>,
  direction: 'up' | 'down',
): Map<string, Map<string, Link>> {
  const links = new Map<string, Map<string, Link>>()
  const add = (cause: string, effect: string, edge: LineageEdge | undefined): void => {
    const [from, uid] = direction === 'up' ? [effect, cause] : [cause, effect]
    const known = links.get(from) ?? new Map<string, Link>()
    if (!known.has(uid)) known.set(uid, edge === undefined ? { uid } : { uid, edge })
    links.set(from, known)
  }
  for (const edge of lineage.edges) add(...endsOf(edge), edge)
  for (const node of lineage.nodes) {
    if (node.kind === 'run' && node.reuses !== undefined && nodes.has(node.reuses))
      add(node.reuses, node.uid, undefined)
  }
  return links
}

type Links = ReadonlyMap<string, ReadonlyMap<string, Link>>

/** `s2` before `s10`. */
const BY_NAME = new Intl.Collator('en', { numeric: true })

class Grower {
  readonly #nodes: ReadonlyMap<string, LineageNode>
  readonly #links: Links
  readonly #shape: TreeShape
  readonly #twins: ReadonlyMap<string, number>
  readonly #deep: LineageNode[] = []
  readonly #grown = new Set<string>()

  constructor(
    nodes: ReadonlyMap<string, LineageNode>,
    links: Links,
    shape: TreeShape,
    twins: ReadonlyMap<string, number>,
  ) {
    this.#nodes = nodes
    this.#links = links
    this.#shape = shape
    this.#twins = twins
  }

  grow(link: Link, node: LineageNode, depth: number): Branch {
    const edge = link.edge === undefined ? {} : { edge: link.edge }
    const next = [...(this.#links.get(node.uid)?.values() ?? [])].sort((a, b) => this.#compare(a, b))
    const repeated = this.#grown.has(node.uid) && next.length > 0
    const cut = !repeated && depth >= this.#shape.depth && next.length > 0
    if (cut) this.#deep.push(node)
    if (repeated || cut) return { node, ...edge, children: [], repeated, cut }
    this.#grown.add(node.uid)
    const twins = this.#twins.get(node.uid)
    const children = this.#growAll(next, depth + 1)
    return { node, ...edge, children, repeated, cut, ...(twins === undefined ? {} : { twins }) }
  }

  /** The tree of the next node that was too deep and has not been told since. */
  continued(): Branch | undefined {
    for (let node = this.#deep.shift(); node !== undefined; node = this.#deep.shift()) {
      if (!this.#grown.has(node.uid)) return this.grow({ uid: node.uid }, node, 0)
    }
    return undefined
  }

  /** Runs below an execution hang on no edge of it: they are its branches all the same. */
  rest(root: LineageNode): Branch[] {
    if (root.kind !== 'run') return []
    const reached = new Set([...this.#links.values()].flatMap((links) => [...links.keys()]))
    const loose = [...this.#nodes.values()].filter(
      (node) => node.kind === 'run' && !this.#grown.has(node.uid) && !reached.has(node.uid),
    )
    return this.#growAll(loose, 1)
  }

  #growAll(links: readonly Link[], depth: number): Branch[] {
    const groups = new Map<string, Link[]>()
    for (const link of links) {
      const key = this.#kindOf(link)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [link])
      else group.push(link)
    }
    return [...groups.values()].flatMap((group) => this.#growGroup(group, depth))
  }

  #growGroup(group: readonly Link[], depth: number): Branch[] {
    // One hidden branch would take the same line as the note that hides it.
    const shown = this.#shape.full || group.length <= SHOWN_OF_GROUP + 1 ? group : group.slice(0, SHOWN_OF_GROUP)
    const branches = shown.flatMap((link) => {
      const node = this.#nodes.get(link.uid)
      return node === undefined ? [] : [this.grow(link, node, depth)]
    })
    const last = branches.at(-1)
    if (shown.length === group.length || last === undefined) return branches
    const nodes = group.slice(shown.length).flatMap(({ uid }) => this.#nodes.get(uid) ?? [])
    return [...branches, { node: last.node, children: [], repeated: false, cut: false, folded: nodes }]
  }

  #compare(a: Link, b: Link): number {
    return BY_NAME.compare(this.#nameOf(a), this.#nameOf(b))
  }

  #nameOf({ uid }: Link): string {
    const node = this.#nodes.get(uid)
    if (node?.kind === 'run') return node.name
    return node === undefined ? uid : node.uri.slice(node.uri.lastIndexOf('/') + 1)
  }

  /** Branches of one kind look alike: runs of one transform, files that such runs made, files of no run. */
  #kindOf(link: Link): string {
    const node = this.#nodes.get(link.uid)
    if (node?.kind === 'run') return `run ${node.transform}`
    const beyond = [...(this.#links.get(link.uid)?.keys() ?? [])].map((uid) => this.#nodes.get(uid))
    const makers = beyond.filter((other): other is RunFact => other?.kind === 'run').map(({ transform }) => transform)
    return `${link.edge?.kind ?? ''} ${[...new Set(makers)].sort().join(' ')} ${beyond.length === 0 ? 'end' : ''}`
  }
}
