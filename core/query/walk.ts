import type { LineageEdge } from './view.ts'

/** One step of a walk. Without `edge`: a cached run and the run whose bytes it reused, which the run itself says. */
export interface Step {
  readonly from: string
  readonly to: string
  readonly edge?: LineageEdge
}

/** The steps that leave these nodes in the direction of the walk. */
export type Expand = (uids: readonly string[]) => Promise<readonly Step[]>

interface WalkBounds {
  /** Most steps from a root. */
  readonly depth?: number
  /** Most nodes, the roots among them. */
  readonly limit: number
}

export interface Walked {
  /** Steps from the nearest root, in walking order: by distance, then by uid. */
  readonly distances: ReadonlyMap<string, number>
  /** Every edge passed whose both ends are among the nodes. */
  readonly edges: readonly LineageEdge[]
  readonly truncated: boolean
}

/** Breadth first with a seen-set, a level at a time: a diamond is visited once, a cycle ends. */
export async function walk(roots: readonly string[], expand: Expand, bounds: WalkBounds): Promise<Walked> {
  const distances = new Map<string, number>()
  const steps: Step[] = []
  let truncated = admit(roots, 0, bounds.limit, distances).dropped
  let frontier = [...distances.keys()]
  for (let distance = 1; frontier.length > 0; distance++) {
    const found = await expand(frontier)
    const isBeyond = bounds.depth !== undefined && distance > bounds.depth
    // One level is looked at beyond the depth: it shows whether there is more, and edges among the nodes we have.
    const next = admit(
      found.map((step) => step.to),
      distance,
      isBeyond ? distances.size : bounds.limit,
      distances,
    )
    truncated ||= next.dropped
    for (const step of found) steps.push(step)
    frontier = next.admitted
  }
  const edges = steps.flatMap((step) => (step.edge !== undefined && distances.has(step.to) ? [step.edge] : []))
  return { distances, edges, truncated }
}

/** Adds the nodes not seen yet, in the order of their uids, until there are `limit`. */
function admit(
  uids: readonly string[],
  distance: number,
  limit: number,
  distances: Map<string, number>,
): { readonly admitted: string[]; readonly dropped: boolean } {
  const fresh = [...new Set(uids)].filter((uid) => !distances.has(uid)).sort()
  const admitted = fresh.slice(0, Math.max(0, limit - distances.size))
  for (const uid of admitted) distances.set(uid, distance)
  return { admitted, dropped: admitted.length < fresh.length }
}
