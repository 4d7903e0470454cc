import { existsSync, rmSync } from 'node:fs'
import { toDatabaseError } from './failure.ts'
import { openSqliteFile } from './open-sqlite-file.ts'
import type { SqliteFile } from './sqlite-file.ts'
import { isStemmaError } from '../errors.ts'

/** Any row of ours hangs on one of these. */
const ROOTS = ['import', 'transform', 'run', 'artifact'] as const

/**
 * Takes away an SQLite file that was made for an import which then failed, unless it holds rows or another process
 * has it open. @returns whether it is gone
 */
export async function removeIfEmpty(path: string): Promise<boolean> {
  if (!existsSync(path)) return true
  const file = await openSqliteFile(path, { busyMs: 0 })
  try {
    // Set before the first look at a file in WAL mode, this is refused while any other connection is open.
    file.script('PRAGMA locking_mode = EXCLUSIVE')
    if (hasRows(file)) return false
    file.script('BEGIN EXCLUSIVE') // who opens it meanwhile finds it locked, and after that moved away
    for (const end of ['-wal', '-shm', '-journal', '']) rmSync(path + end, { force: true })
    return true
  } catch (error) {
    if (isStemmaError(toDatabaseError(error, path))) return false // busy, or too damaged to be judged
    throw error
  } finally {
    file.close()
  }
}

function hasRows(file: SqliteFile): boolean {
  const there = new Set(file.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map((row) => row.name))
  return ROOTS.some((table) => there.has(table) && file.all(`SELECT 1 FROM "${table}" LIMIT 1`).length > 0)
}
