import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { FACTS_VERSION } from '../fact/fact.ts'

/** Where recorded facts wait for a database: in `.stemma`, one segment after another for each process. */
export const SPOOL_FOLDER = 'spool'
/** A segment that a process may still write to. */
export const OPEN_SUFFIX = '.open.ndjson'
/** A segment that nobody writes to any more. */
export const CLOSED_SUFFIX = '.ndjson'
export const ALIVE_SUFFIX = '.alive'

const HEADER = `{"kind":"stream","format":"stemma-facts","version":${FACTS_VERSION}}\n`
/** A segment is closed at this size, so that deliveries stay small. */
const SEGMENT_BYTES = 8 * 1024 * 1024
/** One append is one write, which the kernel does not tear. */
const APPEND_BYTES = 256 * 1024

/** The spool of this place: `STEMMA_SPOOL`, else in the nearest `.stemma` upward, else in a new one right here. */
export function spoolFolder(from: string, named: string | undefined): string {
  if (named !== undefined && named !== '') return resolve(from, named)
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.stemma'))) return join(folder, '.stemma', SPOOL_FOLDER)
    if (dirname(folder) === folder) return join(from, '.stemma', SPOOL_FOLDER)
  }
}

/** One process's segments. Every method may throw what the file system throws. */
export class Spool {
  readonly folder: string
  readonly #process: string
  #number = 0
  #sizeBytes = 0
  #started = false

  constructor(folder: string, processUid: string) {
    this.folder = folder
    this.#process = processUid
  }

  get path(): string {
    return join(this.folder, `${this.#process}.${String(this.#number).padStart(6, '0')}${OPEN_SUFFIX}`)
  }

  get isFull(): boolean {
    return this.#sizeBytes >= SEGMENT_BYTES
  }

  async append(text: string): Promise<void> {
    this.#start()
    for (const part of parts(text)) await appendFile(this.path, part)
    this.#sizeBytes += text.length
  }

  appendNow(text: string): void {
    this.#start()
    for (const part of parts(text)) appendFileSync(this.path, part)
    this.#sizeBytes += text.length
  }

  /** Closes the segment, if it was begun; the next append begins another. */
  rotate(): void {
    if (!this.#started) return
    renameSync(this.path, this.path.slice(0, -OPEN_SUFFIX.length) + CLOSED_SUFFIX)
    this.#number++
    this.#sizeBytes = 0
    this.#started = false
  }

  /** Tells sweepers that this process lives. */
  beat(): void {
    const path = join(this.folder, this.#process + ALIVE_SUFFIX)
    const now = new Date()
    if (existsSync(path)) utimesSync(path, now, now)
    else {
      mkdirSync(this.folder, { recursive: true })
      writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }))
    }
  }

  /** The last of a process that ends in order. */
  end(): void {
    this.rotate()
    rmSync(join(this.folder, this.#process + ALIVE_SUFFIX), { force: true })
  }

  #start(): void {
    if (this.#started) return
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(this.path, HEADER)
    this.#started = true
  }
}

function* parts(text: string): Iterable<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + APPEND_BYTES, text.length)
    if (end < text.length) end = text.lastIndexOf('\n', end) + 1 || text.indexOf('\n', end) + 1 || text.length
    if (end <= at) end = text.indexOf('\n', at) + 1 || text.length
    yield text.slice(at, end)
    at = end
  }
}
