import type { Sql } from '../db/sql.ts'
import { loadNodes } from './lineage.ts'
import { findStartPoints } from './start-points.ts'
import { anySteps, downSteps, upSteps } from './steps.ts'
import type { Connection, Direction, LineageNode, ReusedEdge } from './view.ts'
import type { Expand, Step } from './walk.ts'

/**
 * The shortest connection of two things: downstream from one to the other when there is one, else upstream, else
 * through things that both have to do with. A transform is any of its runs, an execution any run below it. At most
 * `limit` nodes are looked at for each direction.
 */
export async function readConnection(
  sql: Sql,
  from: string,
  to: string,
  limit: number,
): Promise<Connection | undefined> {
  const starts = await findStartPoints(sql, from, limit)
  const ends = new Set(await findStartPoints(sql, to, limit))
  const ways: readonly (readonly [Direction, Expand])[] = [
    ['down', downSteps(sql, ignore)],
    ['up', upSteps(sql, ignore)],
    ['both', anySteps(sql, ignore)],
  ]
  for (const [direction, expand] of ways) {
    const way = await shortestWay(starts, ends, expand, limit)
    if (way === undefined) continue
    const nodes = await loadNodes(sql, [way.start, ...way.steps.map((step) => step.to)])
    return { from, to, direction, nodes, edges: way.steps.map((step) => step.edge ?? toReused(step, nodes)) }
  }
  return undefined
}

interface Way {
  readonly start: string
  readonly steps: readonly Step[]
}

/** Breadth first; of several shortest ways the one whose uids come first. */
async function shortestWay(
  starts: readonly string[],
  ends: ReadonlySet<string>,
  expand: Expand,
  limit: number,
): Promise<Way | undefined> {
  const cameBy = new Map<string, Step | undefined>(starts.map((start) => [start, undefined]))
  let frontier = starts
  let end = starts.find((start) => ends.has(start))
  while (end === undefined && frontier.length > 0 && cameBy.size < limit) {
    const steps = [...(await expand(frontier))].sort((a, b) => order(a.from, b.from) || order(a.to, b.to))
    const reached: string[] = []
    for (const step of steps) {
      if (cameBy.has(step.to)) continue
      cameBy.set(step.to, step)
      reached.push(step.to)
    }
    end = reached.find((uid) => ends.has(uid))
    frontier = reached
  }
  return end === undefined ? undefined : wayTo(end, cameBy)
}

function wayTo(end: string, cameBy: ReadonlyMap<string, Step | undefined>): Way {
  const steps: Step[] = []
  for (let step = cameBy.get(end); step !== undefined; step = cameBy.get(step.from)) steps.unshift(step)
  return { start: steps[0]?.from ?? end, steps }
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
