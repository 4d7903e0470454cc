import type { ConsumedFact, CopiedFact } from '../fact/fact.ts'
import { evidenceKinds } from '../fact/evidence.ts'

/**
 * Two statements may turn out to be one edge once reconciling has found which version was meant. Neighbours that
 * join the same two things in the same role become one, with the better evidence.
 */
export async function* mergeEdges<E extends ConsumedFact | CopiedFact>(sorted: AsyncIterable<E>): AsyncGenerator<E> {
  let open: E | undefined
  for await (const edge of sorted) {
    if (open !== undefined && isSameEdge(open, edge)) {
      open = strength(edge) < strength(open) ? edge : open
      continue
    }
    if (open !== undefined) yield open
    open = edge
  }
  if (open !== undefined) yield open
}

/** The same two things, in the same role or by the same method. */
function isSameEdge(a: ConsumedFact | CopiedFact, b: ConsumedFact | CopiedFact): boolean {
  return edgeKey(a) === edgeKey(b)
}

function edgeKey(edge: ConsumedFact | CopiedFact): string {
  return edge.kind === 'consumed'
    ? JSON.stringify([edge.run, edge.artifact, edge.role ?? ''])
    : JSON.stringify([edge.from, edge.to, edge.method])
}

/** Smaller is better. */
function strength(edge: ConsumedFact | CopiedFact): number {
  return evidenceKinds.indexOf(edge.evidence)
}
