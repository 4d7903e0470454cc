import type { Sql } from '../db/sql.ts'
import { loadNodes } from './lineage.ts'
import { anySteps, downSteps, upSteps } from './steps.ts'
import type { Connection, Direction, LineageNode, ReusedEdge } from './view.ts'
import type { Expand, Step } from './walk.ts'

/**
 * The shortest connection of two runs or artifacts: downstream from one to the other when there is one, else upstream,
 * else through things that both have to do with. At most `limit` nodes are looked at for each.
 */
export async function readConnection(
  sql: Sql,
  from: string,
  to: string,
  limit: number,
): Promise<Connection | undefined> {
  const ways: readonly (readonly [Direction, Expand])[] = [
    ['down', downSteps(sql, ignore)],
    ['up', upSteps(sql, ignore)],
    ['both', anySteps(sql, ignore)],
  ]
  for (const [direction, expand] of ways) {
    const steps = await shortestWay(from, to, expand, limit)
    if (steps === undefined) continue
    const nodes = await loadNodes(sql, [from, ...steps.map((step) => step.to)])
    return { from, to, direction, nodes, edges: steps.map((step) => step.edge ?? toReused(step, nodes)) }
  }
  return undefined
}

/** Breadth first; of several shortest ways the one whose uids come first. */
async function shortestWay(
  from: string,
  to: string,
  expand: Expand,
  limit: number,
): Promise<readonly Step[] | undefined> {
  const cameBy = new Map<string, Step | undefined>([[from, undefined]])
  let frontier = [from]
  while (frontier.length > 0 && !cameBy.has(to) && cameBy.size < limit) {
    const steps = [...(await expand(frontier))].sort((a, b) => order(a.from, b.from) || order(a.to, b.to))
    frontier = []
    for (const step of steps) {
      if (cameBy.has(step.to)) continue
      cameBy.set(step.to, step)
      frontier.push(step.to)
    }
  }
  if (!cameBy.has(to)) return undefined
  const way: Step[] = []
  for (let step = cameBy.get(to); step !== undefined; step = cameBy.get(step.from)) way.unshift(step)
  return way
}

/** Which of the two runs is the cached one, whatever the way led. */
function toReused(step: Step, nodes: readonly LineageNode[]): ReusedEdge {
  const isUp = nodes.some((node) => node.kind === 'run' && node.uid === step.from && node.reuses === step.to)
  return isUp ? { kind: 'reused', from: step.to, to: step.from } : { kind: 'reused', from: step.from, to: step.to }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function ignore(): void {
  // What a walk could not decide is no connection.
}
