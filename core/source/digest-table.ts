import { RecordTable } from './record-table.ts'

const KEY_BYTES = 16
const DIGEST_BYTES = 32
const RECORD_BYTES = KEY_BYTES + DIGEST_BYTES

/** sha256 digests by keys of 16 bytes. What was set first stays behind what is set later. */
export class DigestTable {
  readonly #table = new RecordTable(DIGEST_BYTES)

  /** @param records whole records: a key and its digest each */
  add(records: Buffer): void {
    for (let start = 0; start + RECORD_BYTES <= records.length; start += RECORD_BYTES) {
      const value = start + KEY_BYTES
      const at = this.#table.place(records.subarray(start, value))
      records.copy(this.#table.bytes, at, value, value + DIGEST_BYTES)
    }
  }

  get(key: Buffer): Buffer | undefined {
    const at = this.#table.find(key)
    return at === undefined ? undefined : this.#table.bytes.subarray(at, at + DIGEST_BYTES)
  }
}
