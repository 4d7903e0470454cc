import { copyFile, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StemmaError, openSqliteFile, orFull } from '../../../core/adapter.ts'
import type { FileSource, SqliteFile } from '../../../core/adapter.ts'
import { StoredRow } from '../schema.ts'
import { parseRecord } from './parse-record.ts'
import type { StoreItem } from './record.ts'

/** A row's item and the working directory it belongs to: the absolute path of its `.snakemake` folder. */
export interface DatabaseItem {
  readonly namespace: string
  readonly item: StoreItem
}

const MAGIC = 'SQLite format 3\0'

/** The schema of so few tables ends on the first page, and no page is larger. */
const SCHEMA_BYTES = 65_536

/** Whether the file is an SQLite database whose schema names the table of records; other programs have databases too. */
export async function isDatabase(source: FileSource, path: string): Promise<boolean> {
  if ((await source.stat(path))?.type !== 'file') return false
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open(path, { start: 0, end: SCHEMA_BYTES })) chunks.push(chunk)
  const head = Buffer.concat(chunks).toString('latin1')
  return head.startsWith(MAGIC) && head.includes('snakemake_metadata')
}

/**
 * Whether pages that the header counts are not there: SQLite reads a cut file without a word as long as it does not
 * come to the missing part. (File format: page size at 16, change counter at 24, pages at 28, counter of the latter at 92.)
 */
export async function isCut(source: FileSource, path: string): Promise<boolean> {
  const stat = await source.stat(path)
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open(path, { start: 0, end: 100 })) chunks.push(chunk)
  const head = Buffer.concat(chunks)
  if (stat === undefined || head.length < 100 || !head.subarray(24, 28).equals(head.subarray(92, 96))) return false
  const pageBytes = head.readUInt16BE(16)
  return stat.sizeBytes < head.readUInt32BE(28) * (pageBytes === 1 ? 65_536 : pageBytes)
}

const LISTS = ['input', 'log', 'params', 'input_checksums']
const VALUES = ['record_format_version', 'incomplete', 'starttime', 'endtime']
const TEXTS = ['rule', 'shellcmd', 'code', 'conda_env', 'container_img_url', 'software_stack_hash', 'external_jobid']

/**
 * Everything travels as the JSON of a record file but job_hash, which exceeds a double in old records. A list that is no
 * JSON goes as its text, so that its row alone is refused; a column that is not there counts as null.
 */
function selectRecords(columns: ReadonlySet<string>): string {
  const orNull = (name: string): string => (columns.has(name) ? `snakemake_metadata."${name}"` : 'NULL')
  const asText = (name: string): string => `CAST(${orNull(name)} AS TEXT)`
  const asJson = (name: string): string =>
    `json(iif(json_valid(${asText(name)}), ${asText(name)}, coalesce(json_quote(${asText(name)}), 'null')))`
  const fields = [
    ...LISTS.map((name) => `'${name}', ${asJson(name)}`),
    ...TEXTS.map((name) => `'${name}', ${asText(name)}`),
    ...VALUES.map((name) => `'${name}', iif(typeof(${orNull(name)}) = 'blob', '', ${orNull(name)})`),
  ]
  return `SELECT coalesce(${asText('namespace')}, '') AS namespace, coalesce(${asText('target')}, '') AS target,
    ${asText('job_hash')} AS job_hash, json_object(${fields.join(', ')}) AS json
    FROM snakemake_metadata ORDER BY ${orNull('namespace')}, ${orNull('target')}`
}

/** The database store of Snakemake 9.17 and newer. One database can serve many working directories. */
export async function* readDatabaseStore(source: FileSource, path: string): AsyncIterable<DatabaseItem> {
  const place = await safePlace(source, path)
  try {
    const database = await openSqliteFile(place.path, { readOnly: !place.ours })
    try {
      const columns = columnsOf(database, 'snakemake_metadata')
      if (columns.size === 0) return
      for (const row of database.rows(selectRecords(columns))) yield toItem(row, path)
      if (columnsOf(database, 'snakemake_locks').size === 0) return
      yield* readLocks(database.rows('SELECT namespace, file_path FROM snakemake_locks'))
    } finally {
      database.close()
    }
  } catch (cause) {
    orFull(cause) // a copy, or sorting, needs space of ours
    const why = cause instanceof Error ? cause.message : 'unknown reason'
    throw new StemmaError('source.unreadable', `cannot read Snakemake's database: "${path}": ${why}`, { cause })
  } finally {
    if (place.folder !== undefined) await rm(place.folder, { recursive: true, force: true })
  }
}

/** None for a table that is not there. */
function columnsOf(database: SqliteFile, table: string): ReadonlySet<string> {
  return new Set(database.all('SELECT name FROM pragma_table_info(?)', [table]).map(({ name }) => String(name)))
}

function toItem(row: unknown, path: string): DatabaseItem {
  const { namespace, target, job_hash: jobHash, json } = StoredRow.parse(row)
  const found = { target, place: `${path}: ${target}` }
  if (target === '') {
    return { namespace, item: { kind: 'damaged', place: found.place, message: 'record without an output' } }
  }
  return { namespace, item: parseRecord(json, typeof jobHash === 'string' ? { ...found, jobHash } : found) }
}

function* readLocks(rows: Iterable<unknown>): Iterable<DatabaseItem> {
  for (const row of rows) {
    if (typeof row !== 'object' || row === null || !('namespace' in row) || !('file_path' in row)) continue
    yield { namespace: String(row.namespace), item: { kind: 'lock', path: String(row.file_path) } }
  }
}

interface Place {
  readonly path: string
  /** A folder of ours to remove afterwards. */
  readonly folder?: string
  readonly ours: boolean
}

/**
 * A path that SQLite can open without writing beside the user's file: reading a database in WAL mode makes files, and
 * a journal left by a killed process is rolled back. Such a database, and one in a bucket, is copied aside first.
 */
async function safePlace(source: FileSource, path: string): Promise<Place> {
  const local = source.localPath(path)
  if (local !== undefined && !(await needsRecovery(local))) return { path: local, ours: false }
  const folder = await mkdtemp(join(tmpdir(), 'stemma-snakemake-'))
  const copy = join(folder, 'metadata.db')
  for (const suffix of ['', '-wal', '-journal']) {
    if (local !== undefined) await copyFile(local + suffix, copy + suffix).catch(() => undefined)
    else await download(source, path + suffix, copy + suffix)
  }
  return { path: copy, folder, ours: true }
}

async function download(source: FileSource, path: string, to: string): Promise<void> {
  if ((await source.stat(path))?.type !== 'file') return
  await writeFile(to, source.open(path))
}

async function needsRecovery(local: string): Promise<boolean> {
  for (const suffix of ['-wal', '-journal']) {
    const found = await stat(local + suffix).catch(() => undefined)
    if (found !== undefined && found.size > 0) return true
  }
  const file = await open(local, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 18) // read and write version: 2 = WAL
    return buffer.includes(2)
  } finally {
    await file.close()
  }
}
