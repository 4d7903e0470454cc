import type { SqliteFile, SqliteFileOptions } from './sqlite-file.ts'

/** Opens an SQLite file that must be there; `''` is a private database without a name. Loads the driver on first use. */
export async function openSqliteFile(path: string, options: SqliteFileOptions = {}): Promise<SqliteFile> {
  const { SqliteDriver } = await import('./sqlite-driver.ts')
  return new SqliteDriver(path, { ...options, mustExist: path !== '' })
}
