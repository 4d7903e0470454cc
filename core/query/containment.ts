import type { Sql } from '../db/sql.ts'
import { AmbiguousFact } from '../fact/fact.ts'
import { type Candidate, chooseVersion } from './choose-version.ts'
import { enclosing, stemOf } from './places.ts'
import { HAS_URI_PREFIX, isOneOf, list, tableOf, uriPrefix } from './statement.ts'
import type { ContainedEdge } from './view.ts'
import type { Step } from './walk.ts'

/** An artifact as containment sees it. */
interface Place {
  readonly uid: string
  readonly uri: string
  readonly type: string
}

/** What a place without a maker lies in, or holds. */
interface Sources {
  readonly from: readonly string[]
  readonly ambiguous: readonly AmbiguousFact[]
}

const IS_MADE = `(EXISTS (SELECT 1 FROM produced p WHERE p.artifact_uid = a.uid)
  OR EXISTS (SELECT 1 FROM copied c WHERE c.to_uid = a.uid))`

/**
 * Steps between a folder and a file in it, where an engine named one of the two and not the other: a run made the
 * folder and another read a file of it, or read a folder whose files were made. Only for artifacts that nothing else
 * made (`made` says which are, upwards), so no edge that an engine wrote down is ever doubled.
 */
export async function containmentSteps(
  sql: Sql,
  direction: 'up' | 'down',
  uids: readonly string[],
  made: ReadonlySet<string>,
  note: (ambiguous: AmbiguousFact) => void,
): Promise<Step[]> {
  if (direction === 'up') {
    const places = await loadPlaces(
      sql,
      uids.filter((uid) => !made.has(uid)),
    )
    const sources = await findSources(sql, places)
    for (const { ambiguous } of sources.values()) ambiguous.forEach(note)
    return [...sources].flatMap(([to, { from }]) =>
      from.map((uid) => ({ from: to, to: uid, edge: contained(uid, to) })),
    )
  }
  const asked = new Set(uids)
  const sources = await findSources(sql, await findUnmadeNear(sql, uids))
  return [...sources].flatMap(([to, { from }]) =>
    from.filter((uid) => asked.has(uid)).map((uid) => ({ from: uid, to, edge: contained(uid, to) })),
  )
}

function contained(from: string, to: string): ContainedEdge {
  return { kind: 'contained', from, to, evidence: 'inferred', method: 'same-folder' }
}

async function loadPlaces(sql: Sql, uids: readonly string[]): Promise<Place[]> {
  if (uids.length === 0) return []
  const rows = await sql.all(`SELECT uid, uri, type FROM artifact WHERE ${isOneOf(sql, 'uid')} AND type <> 'value'`, [
    list(uids),
  ])
  return rows.map(toPlace)
}

/** Places that no run made and that may be part of one of these, or hold it. */
async function findUnmadeNear(sql: Sql, uids: readonly string[]): Promise<Place[]> {
  const rows = await sql.all(
    `SELECT a.uid, a.uri, a.type FROM artifact a WHERE ${isOneOf(sql, 'a.uid')} AND a.type <> 'value' AND ${IS_MADE}`,
    [list(uids)],
  )
  const places = rows.map(toPlace)
  const near = new Map<string, Place>()
  for (const place of await foldersAt(sql, new Set(places.flatMap((made) => enclosing(made.uri))), `NOT ${IS_MADE}`)) {
    near.set(place.uid, place)
  }
  for (const folder of places.filter((place) => place.type === 'folder')) {
    for (const place of await within(sql, folder.uri, `NOT ${IS_MADE}`)) near.set(place.uid, place)
  }
  return [...near.values()]
}

async function findSources(sql: Sql, places: readonly Place[]): Promise<Map<string, Sources>> {
  const above = groupByUri(await foldersAt(sql, new Set(places.flatMap((place) => enclosing(place.uri))), IS_MADE))
  const groups = new Map<Place, Place[][]>()
  for (const place of places) {
    const nearest = enclosing(place.uri).find((uri) => above.has(uri))
    const around = nearest === undefined ? [] : [above.get(nearest) ?? []]
    const inside = place.type === 'folder' ? groupByUri(await within(sql, place.uri, IS_MADE)).values() : []
    const all = [...around, ...inside]
    if (all.length > 0) groups.set(place, all)
  }
  const made = await makingTimes(sql, [...groups.values()].flat(2))
  const read = await firstReadTimes(sql, [...groups.keys()])
  return new Map([...groups].map(([place, around]) => [place.uid, decide(place, around, made, read.get(place.uid))]))
}

/** One version of each place, by what is known of the time. */
function decide(
  place: Place,
  groups: readonly (readonly Place[])[],
  made: ReadonlyMap<string, Omit<Candidate, 'uid'>>,
  readMs: number | undefined,
): Sources {
  const from: string[] = []
  const ambiguous: AmbiguousFact[] = []
  for (const group of groups) {
    const choice = chooseVersion(
      place.uid,
      readMs,
      group.map((version) => ({ uid: version.uid, ...made.get(version.uid) })),
    )
    if (choice.length === 1) from.push(...choice)
    if (choice.length > 1) ambiguous.push(undecided(place, choice))
  }
  return { from: from.sort(), ambiguous }
}

function undecided(place: Place, candidates: readonly string[]): AmbiguousFact {
  return AmbiguousFact.parse({
    kind: 'ambiguous',
    subject: place.uid,
    relation: 'copied',
    candidates: [...candidates].sort().slice(0, 1000),
    why: 'several versions of the folder or file that it shares a path with, and no time to tell them apart',
  })
}

async function makingTimes(sql: Sql, made: readonly Place[]): Promise<Map<string, Omit<Candidate, 'uid'>>> {
  if (made.length === 0) return new Map()
  const rows = await sql.all(
    `SELECT p.artifact_uid AS uid, MIN(r.started_at) AS started_at, MAX(r.ended_at) AS ended_at
     FROM produced p JOIN run r ON r.uid = p.run_uid WHERE ${isOneOf(sql, 'p.artifact_uid')} GROUP BY p.artifact_uid`,
    [list(made.map((place) => place.uid))],
  )
  return new Map(
    rows.map((row) => [
      String(row.uid),
      {
        ...(row.started_at === null ? {} : { startedMs: Number(row.started_at) }),
        ...(row.ended_at === null ? {} : { endedMs: Number(row.ended_at) }),
      },
    ]),
  )
}

async function firstReadTimes(sql: Sql, places: readonly Place[]): Promise<Map<string, number>> {
  if (places.length === 0) return new Map()
  const rows = await sql.all(
    `SELECT c.artifact_uid AS uid, MIN(r.started_at) AS at FROM consumed c JOIN run r ON r.uid = c.run_uid
     WHERE ${isOneOf(sql, 'c.artifact_uid')} AND r.started_at IS NOT NULL GROUP BY c.artifact_uid`,
    [list(places.map((place) => place.uid))],
  )
  return new Map(rows.map((row) => [String(row.uid), Number(row.at)]))
}

async function foldersAt(sql: Sql, uris: ReadonlySet<string>, condition: string): Promise<Place[]> {
  if (uris.size === 0) return []
  const rows = await sql.all(
    `SELECT a.uid, a.uri, a.type FROM ${tableOf(sql, 'stem')} CROSS JOIN artifact a
     WHERE a.uid >= stem.value || '0000' AND a.uid <= stem.value || 'zzzz' AND a.type = 'folder' AND ${condition}
     ORDER BY a.uid`,
    [list([...uris].map(stemOf))],
  )
  return rows.map(toPlace)
}

async function within(sql: Sql, folderUri: string, condition: string): Promise<Place[]> {
  const prefix = folderUri.endsWith('/') ? folderUri : `${folderUri}/`
  const rows = await sql.all(
    `SELECT a.uid, a.uri, a.type FROM artifact a WHERE ${HAS_URI_PREFIX} AND ${condition} ORDER BY a.uid`,
    uriPrefix(prefix),
  )
  return rows.map(toPlace)
}

function groupByUri(places: readonly Place[]): Map<string, Place[]> {
  const groups = new Map<string, Place[]>()
  for (const place of places) groups.set(place.uri, [...(groups.get(place.uri) ?? []), place])
  return groups
}

function toPlace(row: Readonly<Record<string, unknown>>): Place {
  return { uid: String(row.uid), uri: String(row.uri), type: String(row.type) }
}
