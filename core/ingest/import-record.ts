import { gapRow, rootRow, toJson } from '../db/row.ts'
import { tables } from '../db/table.ts'
import type { Row, Writer } from '../db/writer.ts'
import type { Fact, GapFact, RootFact } from '../fact/fact.ts'
import { importUid } from '../fact/uid.ts'
import type { ImportUid, RunUid } from '../fact/uid.ts'

/** Who read what. */
export interface ImportMeta {
  readonly adapter: string
  readonly adapterVersion: number
  /** Where the leftovers lie on this machine: a uri or path. Secrets in it are redacted. */
  readonly place: string
  readonly engineVersion?: string
  /** What was read as one digest; asked after the last fact. */
  readonly fingerprint?: () => string | undefined
}

/** Gaps held back until the stream has named its first run; more than that, and the place names the import. */
const MOST_WAITING = 20_000
const ROWS_AT_ONCE = 1_000

/**
 * What an import says about itself: gaps, roots, which executions it told of. Its uid follows from the first
 * execution in the stream, so that the same leftovers imported on two machines are the same import, wherever they lie;
 * leftovers that tell of none are named by their place.
 */
export class ImportRecord {
  readonly #meta: ImportMeta
  readonly #startedAt = Date.now()
  #named: RunUid | undefined
  #begun: { readonly uid: ImportUid; readonly keepsGaps: boolean } | undefined
  #gaps: GapFact[] = []
  #roots: RootFact[] = []
  #runs: RunUid[] = []

  constructor(meta: ImportMeta) {
    this.#meta = meta
  }

  /** Takes note of a fact. */
  take(fact: Fact): void {
    if (fact.kind === 'run' && fact.parent === undefined) {
      this.#named ??= fact.uid
      this.#runs.push(fact.uid)
    }
    if (fact.kind === 'gap') this.#gaps.push(fact)
    else if (fact.kind === 'root') this.#roots.push(fact)
  }

  /** Writes what waits; called with every batch, so that nothing piles up. */
  async flush(writer: Writer): Promise<void> {
    const waiting = this.#gaps.length + this.#roots.length + this.#runs.length
    if (this.#begun === undefined && this.#named === undefined && waiting < MOST_WAITING) return
    if (waiting >= ROWS_AT_ONCE) await this.#write(writer)
  }

  /** Writes the import itself. */
  async finish(writer: Writer, counts: Readonly<Record<string, number>>): Promise<ImportUid> {
    const uid = await this.#write(writer)
    const { adapter, adapterVersion, place, engineVersion, fingerprint } = this.#meta
    const endedAt = Date.now()
    await put(writer, 'import', [
      [uid, adapter, adapterVersion, engineVersion ?? null, this.#startedAt, endedAt, toJson(counts)],
    ])
    const reading = importUid(adapter, place)
    await put(writer, 'reading', [[reading, adapter, place, uid, adapterVersion, fingerprint?.() ?? null, endedAt]])
    return uid
  }

  async #write(writer: Writer): Promise<ImportUid> {
    this.#begun ??= await this.#begin(writer)
    const { uid, keepsGaps } = this.#begun
    if (keepsGaps)
      await add(
        writer,
        'gap',
        this.#gaps.map((fact) => gapRow(uid, fact)),
      )
    await add(
      writer,
      'root',
      this.#roots.map((fact) => rootRow(uid, fact)),
    )
    await add(
      writer,
      'import_run',
      this.#runs.map((run) => [uid, run]),
    )
    this.#gaps = []
    this.#roots = []
    this.#runs = []
    return uid
  }

  /** Gaps that an older version of the adapter reported are forgotten; those of a newer one stand. */
  async #begin(writer: Writer): Promise<{ uid: ImportUid; keepsGaps: boolean }> {
    const { adapter, adapterVersion, place } = this.#meta
    const uid = importUid(adapter, this.#named ?? place)
    const [known] = await writer.sql.all('SELECT adapter_version FROM import WHERE uid = ?', [uid])
    const before = known === undefined ? undefined : Number(known.adapter_version)
    if (before !== undefined && before < adapterVersion) await writer.run('DELETE FROM gap WHERE import_uid = ?', [uid])
    if (known === undefined)
      await add(writer, 'import', [[uid, adapter, adapterVersion, null, this.#startedAt, this.#startedAt, '{}']])
    return { uid, keepsGaps: before === undefined || before <= adapterVersion }
  }
}

/** Adds rows that are not there; what is there is the same, since the key is made of all columns. */
async function add(
  writer: Writer,
  table: 'gap' | 'root' | 'import_run' | 'import',
  rows: readonly Row[],
): Promise<void> {
  const once = new Map(rows.map((row) => [row.slice(0, tables[table].keys).join('\n'), row]))
  if (once.size > 0) await writer.insert(tables[table], [...once.values()])
}

/** Adds rows or overwrites them. */
async function put(writer: Writer, table: 'import' | 'reading', rows: readonly Row[]): Promise<void> {
  const { there } = await writer.insert(tables[table], rows)
  if (there.length > 0) await writer.update(tables[table], rows)
}
