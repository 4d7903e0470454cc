import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StemmaError } from '../errors.ts'
import type { Provider } from './sql.ts'

export interface Migration {
  readonly name: string
  readonly text: string
  /** As Prisma keeps it: sha256 over the file. */
  readonly checksum: string
}

/** A row of Prisma's own table. */
export interface AppliedMigration {
  readonly name: string
  readonly finished: boolean
  readonly rolledBack: boolean
}

/** From the sources `prisma/` is two folders up, from the built files three. */
function migrationsFolder(provider: Provider): string {
  const candidates = ['../..', '../../..'].map((up) => join(import.meta.dirname, up, 'prisma', provider, 'migrations'))
  const found = candidates.find((folder) => existsSync(folder))
  if (found === undefined) throw new Error(`the package lacks its migrations: ${candidates.join(', ')}`)
  return found
}

/** Names of all migrations that this program knows, in order. */
export async function listMigrations(provider: Provider): Promise<string[]> {
  const entries = await readdir(migrationsFolder(provider), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

export async function readMigration(provider: Provider, name: string): Promise<Migration> {
  const text = await readFile(join(migrationsFolder(provider), name, 'migration.sql'), 'utf8')
  return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
}

/**
 * What of `known` still has to be applied.
 * @throws StemmaError `database.newer` when the database has migrations that this program does not know,
 * `database.migration-failed` when one was begun by another tool and not ended
 */
export function pendingMigrations(
  known: readonly string[],
  applied: readonly AppliedMigration[],
  shown: string,
): string[] {
  const standing = applied.filter((migration) => !migration.rolledBack)
  const unknown = standing.find((migration) => !known.includes(migration.name))
  if (unknown !== undefined) {
    throw new StemmaError('database.newer', `the database is newer than this program: "${shown}": ${unknown.name}`, {
      detail: { url: shown, migration: unknown.name },
    })
  }
  const open = standing.find((migration) => !migration.finished)
  if (open !== undefined) {
    throw new StemmaError('database.migration-failed', `a migration was not finished: "${shown}": ${open.name}`, {
      detail: { url: shown, migration: open.name },
    })
  }
  return known.filter((name) => !standing.some((migration) => migration.name === name))
}

/** Prisma's table, as its schema engine makes it, so that `prisma migrate deploy` finds its own. */
export const migrationsTable: Record<Provider, string> = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`,
  postgres: `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`,
}

/** The statement and its parameters that note a migration as done. Prisma keeps times as milliseconds on SQLite. */
export function noteMigration(provider: Provider, migration: Migration): [string, (string | number)[]] {
  const now = provider === 'sqlite' ? Date.now() : new Date().toISOString()
  return [
    `INSERT INTO _prisma_migrations (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
     VALUES (?, ?, ?, ?, ?, 1)`,
    [randomUUID(), migration.checksum, now, now, migration.name],
  ]
}

/** The statement that lists what was applied, the same for both databases. */
export const appliedMigrations = `SELECT migration_name AS name,
  CASE WHEN finished_at IS NULL THEN 0 ELSE 1 END AS finished,
  CASE WHEN rolled_back_at IS NULL THEN 0 ELSE 1 END AS rolled_back
  FROM _prisma_migrations ORDER BY migration_name`

/** Reads a row of `appliedMigrations`. */
export function toApplied(row: Readonly<Record<string, unknown>>): AppliedMigration {
  return { name: String(row.name), finished: row.finished === 1, rolledBack: row.rolled_back === 1 }
}
