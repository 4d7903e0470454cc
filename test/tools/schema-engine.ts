// Prisma's schema engine in process (WebAssembly), to compare databases with the models. The version that goes with
// the installed Prisma is not published on its own; this one is of the same line and reads the same schemas.
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { listMigrations, readMigration } from '../../core/db/migration.ts'
import type { DatabaseAddress } from '../../core/db/url.ts'
import { parseDatabaseUrl } from '../../core/db/url.ts'

/** Node's types leave this to the browser's. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

let loaded: Promise<typeof bindings> | undefined

async function load(): Promise<typeof bindings> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...bindings } })
  const set: unknown = Reflect.get(bindings, '__wbg_set_wasm')
  const start: unknown = instance.exports.__wbindgen_start
  if (typeof set !== 'function' || typeof start !== 'function') throw new Error('another shape of the engine')
  Reflect.apply(set, undefined, [instance.exports])
  Reflect.apply(start, undefined, [])
  return bindings
}

/** The statements that would make the database at `url` what the models say; a comment when there are none. */
export async function diffToModels(url: string): Promise<string> {
  const { engine, files, address, folder } = await open(url)
  try {
    const found = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: folder },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: externals(address), externalEnums: [] },
    })
    return found.stdout ?? ''
  } finally {
    engine.free()
  }
}

/** What `prisma migrate deploy` finds and does: nothing to apply, nothing edited, nothing failed. */
export async function deploy(
  url: string,
): Promise<{ applied: string[]; edited: string[]; failed: string[]; history: unknown }> {
  const { engine, address, folder } = await open(url)
  const base = join(folder, 'migrations')
  const names = await listMigrations(address.provider)
  const migrationsList = {
    baseDir: base,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(base, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: (await readMigration(address.provider, name)).text },
        },
      })),
    ),
  }
  const filters = { externalTables: externals(address), externalEnums: [] }
  try {
    const found = await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: false })
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
    const { editedMigrationNames: edited, failedMigrationNames: failed, history } = found
    return { applied: appliedMigrationNames, edited, failed, history }
  } finally {
    engine.free()
  }
}

interface Opened {
  readonly engine: bindings.SchemaEngine
  readonly files: { path: string; content: string }[]
  readonly address: DatabaseAddress
  readonly folder: string
}

async function open(url: string): Promise<Opened> {
  const { SchemaEngine } = await (loaded ??= load())
  const address = parseDatabaseUrl(url)
  const folder = join(import.meta.dirname, '../../prisma', address.provider)
  const content = await readFile(join(folder, 'schema.prisma'), 'utf8')
  const factory =
    address.provider === 'sqlite'
      ? new PrismaBetterSqlite3({ url: `file:${address.path}` })
      : new PrismaPg(plainPool(address.connection, address.schema), { schema: address.schema })
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  )
  return { engine, files: [{ path: 'schema.prisma', content }], address, folder }
}

/** Postgres' one-byte "char", in which its catalogue keeps flags: the adapter has no name for it, text is the same. */
const [ONE_BYTE, TEXT] = [18, 25]

function plainPool(connectionString: string, schema: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, options: `-c search_path=${schema}` })
  const ask: unknown = Reflect.get(pool, 'query')
  if (typeof ask !== 'function') throw new TypeError('a pool without query')
  Reflect.set(pool, 'query', async (...given: unknown[]) => {
    const result = (await Reflect.apply(ask, pool, given)) as pg.QueryArrayResult
    for (const field of result.fields) if (field.dataTypeID === ONE_BYTE) field.dataTypeID = TEXT
    return result
  })
  return pool
}

/** The full-text tables, which the models do not know. */
function externals(address: DatabaseAddress): string[] {
  if (address.provider === 'postgres') return [`${address.schema}.search`]
  return ['search', ...['data', 'idx', 'content', 'docsize', 'config'].map((part) => `search_${part}`)]
}
