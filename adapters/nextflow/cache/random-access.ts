import { goOn, type Answer, type FileSource } from '../../../core/adapter.ts'

const PAGE_BYTES = 1 << 20
const MOST_PAGES = 12

/** Reads byte ranges of the files of one folder through a few pages kept in memory, near or in a bucket alike. */
export class RandomAccess {
  readonly #source: FileSource
  readonly #pages = new Map<string, Uint8Array>()

  constructor(source: FileSource) {
    this.#source = source
  }

  /** The bytes from `start` on, fewer than `length` at the file's end: at once, where they are in memory. */
  read(path: string, start: number, length: number): Answer<Uint8Array> {
    const first = Math.floor(start / PAGE_BYTES)
    const last = Math.floor((start + length - 1) / PAGE_BYTES)
    const offset = start - first * PAGE_BYTES
    if (first !== last) return this.#joined(path, start, length)
    return goOn(this.#page(path, first), (page) => page.subarray(offset, offset + length))
  }

  async #joined(path: string, start: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(start / PAGE_BYTES)
    const last = Math.floor((start + length - 1) / PAGE_BYTES)
    const offset = start - first * PAGE_BYTES
    const parts: Uint8Array[] = []
    for (let number = first; number <= last; number++) {
      const page = await this.#page(path, number)
      parts.push(page)
      if (page.length < PAGE_BYTES) break
    }
    return Buffer.concat(parts).subarray(offset, offset + length)
  }

  #page(path: string, number: number): Answer<Uint8Array> {
    const key = `${number} ${path}`
    return this.#pages.get(key) ?? this.#load(path, number, key)
  }

  async #load(path: string, number: number, key: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    const start = number * PAGE_BYTES
    for await (const chunk of this.#source.open(path, { start, end: start + PAGE_BYTES })) chunks.push(chunk)
    const page = Buffer.concat(chunks)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size >= MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest)
    this.#pages.set(key, page)
    return page
  }
}
