import BetterSqlite3 from 'better-sqlite3'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { StemmaError } from '../errors.ts'
import type { SqliteFile, SqliteFileOptions } from './sqlite-file.ts'
import type { SqlRow } from './sql.ts'

type Statement = BetterSqlite3.Statement<unknown[], SqlRow>

/** The driver that npm chose for this Node: 13 from Node 22 on, 12 for Node 20. */
const version = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('better-sqlite3/package.json')).version
const major = Number.parseInt(version, 10)

/**
 * Driver 12 built with the headers of Node 24.19 or newer aborts the process when V8 frees one of its objects while no
 * context is entered (https://github.com/nodejs/node/issues/65446). There every object is kept until the process ends:
 * a few hundred, because statements are used again. Closing a database frees what they hold all the same.
 */
const kept: object[] | undefined = major < 13 && Number.parseInt(process.versions.node, 10) >= 24 ? [] : undefined

/** An open SQLite file with its statements; the only place that makes the driver's objects. */
export class SqliteDriver implements SqliteFile {
  readonly #database: BetterSqlite3.Database
  readonly #statements = new Map<string, Statement>()
  /** Statements for `rows` that are not being stepped through. */
  readonly #idle = new Map<string, Statement[]>()

  constructor(path: string, { readOnly = false, mustExist = false, busyMs = 5_000 }: DriverOptions) {
    refuseMismatch()
    this.#database = keep(new BetterSqlite3(path, { readonly: readOnly, fileMustExist: mustExist, timeout: busyMs }))
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** One statement a text, ready to be run again; not for stepping through. */
  prepare(text: string): Statement {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const made = this.#make(text)
    this.#statements.set(text, made)
    return made
  }

  run(text: string, params: readonly unknown[] = []): number {
    return this.prepare(text).run(...params).changes
  }

  all(text: string, params: readonly unknown[] = []): SqlRow[] {
    return this.prepare(text).all(...params)
  }

  *rows(text: string, params: readonly unknown[] = []): Generator<SqlRow> {
    const idle = this.#idle.get(text) ?? []
    this.#idle.set(text, idle)
    const statement = idle.pop() ?? this.#make(text)
    try {
      yield* keep(statement.iterate(...params))
    } finally {
      idle.push(statement)
    }
  }

  script(text: string): void {
    this.#database.exec(text)
  }

  close(): void {
    this.#statements.clear()
    this.#idle.clear()
    this.#database.close()
  }

  #make(text: string): Statement {
    return keep(this.#database.prepare<unknown[], SqlRow>(text))
  }
}

interface DriverOptions extends SqliteFileOptions {
  readonly mustExist?: boolean
}

function keep<T extends object>(made: T): T {
  kept?.push(made)
  return made
}

/** Driver 13 needs Node-API 10 and ends the process with a fault of memory where it is not there (Node 20). */
function refuseMismatch(): void {
  if (major < 13 || Number(process.versions.napi) >= 10) return
  throw new StemmaError(
    'dependency.mismatch',
    `better-sqlite3 ${version} does not run on Node ${process.versions.node}: it needs 22.14 or newer`,
    { detail: { package: 'better-sqlite3', version, node: process.versions.node } },
  )
}
