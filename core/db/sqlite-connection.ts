import { StemmaError } from '../errors.ts'
import { toDatabaseError } from './failure.ts'
import type { SqliteDriver } from './sqlite-driver.ts'
import type { Sql, SqlRow, SqlValue } from './sql.ts'

/** How long a statement sleeps for another process; a writer's turn is waited for longer, without sleeping. */
export const BUSY_MS = 2_000

/** One connection to our own database: what the driver throws is translated. */
export class SqliteConnection {
  readonly #driver: SqliteDriver
  readonly #shown: string

  constructor(driver: SqliteDriver, shown: string) {
    this.#driver = driver
    this.#shown = shown
  }

  /** @returns how many rows were touched */
  run(text: string, params: readonly SqlValue[] = []): number {
    return this.guard(() => this.#driver.run(text, params))
  }

  all(text: string, params: readonly SqlValue[] = []): SqlRow[] {
    return this.guard(() => this.#driver.all(text, params))
  }

  /** Several statements without parameters. */
  script(text: string): void {
    this.guard(() => {
      this.#driver.script(text)
    })
  }

  *rows(text: string, params: readonly SqlValue[] = []): Generator<SqlRow> {
    try {
      yield* this.#driver.rows(text, params)
    } catch (error) {
      throw toDatabaseError(error, this.#shown)
    }
  }

  prepare(text: string): ReturnType<SqliteDriver['prepare']> {
    return this.#driver.prepare(text)
  }

  /** Runs `work`, translating what the driver throws. */
  guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw toDatabaseError(error, this.#shown)
    }
  }

  /**
   * Takes the write lock, waiting for other processes without holding up this one.
   * @throws StemmaError `database.locked` after `waitMs`
   */
  async begin(waitMs: number): Promise<void> {
    const until = Date.now() + waitMs
    // SQLite's own waiting sleeps, and who holds the lock may be another connection of this process.
    this.#driver.script('PRAGMA busy_timeout = 0')
    for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
      try {
        this.run('BEGIN IMMEDIATE')
        this.#driver.script(`PRAGMA busy_timeout = ${String(BUSY_MS)}`)
        return
      } catch (error) {
        if (!(error instanceof StemmaError) || error.code !== 'database.locked' || Date.now() >= until) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  commit(): void {
    this.run('COMMIT')
  }

  /** Takes back what was written; a full disk may have done so already. */
  rollback(): void {
    if (this.#driver.inTransaction) this.run('ROLLBACK')
  }

  close(): void {
    this.#driver.close()
  }
}

/** The reading port over a connection. */
export function sqliteSql(connection: SqliteConnection): Sql {
  return {
    provider: 'sqlite',
    all: (text, params) => settle(() => connection.all(text, params)),
    async *iterate(text, params) {
      yield* connection.rows(text, params)
      await Promise.resolve()
    },
  }
}

/** The driver is synchronous: what it throws must still arrive as a rejection. */
export function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
