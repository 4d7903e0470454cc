import type { Detection, Source } from '../../core/adapter.ts'
import { findDatabases } from './find/find-databases.ts'
import { isPostgresAddress } from './find/postgres-address.ts'
import { openSqlite } from './tables/sqlite.ts'

/** Recognises a folder with a redun database, the database or an export itself, or the address of one. */
export async function detectRedun(source: Source): Promise<Detection | undefined> {
  if (source.kind === 'address') {
    if (!isPostgresAddress(source.address)) return undefined
    return { engine: 'redun', confidence: 0.5, because: 'a Postgres address' }
  }
  for (const found of await findDatabases(source)) {
    const name = found.path === '' ? source.uri : found.path
    if (found.form === 'export') return { engine: 'redun', confidence: 1, because: `${name}: lines of redun export` }
    const local = found.source.localPath(found.path)
    if (local !== undefined && (await hasRedunTables(local))) return { engine: 'redun', confidence: 1, because: name }
  }
  return undefined
}

async function hasRedunTables(path: string): Promise<boolean> {
  const tables = await openSqlite(path)
  try {
    const found = tables.all(`select name from sqlite_master where type = 'table' and name in ('redun_version', 'job')`)
    return found.length === 2
  } finally {
    tables.close()
  }
}
