import type { RunFact } from '../fact/fact.ts'
import type { Lineage, LineageEdge, LineageNode } from '../query/view.ts'

/** A lineage in which a run and those that only handed on its bytes are one. */
export interface WithoutTwins {
  readonly lineage: Lineage
  /** By the run that made the bytes: how many cached runs stand behind it. */
  readonly twins: ReadonlyMap<string, number>
}

/**
 * Leaves out cached runs that read and wrote nothing but what the run did whose bytes they reused: after a few resumed
 * executions they are most of a picture, and say nothing more. The root stays, whatever it is.
 */
export function leaveOutTwins(lineage: Lineage): WithoutTwins {
  const nodes = new Map<string, LineageNode>(lineage.nodes.map((node) => [node.uid, node]))
  const ends = endsByRun(lineage.edges)
  const twins = new Map<string, number>()
  const left = new Set<string>()
  for (const node of lineage.nodes) {
    if (node.kind !== 'run' || node.uid === lineage.root) continue
    const maker = originalOf(node, nodes)
    if (maker.uid === node.uid || !isWithin(ends.get(node.uid), ends.get(maker.uid))) continue
    left.add(node.uid)
    twins.set(maker.uid, (twins.get(maker.uid) ?? 0) + 1)
  }
  return { lineage: left.size === 0 ? lineage : without(lineage, left), twins }
}

/** The run that made the bytes which this one handed on, as far as it is among the nodes. */
export function originalOf(run: RunFact, nodes: ReadonlyMap<string, LineageNode>): RunFact {
  const seen = new Set<string>()
  let original = run
  while (original.reuses !== undefined && !seen.has(original.uid)) {
    seen.add(original.uid)
    const made = nodes.get(original.reuses)
    if (made?.kind !== 'run') break
    original = made
  }
  return original
}

function without(lineage: Lineage, left: ReadonlySet<string>): Lineage {
  return {
    ...lineage,
    nodes: lineage.nodes.filter(({ uid }) => !left.has(uid)),
    edges: lineage.edges.filter((edge) => edge.kind === 'copied' || edge.kind === 'contained' || !left.has(edge.run)),
  }
}

/** What each run read and wrote. */
function endsByRun(edges: readonly LineageEdge[]): Map<string, Set<string>> {
  const ends = new Map<string, Set<string>>()
  for (const edge of edges) {
    if (edge.kind !== 'consumed' && edge.kind !== 'produced') continue
    const known = ends.get(edge.run) ?? new Set<string>()
    ends.set(edge.run, known.add(`${edge.kind} ${edge.artifact}`))
  }
  return ends
}

function isWithin(some: ReadonlySet<string> | undefined, all: ReadonlySet<string> | undefined): boolean {
  return [...(some ?? [])].every((end) => all?.has(end) === true)
}
