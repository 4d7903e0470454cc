import { goOn, type Answer, type FileSource } from '../../../core/adapter.ts'

/** A page of a file near, and of one in a bucket, where each costs a request. */
const PAGE_BYTES = { near: 1 << 18, far: 1 << 20 }
const MOST_PAGES = 12

/** Reads byte ranges of the files of one folder through a few pages kept in memory, near or in a bucket alike. */
export class RandomAccess {
  readonly #source: FileSource
  readonly #pages = new Map<string, Uint8Array>()
  readonly #pageBytes: number

  constructor(source: FileSource) {
    this.#source = source
    this.#pageBytes = source.localPath('') === undefined ? PAGE_BYTES.far : PAGE_BYTES.near
  }

  /** The bytes from `start` on, fewer than `length` at the file's end: at once, where they are in memory. */
  read(path: string, start: number, length: number): Answer<Uint8Array> {
    const first = Math.floor(start / this.#pageBytes)
    const last = Math.floor((start + length - 1) / this.#pageBytes)
    const offset = start - first * this.#pageBytes
    if (first !== last) return this.#joined(path, start, length)
    return goOn(this.#page(path, first), (page) => page.subarray(offset, offset + length))
  }

  async #joined(path: string, start: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(start / this.#pageBytes)
    const last = Math.floor((start + length - 1) / this.#pageBytes)
    const offset = start - first * this.#pageBytes
    const parts: Uint8Array[] = []
    for (let number = first; number <= last; number++) {
      const page = await this.#page(path, number)
      parts.push(page)
      if (page.length < this.#pageBytes) break
    }
    return Buffer.concat(parts).subarray(offset, offset + length)
  }

  #page(path: string, number: number): Answer<Uint8Array> {
    const key = `${number} ${path}`
    return this.#pages.get(key) ?? this.#load(path, number, key)
  }

  async #load(path: string, number: number, key: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    const start = number * this.#pageBytes
    for await (const chunk of this.#source.open(path, { start, end: start + this.#pageBytes })) chunks.push(chunk)
    const [first = Buffer.alloc(0)] = chunks
    const page = chunks.length < 2 ? first : Buffer.concat(chunks)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size >= MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest)
    this.#pages.set(key, page)
    return page
  }
}
