import type { SqliteFile } from '../../../core/adapter.ts'
import { Filter } from './filter.ts'

/** Entries held in memory before they are moved out. */
const MOST_NEAR = 30_000

/** A map of texts that may outgrow memory. What was set or asked lately is in memory, the rest in a private database. */
export class SpillMap {
  readonly #near = new Map<string, string>()
  readonly #database: SqliteFile
  readonly #table: string
  readonly #find: string
  /** Of what was moved out; none as long as nothing was. */
  #filter: Filter | undefined

  /** @param table a name of ours, once a database */
  constructor(database: SqliteFile, table: string) {
    this.#database = database
    this.#table = table
    this.#find = `SELECT value FROM ${table} WHERE key = ?`
  }

  get(key: string): string | undefined {
    const near = this.#near.get(key)
    if (near !== undefined || this.#filter?.mayHold(key) !== true) return near
    const [row] = this.#database.all(this.#find, [key])
    if (typeof row?.value !== 'string') return undefined
    this.set(key, row.value)
    return row.value
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: string): void {
    this.#near.set(key, value)
    if (this.#near.size >= MOST_NEAR) this.#moveOut()
  }

  delete(key: string): void {
    this.#near.delete(key)
    if (this.#filter !== undefined) this.#database.run(`DELETE FROM ${this.#table} WHERE key = ?`, [key])
  }

  #moveOut(): void {
    if (this.#filter === undefined) {
      this.#database.script(`CREATE TABLE ${this.#table} (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID`)
    }
    this.#filter ??= new Filter()
    for (const key of this.#near.keys()) this.#filter.add(key)
    // In order: neighbours of the table are written together.
    const entries = [...this.#near].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#database.run(`INSERT OR REPLACE INTO ${this.#table} SELECT value ->> 0, value ->> 1 FROM json_each(?)`, [
      JSON.stringify(entries),
    ])
    this.#near.clear()
  }
}
