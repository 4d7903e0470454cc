import type { GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import type { IncompleteOutput, StoreItem } from './record.ts'
import type { Range, RecordSpill } from './record-spill.ts'

/** What a store holds; its records by their numbers. */
export class StoreContent {
  readonly incomplete: IncompleteOutput[] = []
  readonly gaps: GapFact[] = []
  locked = false
  readonly #spill: RecordSpill
  #ranges: Range[] = []

  constructor(spill: RecordSpill) {
    this.#spill = spill
  }

  get ranges(): readonly Range[] {
    return this.#ranges
  }

  /** No records. */
  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  add(item: StoreItem): void {
    if (item.kind === 'record') this.#addRange(this.#spill.add(item.record))
    else if (item.kind === 'incomplete') this.incomplete.push(item.output)
    else if (item.kind === 'lock') this.locked = true
    else this.gaps.push(gap('damaged-record', item.place, item.message))
  }

  merge(other: StoreContent): void {
    this.#ranges = [...this.#ranges, ...other.ranges]
    this.incomplete.push(...other.incomplete)
    this.gaps.push(...other.gaps)
    this.locked ||= other.locked
  }

  #addRange(id: number): void {
    const last = this.#ranges.at(-1)
    if (last?.[1] === id - 1) this.#ranges[this.#ranges.length - 1] = [last[0], id]
    else this.#ranges.push([id, id])
  }
}
