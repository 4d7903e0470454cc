/** Largest object of a data block that is believed: a task with a huge script. */
const MOST_OBJECT_CHARACTERS = 16 << 20
/** Text before the array of interest is kept no longer than this. */
const MOST_SEEK_CHARACTERS = 1 << 16
const KEPT_CHARACTERS = 1024

export type ScanState = 'seeking-data' | 'seeking-array' | 'in-array' | 'done' | 'no-array' | 'too-large'

/**
 * Finds `window.data = { … "<key>": [ {…}, {…} ] … }` in a page's text, chunk by chunk, and hands out the text of each
 * object. The block is JavaScript and stands on one line of any length.
 */
export class DataObjects {
  state: ScanState = 'seeking-data'
  readonly #key: string
  #text = ''
  /** Where in `#text` scanning goes on, and the state there. */
  #at = 0
  #depth = 0
  #start = -1
  #inText = false

  constructor(key: string) {
    this.#key = key
  }

  /** What stands between the beginning of the block and the array: other fields of the same object. */
  head = ''

  /** @returns the objects that ended in this chunk */
  add(chunk: string): string[] {
    if (this.state === 'done' || this.state === 'no-array' || this.state === 'too-large') return []
    this.#text += chunk
    if (this.state === 'seeking-data') this.#seekData()
    if (this.state === 'seeking-array') this.#seekArray()
    return this.state === 'in-array' ? this.#scan() : []
  }

  #seekData(): void {
    const found = /window\.data\s{0,8}=\s{0,8}\{|var data\s?=\s?\[/.exec(this.#text)
    if (found === null) {
      this.#text = this.#text.slice(-KEPT_CHARACTERS)
      return
    }
    // Timelines up to 21 are a bare array, with the other values as variables before it.
    const isBare = found[0].endsWith('[')
    if (isBare) this.head = this.#text.slice(Math.max(0, found.index - KEPT_CHARACTERS), found.index)
    this.#text = this.#text.slice(found.index + found[0].length)
    this.state = isBare ? 'in-array' : 'seeking-array'
  }

  #seekArray(): void {
    const at = this.#text.indexOf(`"${this.#key}"`)
    const found = at < 0 ? null : /^\s{0,64}:\s{0,64}(\[|null)/.exec(this.#text.slice(at + this.#key.length + 2))
    if (found === null) {
      if (this.#text.length > MOST_SEEK_CHARACTERS) this.state = 'no-array'
      return
    }
    this.head = this.#text.slice(0, at)
    this.state = found[1] === '[' ? 'in-array' : 'no-array'
    this.#text = this.#text.slice(at + this.#key.length + 2 + found[0].length)
    this.#at = 0
  }

  #scan(): string[] {
    const found: string[] = []
    const text = this.#text
    let at = this.#at
    for (; at < text.length && this.state === 'in-array'; at++) {
      const code = text.charCodeAt(at)
      if (this.#inText) {
        if (code === BACKSLASH) {
          // The escaped character may come with the next chunk.
          if (at + 1 >= text.length) break
          at++
        } else if (code === QUOTE) this.#inText = false
      } else if (code === QUOTE) this.#inText = true
      else if (code === OPEN && this.#depth++ === 0) this.#start = at
      else if (code === CLOSE && --this.#depth === 0) {
        found.push(text.slice(this.#start, at + 1))
        this.#start = -1
      } else if (code === END && this.#depth === 0) this.state = 'done'
    }
    const kept = this.#start < 0 ? at : this.#start
    this.#text = text.slice(kept)
    this.#at = at - kept
    if (this.#start >= 0) this.#start = 0
    if (this.#text.length > MOST_OBJECT_CHARACTERS) this.state = 'too-large'
    return found
  }
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const END = 93

/**
 * The fields of a flat object of the block. Nextflow escapes for JavaScript, where `\'` is allowed; in JSON it is not.
 * Backslashes are doubled, so a `\'` is always an escape of its own.
 */
export function parseDataObject(text: string): Record<string, unknown> | undefined {
  const json = text.includes("\\'") ? text.replace(/\\(['\\])/g, (all, escaped) => (escaped === "'" ? "'" : all)) : text
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined // the caller reports it with its place
  }
}
