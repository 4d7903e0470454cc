import type { Database, OpenOptions } from './database.ts'
import { parseDatabaseUrl } from './url.ts'

/**
 * Opens a database, applying migrations that it lacks. Drivers are loaded here and not before.
 * @throws StemmaError `config.invalid`, or one of the `database.` family
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const address = parseDatabaseUrl(url)
  if (address.provider === 'sqlite') {
    const { openSqlite } = await import('./sqlite.ts')
    return openSqlite(address, options)
  }
  const { openPostgres } = await import('./postgres.ts')
  return openPostgres(address, options)
}
