import { numberIn, textIn, type SqlRow } from '../../db/sql.ts'
import type { Writer } from '../../db/writer.ts'
import { list } from '../touched-places.ts'
import type { Holder, Origin } from './choose-source.ts'
import { IS_OURS, IS_STATED, SAME_FILE } from './own-edges.ts'
import { IS_CONTENT } from './touched-contents.ts'

/** What lies at more places than this is of the kind that everybody has: nobody can say who took it from whom. */
const MOST_HOLDERS = 100

/** Copies of copies are followed this far to the run behind them. */
const MOST_COPIES = 8

/** The `why` of what equal content leaves open; rows with it are ours, too. */
export const SEVERAL_SOURCES =
  'the same bytes lay at several places, and nothing that was written down tells which was copied'

/** Rows `c` of `consumed` that read the artifact `v.value`, whatever this step has made of them before. */
const IS_READ = `c.stated_uid = v.value AND (c.artifact_uid = v.value OR c.resolved_method = '${SAME_FILE}')`

const TO_PARENTS = `UNION SELECT u.uid, r.parent_uid FROM up u JOIN run r ON r.uid = u.run WHERE r.parent_uid IS NOT NULL`
const PIPELINE = `r.engine || ' ' || substr(r.transform_uid, 1, 12)`

type Ask = (text: string, values: readonly string[]) => Promise<SqlRow[]>

export interface Contents {
  /** All files with one content, content by content. */
  readonly groups: readonly (readonly Holder[])[]
  /** Digests of contents that lie at too many places. */
  readonly common: readonly string[]
}

/** All files with each of these contents; contents of which nothing is to be decided or taken back are left out. */
export async function loadContents(writer: Writer, values: readonly string[]): Promise<Contents> {
  const ask: Ask = (text, parameters) => writer.sql.all(text, [JSON.stringify(parameters)])
  const at = list(writer)
  const open = await ask(openContents(at), values)
  const isCommon = (row: SqlRow): boolean => Number(row.holders) > MOST_HOLDERS
  const few = open.filter((row) => !isCommon(row)).map((row) => textIn(row, 'value'))
  return { groups: await loadGroups(ask, at, few), common: open.filter(isCommon).map((row) => textIn(row, 'value')) }
}

/**
 * Contents of a file that a run read and nobody made, or of which something was concluded before; and at how many
 * places they lie, as far as that matters. Joins, because Postgres reads the whole table for `NOT EXISTS` within `OR`.
 */
function openContents(at: string): string {
  const held = `held(value, uid) AS (SELECT d.value, d.artifact_uid FROM ${at} JOIN digest d ON d.value = v.value WHERE ${IS_CONTENT})`
  const isUnmade = 'e.artifact_uid = e.stated_uid AND p.run_uid IS NULL AND c.to_uid IS NULL'
  return `WITH ${held}, open(value) AS (
      SELECT h.value FROM held h JOIN consumed e ON e.stated_uid = h.uid LEFT JOIN produced p ON p.artifact_uid = h.uid
        LEFT JOIN copied c ON c.to_uid = h.uid AND ${IS_STATED} WHERE e.resolved_method = '${SAME_FILE}' OR ${isUnmade}
      UNION SELECT h.value FROM held h JOIN copied c ON c.to_uid = h.uid WHERE ${IS_OURS}
      UNION SELECT h.value FROM held h JOIN ambiguous m ON m.subject_uid = h.uid WHERE m.why = '${SEVERAL_SOURCES}')
    SELECT o.value, (SELECT count(*) FROM (SELECT 1 FROM digest d WHERE d.value = o.value AND ${IS_CONTENT}
      LIMIT ${String(MOST_HOLDERS + 1)}) few) AS holders FROM open o`
}

async function loadGroups(ask: Ask, at: string, values: readonly string[]): Promise<Holder[][]> {
  if (values.length === 0) return []
  const rows = await ask(
    `SELECT DISTINCT d.value, a.uid, a.uri, a.name, a.size_bytes, a.modified_at,
       (SELECT count(*) FROM digest d WHERE d.artifact_uid = a.uid AND ${IS_CONTENT}) AS contents
     FROM ${at} JOIN digest d ON d.value = v.value
     JOIN artifact a ON a.uid = d.artifact_uid WHERE ${IS_CONTENT} ORDER BY d.value, a.uid`,
    values,
  )
  const uids = rows.map((row) => textIn(row, 'uid'))
  const [origins, sources, reads] = [
    await loadOrigins(ask, at, uids),
    await loadSources(ask, at, uids),
    await loadReads(ask, at, uids),
  ]
  const groups = new Map<string, Holder[]>()
  for (const row of rows) {
    const uid = textIn(row, 'uid')
    const holder: Holder = {
      uid,
      uri: textIn(row, 'uri'),
      name: textIn(row, 'name'),
      sizeBytes: numberIn(row, 'size_bytes'),
      contents: Number(row.contents),
      modifiedAt: numberIn(row, 'modified_at'),
      origins: origins.get(uid) ?? [],
      sources: sources.get(uid) ?? [],
      ...(reads.get(uid) ?? UNREAD),
    }
    append(groups, textIn(row, 'value'), holder)
  }
  return [...groups.values()]
}

async function loadOrigins(ask: Ask, at: string, uids: readonly string[]): Promise<Map<string, Origin[]>> {
  const rows = await ask(
    `WITH RECURSIVE back(uid, source, depth) AS (
       SELECT v.value, v.value, 0 FROM ${at}
       UNION SELECT b.uid, c.from_uid, b.depth + 1 FROM back b JOIN copied c ON c.to_uid = b.source
       WHERE b.depth < ${String(MOST_COPIES)} AND ${IS_STATED})
     SELECT b.uid, b.source, p.run_uid, r.started_at, r.ended_at
     FROM back b LEFT JOIN produced p ON p.artifact_uid = b.source LEFT JOIN run r ON r.uid = p.run_uid
     WHERE p.run_uid IS NOT NULL
       OR b.depth > 0 AND NOT EXISTS (SELECT 1 FROM copied c WHERE c.to_uid = b.source AND ${IS_STATED})`,
    uids,
  )
  const runs = [...new Set(rows.flatMap((row) => (typeof row.run_uid === 'string' ? [row.run_uid] : [])))]
  const pipelines = await loadPipelines(ask, at, runs)
  const origins = new Map<string, Origin[]>()
  for (const row of rows) {
    const [startedAt, endedAt] = [numberIn(row, 'started_at'), numberIn(row, 'ended_at')]
    const pipeline = typeof row.run_uid === 'string' ? pipelines.get(row.run_uid) : undefined
    append(origins, textIn(row, 'uid'), { artifact: textIn(row, 'source'), pipeline, startedAt, endedAt })
  }
  return origins
}

/** The code of the execution that each run belongs to, whatever its version. */
async function loadPipelines(ask: Ask, at: string, runs: readonly string[]): Promise<Map<string, string>> {
  const rows = await ask(
    `WITH RECURSIVE up(uid, run) AS (SELECT v.value, v.value FROM ${at} ${TO_PARENTS})
     SELECT DISTINCT u.uid, ${PIPELINE} AS pipeline FROM up u JOIN run r ON r.uid = u.run WHERE r.parent_uid IS NULL`,
    runs,
  )
  return new Map(rows.map((row) => [textIn(row, 'uid'), textIn(row, 'pipeline')]))
}

async function loadSources(ask: Ask, at: string, uids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await ask(
    `SELECT c.to_uid, c.from_uid FROM ${at} JOIN copied c ON c.to_uid = v.value WHERE ${IS_STATED}`,
    uids,
  )
  const sources = new Map<string, string[]>()
  for (const row of rows) append(sources, textIn(row, 'to_uid'), textIn(row, 'from_uid'))
  return sources
}

interface Reads {
  readonly firstReadAt: number | undefined
  readonly readers: ReadonlySet<string>
}

const UNREAD: Reads = { firstReadAt: undefined, readers: new Set() }

async function loadReads(ask: Ask, at: string, uids: readonly string[]): Promise<Map<string, Reads>> {
  const times = await ask(
    `SELECT v.value AS uid, min(coalesce(r.started_at, r.ended_at)) AS at FROM ${at}
     JOIN consumed c ON ${IS_READ} JOIN run r ON r.uid = c.run_uid GROUP BY v.value`,
    uids,
  )
  const readers = await ask(
    `WITH RECURSIVE up(uid, run) AS (
       SELECT v.value, c.run_uid FROM ${at} JOIN consumed c ON ${IS_READ} ${TO_PARENTS})
     SELECT DISTINCT u.uid, ${PIPELINE} AS pipeline FROM up u JOIN run r ON r.uid = u.run WHERE r.parent_uid IS NULL`,
    uids,
  )
  const pipelines = new Map<string, string[]>()
  for (const row of readers) append(pipelines, textIn(row, 'uid'), textIn(row, 'pipeline'))
  const reads = new Map<string, Reads>()
  for (const row of times) {
    const uid = textIn(row, 'uid')
    reads.set(uid, { firstReadAt: numberIn(row, 'at'), readers: new Set(pipelines.get(uid)) })
  }
  return reads
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
