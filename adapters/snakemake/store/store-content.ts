import type { GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import type { IncompleteOutput, OutputRecord, StoreItem } from './record.ts'

/** What a store holds, with long texts that repeat kept once. */
export class StoreContent {
  readonly records: OutputRecord[] = []
  readonly incomplete: IncompleteOutput[] = []
  readonly gaps: GapFact[] = []
  locked = false
  readonly #texts = new Map<string, string>()

  add(item: StoreItem): void {
    if (item.kind === 'record') this.records.push(this.#share(item.record))
    else if (item.kind === 'incomplete') this.incomplete.push(item.output)
    else if (item.kind === 'lock') this.locked = true
    else this.gaps.push(gap('damaged-record', item.place, item.message))
  }

  merge(other: StoreContent): void {
    for (const record of other.records) this.records.push(this.#share(record))
    this.incomplete.push(...other.incomplete)
    this.gaps.push(...other.gaps)
    this.locked ||= other.locked
  }

  #share(record: OutputRecord): OutputRecord {
    const { code, condaEnv } = record
    return {
      ...record,
      rule: this.#once(record.rule),
      inputs: record.inputs.map((name) => this.#once(name)),
      params: record.params.map((value) => this.#once(value)),
      checksums: record.checksums.map(({ path, algorithm, value }) => ({
        path: this.#once(path),
        algorithm: this.#once(algorithm),
        value: this.#once(value),
      })),
      ...(code === undefined ? {} : { code: this.#once(code) }),
      ...(condaEnv === undefined ? {} : { condaEnv: this.#once(condaEnv) }),
    }
  }

  #once(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    this.#texts.set(text, text)
    return text
  }
}
