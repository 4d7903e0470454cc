import { numberIn, textIn, type SqlRow, type SqlValue } from '../db/sql.ts'
import type { Writer } from '../db/writer.ts'
import { Digest } from '../fact/digest.ts'
import type { MadeVersion } from './choose-version.ts'
import { IS_STATED } from './same-content/own-edges.ts'
import { list } from './touched-places.ts'

/** A row of `consumed` or `copied` at a place, and when its reader began. */
export interface ReaderRow {
  readonly table: 'consumed' | 'copied'
  /** All columns, as they are stored now. */
  readonly now: Record<string, SqlValue>
  readonly subject: string
  readonly stated: string
  readonly at: number | undefined
}

export interface Place {
  readonly stem: string
  readonly made: readonly MadeVersion[]
  readonly readers: readonly ReaderRow[]
  readonly digests: ReadonlyMap<string, readonly Digest[]>
}

/** Copies of copies are followed this far to the run behind them. */
const MOST_COPIES = 8
/** Runs within runs. */
const MOST_PARENTS = 20

/** Everything about some places that choosing a version depends on. */
export async function loadPlaces(writer: Writer, stems: readonly string[]): Promise<Place[]> {
  const ask = (text: string, values: readonly string[]): Promise<SqlRow[]> =>
    writer.sql.all(text, [JSON.stringify(values)])
  const at = list(writer)
  const found = await ask(
    `SELECT a.uid FROM ${at} JOIN artifact a ON a.uid >= v.value || '0000' AND a.uid <= v.value || 'zzzz'`,
    stems,
  )
  const uids = found.map((row) => textIn(row, 'uid'))
  const digests = await loadDigests(ask, at, uids)
  const made = await loadMade(ask, at, uids, digests)
  const readers = await loadReaders(ask, at, uids)
  return stems.map((stem) => ({
    stem,
    digests,
    made: made.filter((version) => version.uid.startsWith(stem)),
    readers: readers.filter((reader) => reader.stated.startsWith(stem)),
  }))
}

type Ask = (text: string, values: readonly string[]) => Promise<SqlRow[]>

async function loadDigests(ask: Ask, at: string, uids: readonly string[]): Promise<Map<string, Digest[]>> {
  const rows = await ask(`SELECT d.* FROM ${at} JOIN digest d ON d.artifact_uid = v.value`, uids)
  const digests = new Map<string, Digest[]>()
  for (const { artifact_uid, algorithm, value, scope, evidence } of rows) {
    const digest = Digest.parse({ algorithm, value, scope, evidence })
    digests.set(String(artifact_uid), [...(digests.get(String(artifact_uid)) ?? []), digest])
  }
  return digests
}

async function loadMade(
  ask: Ask,
  at: string,
  uids: readonly string[],
  digests: ReadonlyMap<string, Digest[]>,
): Promise<MadeVersion[]> {
  const origins = await loadOrigins(ask, at, uids)
  const parents = await loadParents(ask, at, [...new Set([...origins.values()].flatMap(({ makers }) => [...makers]))])
  return [...origins].map(([uid, { readyAt, makers }]) => ({
    uid,
    readyAt,
    makers: new Set([...makers, ...[...makers].flatMap((run) => parents.get(run) ?? [])]),
    digests: digests.get(uid) ?? [],
  }))
}

interface Origin {
  readyAt: number | undefined
  readonly makers: Set<string>
}

/** Who wrote each version and when, through copies; versions that nobody wrote are left out. */
async function loadOrigins(ask: Ask, at: string, uids: readonly string[]): Promise<Map<string, Origin>> {
  const rows = await ask(
    `WITH RECURSIVE back(uid, source, at, depth) AS (
       SELECT v.value, v.value, CAST(NULL AS BIGINT), 0 FROM ${at}
       UNION SELECT b.uid, c.stated_uid, coalesce(b.at, c.copied_at), b.depth + 1
       FROM back b JOIN copied c ON c.to_uid = b.source WHERE b.depth < ${MOST_COPIES} AND ${IS_STATED})
     SELECT b.uid, b.at, b.depth, p.run_uid, r.ended_at, r.started_at
     FROM back b LEFT JOIN produced p ON p.artifact_uid = b.source LEFT JOIN run r ON r.uid = p.run_uid
     WHERE b.depth > 0 OR p.run_uid IS NOT NULL`,
    uids,
  )
  const origins = new Map<string, Origin>()
  for (const row of rows) {
    const uid = textIn(row, 'uid')
    const origin = origins.get(uid) ?? { readyAt: undefined, makers: new Set<string>() }
    // A time on the copy is when it lay there; without one, it lay there when the run behind it was done.
    const ready = numberIn(row, 'at') ?? numberIn(row, 'ended_at') ?? numberIn(row, 'started_at')
    if (ready !== undefined) origin.readyAt = Math.max(origin.readyAt ?? ready, ready)
    if (typeof row.run_uid === 'string') origin.makers.add(row.run_uid)
    origins.set(uid, origin)
  }
  return origins
}

async function loadParents(ask: Ask, at: string, runs: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await ask(
    `WITH RECURSIVE up(run, parent, depth) AS (
       SELECT r.uid, r.parent_uid, 1 FROM ${at} JOIN run r ON r.uid = v.value WHERE r.parent_uid IS NOT NULL
       UNION SELECT u.run, r.parent_uid, u.depth + 1 FROM up u JOIN run r ON r.uid = u.parent
       WHERE r.parent_uid IS NOT NULL AND u.depth < ${MOST_PARENTS})
     SELECT run, parent FROM up`,
    runs,
  )
  const parents = new Map<string, string[]>()
  for (const row of rows) {
    const run = textIn(row, 'run')
    parents.set(run, [...(parents.get(run) ?? []), textIn(row, 'parent')])
  }
  return parents
}

async function loadReaders(ask: Ask, at: string, uids: readonly string[]): Promise<ReaderRow[]> {
  const consumed = await ask(
    `SELECT c.*, coalesce(r.started_at, r.ended_at) AS read_at
     FROM ${at} JOIN consumed c ON c.stated_uid = v.value JOIN run r ON r.uid = c.run_uid`,
    uids,
  )
  const copied = await ask(
    `SELECT c.*, c.copied_at AS read_at FROM ${at} JOIN copied c ON c.stated_uid = v.value WHERE ${IS_STATED}`,
    uids,
  )
  return [...consumed.map((row) => toReader('consumed', row)), ...copied.map((row) => toReader('copied', row))]
}

function toReader(table: ReaderRow['table'], row: SqlRow): ReaderRow {
  const subject = textIn(row, table === 'consumed' ? 'run_uid' : 'to_uid')
  return { table, now: { ...row }, subject, stated: textIn(row, 'stated_uid'), at: numberIn(row, 'read_at') }
}
