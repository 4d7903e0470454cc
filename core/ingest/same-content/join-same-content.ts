import { ambiguousRow } from '../../db/row.ts'
import type { SqlRow } from '../../db/sql.ts'
import { tables } from '../../db/table.ts'
import type { Row, Writer } from '../../db/writer.ts'
import { AmbiguousFact } from '../../fact/fact.ts'
import { closesCycle } from '../closes-cycle.ts'
import { list } from '../touched-places.ts'
import { chooseSource, type Holder, type IsMoved, type Source } from './choose-source.ts'
import { loadContents, SEVERAL_SOURCES } from './load-holders.ts'
import { IS_OURS, SAME_CONTENT, SAME_FILE } from './own-edges.ts'
import type { TouchedContents } from './touched-contents.ts'

export interface Joined {
  /** Files that now lead to the file that they are a copy of. */
  joined: number
  /** Files of which nobody can say what they are a copy of. */
  ambiguous: number
}

const CONTENTS_AT_ONCE = 300

/**
 * Joins pipelines that hand each other copies: a file that one of them read, and that nobody made, to the output of
 * another with the same bytes. Every content that the import touched is decided anew from all that is known, so the
 * order of imports never shows.
 */
export async function joinSameContent(writer: Writer, touched: TouchedContents): Promise<Joined> {
  const joined: Joined = { joined: 0, ambiguous: 0 }
  let isMoved: IsMoved | undefined
  for await (const values of touched.values(writer, CONTENTS_AT_ONCE)) {
    const { groups, common } = await loadContents(writer, values)
    await takeBack(writer, common)
    isMoved ??= await loadMoved(writer)
    const decisions = decide(groups, isMoved)
    const edges: Row[] = []
    for (const { target, source } of decisions) {
      if (source.kind === 'one' && !(await isCircular(writer, target, source))) edges.push(toEdge(target, source.uid))
    }
    const open = decisions.flatMap(toAmbiguous)
    const uids = decisions.map(({ target }) => target.uid)
    await storeEdges(writer, uids, edges)
    joined.joined += await leadReaders(writer, decisions)
    await storeAmbiguous(writer, uids, open)
    joined.joined += edges.length
    joined.ambiguous += open.length
  }
  return joined
}

interface Decision {
  readonly target: Holder
  readonly source: Source
}

function decide(groups: readonly (readonly Holder[])[], isMoved: IsMoved): Decision[] {
  return groups.flatMap((holders) =>
    holders.map((target) => ({ target, source: chooseSource(target, holders, isMoved) })),
  )
}

/** Reads where folders lay and where they lie: some leftovers name a file by the one, some by the other. */
async function loadMoved(writer: Writer): Promise<IsMoved> {
  const roots = (await writer.sql.all('SELECT DISTINCT was, now FROM root')).map(
    ({ was, now }) => [String(was), String(now)] as const,
  )
  const leads = (from: string, to: string, uri: string, other: string): boolean =>
    uri.startsWith(`${from}/`) && other === to + uri.slice(from.length)
  return (a, b) => roots.some(([was, now]) => leads(was, now, a, b) || leads(now, was, a, b))
}

function isCircular(writer: Writer, target: Holder, source: Source & { readonly kind: 'one' }): Promise<boolean> {
  return source.untimed ? closesCycle(writer, target.uid, source.uid) : Promise.resolve(false)
}

function toEdge(target: Holder, source: string): Row {
  return [source, target.uid, 'same-content', source, 'inferred', null, SAME_CONTENT]
}

function toAmbiguous({ target, source }: Decision): Row[] {
  if (source.kind !== 'several') return []
  const { candidates } = source
  const stated = { kind: 'ambiguous', subject: target.uid, relation: 'copied', candidates, why: SEVERAL_SOURCES }
  return [ambiguousRow(AmbiguousFact.parse(stated))]
}

/** Nothing is concluded any more from contents that everybody has. */
async function takeBack(writer: Writer, common: readonly string[]): Promise<void> {
  if (common.length === 0) return
  const holders = `SELECT d.artifact_uid FROM ${list(writer)} JOIN digest d ON d.value = v.value`
  const values = [JSON.stringify(common)]
  await writer.run(`DELETE FROM copied AS c WHERE ${IS_OURS} AND c.to_uid IN (${holders})`, values)
  await writer.run(`DELETE FROM ambiguous WHERE why = '${SEVERAL_SOURCES}' AND subject_uid IN (${holders})`, values)
  await leadBack(writer, holders, common)
}

async function storeEdges(writer: Writer, targets: readonly string[], edges: readonly Row[]): Promise<void> {
  const found = await writer.sql.all(
    `SELECT c.stated_uid, c.to_uid FROM ${list(writer)} JOIN copied c ON c.to_uid = v.value WHERE ${IS_OURS}`,
    [JSON.stringify(targets)],
  )
  const kept = new Set(edges.map(([from, to]) => `${String(from)} ${String(to)}`))
  const isKept = (row: SqlRow): boolean => kept.has(`${String(row.stated_uid)} ${String(row.to_uid)}`)
  const wrong = found.filter((row) => !isKept(row)).map((row) => String(row.to_uid))
  if (wrong.length > 0) {
    const ours = `to_uid IN (SELECT value FROM ${list(writer)}) AND ${IS_OURS}`
    await writer.run(`DELETE FROM copied AS c WHERE ${ours}`, [JSON.stringify(wrong)])
  }
  if (edges.length > 0) await writer.insert(tables.copied, edges)
}

/**
 * Leads the readers of files that are the same as others there, and back those that are not any more.
 * @returns how many files are the same as others
 */
async function leadReaders(writer: Writer, decisions: readonly Decision[]): Promise<number> {
  const others = decisions.filter(({ source }) => source.kind !== 'itself').map(({ target }) => target.uid)
  await leadBack(writer, `SELECT value FROM ${list(writer)}`, others)
  let led = 0
  for (const { target, source } of decisions) {
    if (source.kind !== 'itself') continue
    led++
    await writer.run(
      `UPDATE consumed SET artifact_uid = ?, resolved_method = '${SAME_FILE}' WHERE stated_uid = ?
       AND (artifact_uid = stated_uid OR resolved_method = '${SAME_FILE}')`,
      [source.uid, target.uid],
    )
  }
  return led
}

async function leadBack(writer: Writer, artifacts: string, values: readonly string[]): Promise<void> {
  await writer.run(
    `UPDATE consumed SET artifact_uid = stated_uid, resolved_method = NULL
     WHERE resolved_method = '${SAME_FILE}' AND stated_uid IN (${artifacts})`,
    [JSON.stringify(values)],
  )
}

async function storeAmbiguous(writer: Writer, targets: readonly string[], open: readonly Row[]): Promise<void> {
  await writer.run(
    `DELETE FROM ambiguous WHERE why = '${SEVERAL_SOURCES}' AND subject_uid IN (SELECT value FROM ${list(writer)})`,
    [JSON.stringify(targets)],
  )
  if (open.length > 0) await writer.insert(tables.ambiguous, open)
}
