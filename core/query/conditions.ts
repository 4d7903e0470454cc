import type { SqlValue } from '../db/sql.ts'

/** Conditions that must all hold, with their parameters in the order of their question marks. */
export class Conditions {
  readonly #texts: string[] = []
  readonly params: SqlValue[] = []

  /** `text` is one of ours, never what somebody typed: that goes into `params`. */
  add(text: string, ...params: readonly SqlValue[]): this {
    this.#texts.push(text)
    this.params.push(...params)
    return this
  }

  /** As above, when there is a value to ask for. */
  addFor(value: SqlValue | undefined, text: string): this {
    return value === undefined ? this : this.add(text, value)
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.map((text) => `(${text})`).join(' AND ')}`
  }
}
