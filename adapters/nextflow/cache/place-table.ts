import { RecordTable } from '../../../core/adapter.ts'

/** Sequence and offset as doubles, size, file (negative: the key was deleted last). */
const PLACE_BYTES = 8 + 8 + 4 + 4

/** Where the newest write of a key lies. */
export interface Place {
  readonly file: number
  readonly sequence: number
  readonly offset: number
  readonly size: number
  readonly isDeleted: boolean
}

/** Places by keys of 16 bytes. */
export class PlaceTable {
  readonly #table = new RecordTable(PLACE_BYTES)

  get size(): number {
    return this.#table.size
  }

  get(key: Uint8Array): Place | undefined {
    const at = this.#table.find(key)
    if (at === undefined) return undefined
    const { bytes } = this.#table
    const file = bytes.readInt32LE(at + 20)
    return {
      file: file < 0 ? ~file : file,
      sequence: bytes.readDoubleLE(at),
      offset: bytes.readDoubleLE(at + 8),
      size: bytes.readUInt32LE(at + 16),
      isDeleted: file < 0,
    }
  }

  set(key: Uint8Array, { file, sequence, offset, size, isDeleted }: Place): void {
    const at = this.#table.place(key)
    const { bytes } = this.#table
    bytes.writeDoubleLE(sequence, at)
    bytes.writeDoubleLE(offset, at + 8)
    bytes.writeUInt32LE(size, at + 16)
    bytes.writeInt32LE(isDeleted ? ~file : file, at + 20)
  }
}
