import type { SqliteFile } from '../../../core/adapter.ts'
import { present } from '../present.ts'
import type { JobDetails, OutputRecord } from './record.ts'

/** Distinct long texts that are known by their numbers; more begin anew. */
const MOST_TEXTS = 1000

/** What of a family is kept as JSON: all but what is long and the same for all jobs of a rule. */
type Body = Omit<JobDetails, 'code' | 'condaEnv'>

/** What is the same in all records of a job, in a private database. */
export class FamilyDetails {
  static readonly tables = `
    CREATE TABLE text (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE family (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, rule TEXT NOT NULL, format INTEGER NOT NULL,
      inputs TEXT NOT NULL, code INTEGER, conda INTEGER, body TEXT NOT NULL)`
  readonly #database: SqliteFile
  readonly #numbers = new Map<string, number>()
  readonly #texts = new Map<number, string>()
  #textCount = 0
  #familyCount = 0
  #last: { readonly family: number; readonly details: JobDetails } | undefined

  constructor(database: SqliteFile) {
    this.#database = database
  }

  /** @returns the family's number */
  add(key: string, record: OutputRecord): number {
    this.#familyCount += 1
    const { rule, format, inputs, code, condaEnv, logs, params, shellcmd, container, stackHash, jobHash } = record
    const body: Body = { logs, params, ...present({ shellcmd, container, stackHash, jobHash }) }
    const long = [this.#numberOf(code), this.#numberOf(condaEnv)]
    const values = [this.#familyCount, key, rule, format, JSON.stringify(inputs), ...long, JSON.stringify(body)]
    this.#database.run('INSERT INTO family VALUES (?, ?, ?, ?, ?, ?, ?, ?)', values)
    return this.#familyCount
  }

  of(family: number): JobDetails {
    if (this.#last?.family === family) return this.#last.details
    const [row] = this.#database.all('SELECT code, conda, body FROM family WHERE id = ?', [family])
    const details = {
      ...(JSON.parse(String(row?.body)) as Body), // as it was put in
      ...(typeof row?.code === 'number' ? { code: this.#textOf(row.code) } : {}),
      ...(typeof row?.conda === 'number' ? { condaEnv: this.#textOf(row.conda) } : {}),
    }
    this.#last = { family, details }
    return details
  }

  #numberOf(text: string | undefined): number | null {
    if (text === undefined) return null
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (this.#numbers.size >= MOST_TEXTS) this.#numbers.clear()
    this.#textCount += 1
    this.#numbers.set(text, this.#textCount)
    this.#database.run('INSERT INTO text VALUES (?, ?)', [this.#textCount, text])
    return this.#textCount
  }

  #textOf(id: number): string {
    const known = this.#texts.get(id)
    if (known !== undefined) return known
    const [row] = this.#database.all('SELECT text FROM text WHERE id = ?', [id])
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear()
    const text = String(row?.text)
    this.#texts.set(id, text)
    return text
  }
}
