import { toAmbiguousFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import type { AmbiguousFact } from '../fact/fact.ts'
import { isArtifactUid, loadArtifacts, loadRuns } from './load.ts'
import { isOneOf, list } from './statement.ts'
import { downSteps, upSteps } from './steps.ts'
import type { Lineage, LineageEdge, LineageNode, LineageOptions } from './view.ts'
import { type Walked, walk } from './walk.ts'

/** The graph above, below or around a run or an artifact. `roots` stand for `root`, which need not be a node itself. */
export async function readLineage(
  sql: Sql,
  root: string,
  roots: readonly string[],
  options: LineageOptions,
): Promise<Lineage> {
  const noted: AmbiguousFact[] = []
  const note = (ambiguous: AmbiguousFact): void => void noted.push(ambiguous)
  const parts: Walked[] = []
  if (options.direction !== 'down') parts.push(await walk(roots, upSteps(sql, note), options))
  if (options.direction !== 'up') parts.push(await walk(roots, downSteps(sql, note), options))
  const { uids, isCut } = nearest(parts, options.limit)
  const kept = new Set(uids)
  return {
    root,
    direction: options.direction,
    nodes: await loadNodes(sql, uids),
    edges: uniqueEdges(parts.flatMap((part) => part.edges)).filter((edge) =>
      endsOf(edge).every((uid) => kept.has(uid)),
    ),
    truncated: isCut || parts.some((part) => part.truncated),
    ambiguous: [...(await loadAmbiguous(sql, uids)), ...noted.filter(({ subject }) => kept.has(subject))],
  }
}

/** Nodes by uid, in the order given. */
export async function loadNodes(sql: Sql, uids: readonly string[]): Promise<LineageNode[]> {
  const artifacts = await loadArtifacts(sql, uids.filter(isArtifactUid))
  const runs = await loadRuns(
    sql,
    uids.filter((uid) => !isArtifactUid(uid)),
  )
  return uids.flatMap((uid) => artifacts.get(uid) ?? runs.get(uid) ?? [])
}

export async function loadAmbiguous(sql: Sql, uids: readonly string[]): Promise<AmbiguousFact[]> {
  const rows = await sql.all(
    `SELECT * FROM ambiguous WHERE ${isOneOf(sql, 'subject_uid')}
     ORDER BY subject_uid, relation, candidates`,
    [list(uids)],
  )
  return rows.map(toAmbiguousFact)
}

/** The two ends of an edge, as the bytes went. */
export function endsOf(edge: LineageEdge): readonly [from: string, to: string] {
  switch (edge.kind) {
    case 'consumed':
      return [edge.artifact, edge.run]
    case 'produced':
      return [edge.run, edge.artifact]
    default:
      return [edge.from, edge.to]
  }
}

/** Nodes of both walks by distance; each walk kept the limit alone. */
function nearest(parts: readonly Walked[], limit: number): { readonly uids: string[]; readonly isCut: boolean } {
  const distances = new Map<string, number>()
  for (const part of parts) {
    for (const [uid, distance] of part.distances) {
      distances.set(uid, Math.min(distance, distances.get(uid) ?? Infinity))
    }
  }
  const sorted = [...distances].sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1)).map(([uid]) => uid)
  return { uids: sorted.slice(0, limit), isCut: sorted.length > limit }
}

function uniqueEdges(edges: readonly LineageEdge[]): LineageEdge[] {
  const unique = new Map<string, LineageEdge>()
  for (const edge of edges) {
    const [from, to] = endsOf(edge)
    const detail = edge.kind === 'copied' || edge.kind === 'contained' ? edge.method : (edge.role ?? '')
    const key = `${edge.kind} ${from} ${to} ${detail}`
    if (!unique.has(key)) unique.set(key, edge)
  }
  return [...unique.values()]
}
