import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils'
import type {
  ColumnType, SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery, SqlResultSet,
} from '@prisma/driver-adapter-utils' // prettier-ignore
import { settle } from './sqlite-connection.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/**
 * Prisma's way to our SQLite connection, for reading. Prisma's own adapter is bound to version 12 of the driver, opens a
 * connection of its own and prepares each statement anew; and only the ingest writes, below Prisma.
 */
export function prismaSqlite(connection: SqliteConnection): SqlDriverAdapterFactory {
  const info = { provider: 'sqlite', adapterName: 'stemma-sqlite' } as const
  const adapter: SqlDriverAdapter = {
    ...info,
    queryRaw: (query) => settle(() => read(connection, query)),
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    dispose: () => Promise.resolve(), // the connection belongs to the database, which closes it
  }
  return { ...info, connect: () => Promise.resolve(adapter) }
}

function read(connection: SqliteConnection, query: SqlQuery): SqlResultSet {
  return connection.guard(() => {
    const statement = connection.prepare(query.sql).raw(true)
    const columns = statement.columns()
    const rows: unknown[] = statement.all(...query.args)
    return {
      columnNames: columns.map((column) => column.name),
      columnTypes: columns.map((column) => toColumnType(column.type)),
      rows: rows.filter((row) => Array.isArray(row)),
    }
  })
}

/** The models have texts and whole numbers below 2^53; what is computed (a count) has no declared type. */
function toColumnType(declared: string | null): ColumnType {
  switch (declared) {
    case 'TEXT':
      return ColumnTypeEnum.Text
    case 'INTEGER':
      return ColumnTypeEnum.Int32
    default:
      return ColumnTypeEnum.Int64
  }
}

function refuse(): Promise<never> {
  return Promise.reject(
    new DriverAdapterError({ kind: 'sqlite', extendedCode: 8, message: 'Prisma only reads: the ingest writes' }),
  )
}
