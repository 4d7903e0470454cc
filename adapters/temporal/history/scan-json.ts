/** A JSON object cut out of a stream: an event, or another object of the top level. */
export interface JsonPiece {
  readonly kind: 'event' | 'object' | 'too-large' | 'cut'
  readonly text: string
  /** Counts the lists of events in the stream: a new list may be a new history. */
  readonly list: number
}

const OPEN_BRACE = 0x7b,
  CLOSE_BRACE = 0x7d,
  OPEN_BRACKET = 0x5b,
  CLOSE_BRACKET = 0x5d,
  QUOTE = 0x22,
  BACKSLASH = 0x5c
// prettier-ignore
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x1e, 0xef, 0xbb, 0xbf]) // with comma, record separator and byte order mark

/** A server keeps blobs of at most 2 MiB; base64, indented and several in one event. */
export const LARGEST_EVENT_BYTES = 32 * 1024 * 1024
const DEEPEST = 512
const LONGEST_KEY = 64

interface Frame {
  readonly list: boolean
  /** The member under which it stands in its parent. */
  readonly key: string
  /** A list of events. */
  readonly events: boolean
}

/**
 * Cuts the events out of JSON of any outer form without holding more than one: `{events: [...]}`, `{history: {events}}`, a
 * bare list, lists of batches, `{items: [{history}]}`, one object a line, and several of these in one file. Objects
 * that hold no events come out whole as `object`. Returns early with `cut` where the text stops being JSON.
 */
export async function* scanJson(chunks: AsyncIterable<Uint8Array>): AsyncIterable<JsonPiece> {
  const scanner = new JsonScanner()
  for await (const chunk of chunks) {
    yield* scanner.push(chunk)
    if (scanner.broken) break
  }
  yield* scanner.end()
}

interface Capture {
  readonly depth: number
  /** Stands in a list of events, or has an event's id: nothing inside it is a list of events any more. */
  event: boolean
  readonly parts: Buffer[]
  sizeBytes: number
  from: number
}

class JsonScanner {
  broken = false
  readonly #frames: Frame[] = []
  #key = ''
  #text = false
  #escaped = false
  #textStart = -1
  #list = 0
  /** The beginning of a text that the last chunk did not end. */
  #textHead = ''
  #capture: Capture | undefined
  #tooLarge = false
  #chunk: Uint8Array = new Uint8Array();

  *push(chunk: Uint8Array): Iterable<JsonPiece> {
    this.#chunk = chunk
    this.#textStart = 0
    if (this.#capture) this.#capture.from = 0
    for (let at = 0; at < chunk.length && !this.broken; at++) {
      const byte = chunk[at] ?? 0
      if (this.#text) this.#inText(byte, at)
      else if (byte === QUOTE) this.#openText(at)
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open(byte === OPEN_BRACKET, at)
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) yield* this.#close(byte === CLOSE_BRACKET, at)
      else if (this.#frames.length === 0 && !BLANKS.has(byte)) this.broken = true
    }
    this.#keepCaptured(chunk.length)
    if (this.#text) this.#textHead += this.#textUntil(chunk.length)
  }

  *end(): Iterable<JsonPiece> {
    if (this.broken || this.#frames.length > 0) yield { kind: 'cut', text: '', list: this.#list }
  }

  #inText(byte: number, at: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) {
      this.#text = false
      this.#key = this.#textHead + this.#textUntil(at)
      const capture = this.#capture
      const isId = this.#key === 'eventId' || this.#key === 'event_id'
      if (capture !== undefined && isId && this.#frames.length === capture.depth) capture.event = true
    }
  }

  /** The text so far, or nothing that is a key's name when it is longer than any of those. */
  #textUntil(end: number): string {
    if (end - this.#textStart > LONGEST_KEY || this.#textHead.length > LONGEST_KEY) return ' '.repeat(LONGEST_KEY)
    return Buffer.from(this.#chunk.subarray(this.#textStart, end)).toString('latin1')
  }

  #openText(at: number): void {
    if (this.#frames.length === 0) this.broken = true
    this.#text = true
    this.#textStart = at + 1
    this.#textHead = ''
    this.#key = ''
  }

  #open(list: boolean, at: number): void {
    const parent = this.#frames.at(-1)
    const key = parent === undefined || parent.list ? '' : this.#key
    const events = list && key === 'events' && this.#capture?.event !== true && this.#outsideEvent()
    if (this.#frames.length >= DEEPEST) {
      this.broken = true
      return
    }
    this.#frames.push({ list, key, events })
    if (events) {
      this.#capture = undefined // the object that was being kept is a wrapper of events
      this.#list++
    } else if (!list && this.#capture === undefined && (parent === undefined || parent.list)) {
      this.#capture = { depth: this.#frames.length, event: parent?.events === true, parts: [], sizeBytes: 0, from: at }
      this.#tooLarge = false
    }
  }

  /** A member called `events` inside an event's attributes is the user's own. */
  #outsideEvent(): boolean {
    return this.#frames.length < 8 && !this.#frames.some((frame) => /attributes$/i.test(frame.key))
  }

  *#close(list: boolean, at: number): Iterable<JsonPiece> {
    const capture = this.#capture
    const finished = capture?.depth === this.#frames.length
    if (this.#frames.pop()?.list !== list) {
      this.broken = true
      return
    }
    this.#key = ''
    if (capture === undefined || !finished) return
    this.#keepCaptured(at + 1)
    this.#capture = undefined
    const kind = this.#tooLarge ? 'too-large' : capture.event ? 'event' : 'object'
    yield { kind, text: Buffer.concat(capture.parts).toString(), list: this.#list }
  }

  #keepCaptured(end: number): void {
    const capture = this.#capture
    if (capture === undefined) return
    capture.sizeBytes += end - capture.from
    if (capture.sizeBytes > LARGEST_EVENT_BYTES) {
      this.#tooLarge = true
      capture.parts.length = 0
    } else capture.parts.push(Buffer.from(this.#chunk.subarray(capture.from, end)))
    capture.from = end
  }
}
