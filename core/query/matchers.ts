import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Sql } from '../db/sql.ts'
import { fileUri, toUri } from '../fact/uri.ts'
import { findByContent } from './by-content.ts'
import { HAS_EDGE } from './edgeless.ts'
import { findByLabel } from './labels.ts'
import { findVersions, stemOf } from './places.ts'
import { findFormerUris } from './roots.ts'
import { findAtShortenedPath, findInShortenedFolder } from './shortened-path.ts'
import { afterPrefix, endsWith } from './statement.ts'
import { hasTransformName, transformName } from './transform-name.ts'
import type { MatchedBy } from './view.ts'

/** What somebody typed, and where. */
interface Wanted {
  readonly text: string
  readonly workingFolder: string
  /** Most uids that a matcher returns. */
  readonly limit: number
}

/** One way to read what was typed. */
interface Matcher {
  readonly by: MatchedBy
  find(sql: Sql, wanted: Wanted): Promise<readonly string[]>
}

/** The runs of keys are found by their first characters: only those are indexed, a key may hold a path. */
const KEY_START = 128
const SHORTEST_PREFIX = 3
const SHORTEST_DIGEST = 7
const SHORTEST_CODE_DIGEST = 6
const SHORTEST_LABEL = 6

/** In the order of trust: what is exact before what is the start of something. The first that finds anything decides. */
export const matchers: readonly Matcher[] = [
  { by: 'uid', find: byUid },
  { by: 'uri', find: byUri },
  { by: 'path', find: byPath },
  { by: 'content', find: byContent },
  { by: 'key', find: byKey },
  { by: 'name', find: byName },
  { by: 'digest', find: byDigest },
  { by: 'key', find: byAge },
  { by: 'uid-prefix', find: byUidPrefix },
  { by: 'key-prefix', find: byKeyPrefix },
  { by: 'digest-prefix', find: byDigestPrefix },
  { by: 'digest-prefix', find: byCodeDigest },
  { by: 'label-prefix', find: byLabel },
  { by: 'path-tail', find: byPathTail },
  { by: 'folder', find: byFolder },
  { by: 'folder', find: byShortenedFolder },
  { by: 'path-tail', find: byShortenedPath },
  { by: 'name', find: byPartOfName },
  { by: 'name', find: byRunName },
]

async function byUid(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  if (!/^([0-9A-Za-z]{16}|[0-9A-Za-z]{20})$/.test(text)) return []
  return await uids(
    sql,
    `SELECT uid FROM artifact WHERE uid = ? UNION ALL SELECT uid FROM run WHERE uid = ?
     UNION ALL SELECT uid FROM transform WHERE uid = ? LIMIT ?`,
    [text, text, text, limit],
  )
}

async function byUri(sql: Sql, { text }: Wanted): Promise<readonly string[]> {
  const uri = /^[a-z][a-z0-9+.-]+:/i.test(text) ? toUri(text) : undefined
  return uri === undefined ? [] : await atUris(sql, [text, ...(await findFormerUris(sql, uri))])
}

/**
 * The path as it is now, seen from the working folder, and as it was before folders moved: as typed, then with links in
 * its folders followed, then as what it is a link to. The first that is known counts: a published link and the file
 * that it leads to are two places.
 */
async function byPath(sql: Sql, { text, workingFolder }: Wanted): Promise<readonly string[]> {
  if (text === '') return []
  const typed = resolve(workingFolder, text)
  const inRealFolder = await realpath(dirname(typed)).then(
    (folder) => join(folder, basename(typed)),
    () => typed, // nothing there today: the path may be one of then
  )
  const real = await realpath(typed).catch(() => typed)
  for (const path of new Set([typed, inRealFolder, real])) {
    const found = await atUris(sql, await findFormerUris(sql, fileUri(path)))
    if (found.length > 0) return found
  }
  return []
}

async function byContent(sql: Sql, { text, workingFolder }: Wanted): Promise<readonly string[]> {
  return text === '' ? [] : await findByContent(sql, resolve(workingFolder, text))
}

async function byKey(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  const start = cutKey(text)
  return await uids(
    sql,
    `SELECT uid FROM run WHERE substr("key", 1, ${String(KEY_START)}) = ? AND "key" = ? ORDER BY uid LIMIT ?`,
    [start, text, limit],
  )
}

async function byName(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  return await uids(
    sql,
    `SELECT uid FROM transform WHERE name = ?
     UNION ALL SELECT uid FROM artifact a WHERE name = ? AND (${HAS_EDGE}) LIMIT ?`,
    [text, text, limit],
  )
}

async function byDigest(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  const { algorithm, value } = splitDigest(text)
  return await uids(
    sql,
    `SELECT DISTINCT artifact_uid AS uid FROM digest WHERE value = ? AND (? = '' OR algorithm = ?) ORDER BY 1 LIMIT ?`,
    [value, algorithm, algorithm, limit],
  )
}

async function byUidPrefix(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  if (!/^[0-9A-Za-z]+$/.test(text) || text.length < SHORTEST_PREFIX || text.length >= 20) return []
  const range = [text, afterPrefix(text)]
  return await uids(
    sql,
    `SELECT uid FROM artifact a WHERE uid >= ? AND uid < ? AND (${HAS_EDGE})
     UNION ALL SELECT uid FROM run WHERE uid >= ? AND uid < ?
     UNION ALL SELECT uid FROM transform WHERE uid >= ? AND uid < ? ORDER BY 1 LIMIT ?`,
    [...range, ...range, ...range, limit],
  )
}

async function byKeyPrefix(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  if (text.length < SHORTEST_PREFIX) return []
  const start = cutKey(text)
  return await uids(
    sql,
    `SELECT uid FROM run WHERE substr("key", 1, ${String(KEY_START)}) >= ? AND substr("key", 1, ${String(KEY_START)}) < ?
       AND "key" >= ? AND "key" < ? ORDER BY uid LIMIT ?`,
    [start, afterPrefix(start), text, afterPrefix(text), limit],
  )
}

async function byDigestPrefix(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  const { algorithm, value } = splitDigest(text)
  if (value.length < SHORTEST_DIGEST || !/^[0-9A-Za-z+/=_-]+$/.test(value)) return []
  return await uids(
    sql,
    `SELECT DISTINCT artifact_uid AS uid FROM digest WHERE value >= ? AND value < ? AND (? = '' OR algorithm = ?)
     ORDER BY 1 LIMIT ?`,
    [value, afterPrefix(value), algorithm, algorithm, limit],
  )
}

/** The digest of code, whole or its start; there are few transforms. */
async function byCodeDigest(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  const { value } = splitDigest(text)
  if (value.length < SHORTEST_CODE_DIGEST || !/^[0-9A-Za-z+/=_-]+$/.test(value)) return []
  const digest =
    sql.provider === 'sqlite' ? `json_extract(source_digest, '$.value')` : `(source_digest::json ->> 'value')`
  return await uids(
    sql,
    `SELECT uid FROM transform WHERE source_digest IS NOT NULL AND substr(${digest}, 1, ?) = ? ORDER BY uid LIMIT ?`,
    [value.length, value, limit],
  )
}

/** `-`: the execution that started last; `~1`: the one before it, and so on. */
async function byAge(sql: Sql, { text }: Wanted): Promise<readonly string[]> {
  const back = text === '-' ? 0 : /^~\d{1,4}$/.test(text) ? Number(text.slice(1)) : undefined
  if (back === undefined) return []
  return await uids(
    sql,
    `SELECT uid FROM run WHERE parent_uid IS NULL AND started_at IS NOT NULL ORDER BY started_at DESC, uid LIMIT 1 OFFSET ?`,
    [back],
  )
}

/** An id or hash that the engine keeps with a run: of a call, of its result, of a batch job. */
async function byLabel(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  if (text.length < SHORTEST_LABEL || !/^[0-9A-Za-z][0-9A-Za-z_:.-]*$/.test(text)) return []
  return await findByLabel(sql, text, limit)
}

/** The end of a path: `multiqc/report.html`. */
async function byPathTail(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  const tail = text.replace(/^(\.?\/)+|\/+$/g, '')
  const name = tail.slice(tail.lastIndexOf('/') + 1)
  if (!tail.includes('/') || name === '') return []
  const end = fileUri(`/${tail}`).slice('file://'.length)
  return await uids(
    sql,
    `SELECT uid FROM artifact a WHERE name = ? AND ${endsWith(sql, 'uri')} AND (${HAS_EDGE}) ORDER BY uid LIMIT ?`,
    [name, end, end, limit],
  )
}

/** A task's work folder stands for the task. */
async function byFolder(sql: Sql, { text, workingFolder, limit }: Wanted): Promise<readonly string[]> {
  const uri = /^[a-z][a-z0-9+.-]+:/i.test(text) ? toUri(text) : fileUri(resolve(workingFolder, text))
  if (uri === undefined || !text.includes('/')) return []
  for (const folder of await findFormerUris(sql, uri)) {
    const found = await uids(sql, 'SELECT uid FROM run WHERE work_dir = ? LIMIT ?', [folder, limit])
    if (found.length > 0) return found
  }
  return []
}

/** What a list or a tree showed. */
async function byShortenedPath(sql: Sql, { text, workingFolder, limit }: Wanted): Promise<readonly string[]> {
  return await findAtShortenedPath(sql, text, workingFolder, limit)
}

async function byShortenedFolder(sql: Sql, { text, workingFolder, limit }: Wanted): Promise<readonly string[]> {
  return await findInShortenedFolder(sql, text, workingFolder, limit)
}

/** The last part of a transform's name. */
async function byPartOfName(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  if (text === '') return []
  const query = `SELECT uid FROM transform t WHERE ${hasTransformName(sql)} ORDER BY uid LIMIT ?`
  return await uids(sql, query, [...transformName(text), limit])
}

/** Not indexed, so asked last; in the order of the table, which is read once. */
async function byRunName(sql: Sql, { text, limit }: Wanted): Promise<readonly string[]> {
  return await uids(sql, 'SELECT uid FROM run WHERE name = ? LIMIT ?', [text, limit])
}

async function atUris(sql: Sql, uris: readonly string[]): Promise<string[]> {
  return (await findVersions(sql, uris.map(stemOf))).map((artifact) => artifact.uid)
}

async function uids(sql: Sql, text: string, params: readonly (string | number)[]): Promise<string[]> {
  return (await sql.all(text, params)).map((row) => String(row.uid))
}

/** By characters, as SQL counts them. */
function cutKey(text: string): string {
  return Array.from(text).slice(0, KEY_START).join('')
}

/** `sha256:abc…` or `abc…`. */
function splitDigest(text: string): { readonly algorithm: string; readonly value: string } {
  const parts = /^([A-Za-z][A-Za-z0-9-]*):(.+)$/s.exec(text)
  return { algorithm: parts?.[1]?.toLowerCase() ?? '', value: parts?.[2] ?? text }
}
