import { hash } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { DigestTable } from './digest-table.ts'
import { encodeFilePath } from './file-name.ts'
import type { DigestMemory } from './hasher.ts'
import type { Stat } from './source.ts'
import { isSystemError, systemErrorCode } from '../system-error.ts'

const KEY_BYTES = 16
const RECORD_BYTES = KEY_BYTES + 32
/** Past this (48 MB, a million files) the log starts anew: a lost record costs one more hashing, no more. */
const MOST_BYTES = RECORD_BYTES * 1_000_000
/** Records that wait to be written together. */
const BATCH = 256

/**
 * A log of what was hashed, so that a repeated or interrupted import need not hash again. A record is a key (path, size, time
 * and inode as one hash) and a sha256, 48 bytes together; several processes may append to one log. A damaged record
 * has a key that nothing matches.
 */
export class DigestLog implements DigestMemory {
  readonly #file: string
  readonly #known = new DigestTable()
  #waiting: Buffer[] = []
  /** The key that was made last: what is not known is mostly told next. */
  #last: { readonly path: string; readonly stat: Stat; readonly key: Buffer } | undefined
  /** Why nothing is written any more (no space, no permission). What was hashed still counts in this process. */
  failure: unknown

  /** `file` is made with the first record; until its folder is there, records wait. */
  constructor(file: string) {
    this.#file = file
    this.#known.add(readLog(file))
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  recall(localPath: string, stat: Stat): string | undefined {
    return this.#known.get(this.#key(localPath, stat))?.toString('hex')
  }

  remember(localPath: string, stat: Stat, sha256: string): void {
    const record = Buffer.concat([this.#key(localPath, stat), Buffer.from(sha256, 'hex')])
    this.#known.add(record)
    if (this.#waiting.push(record) % BATCH === 0) this.flush()
  }

  /** Writes what waits. */
  flush(): void {
    if (this.failure !== undefined) this.#waiting = []
    if (this.#waiting.length === 0) return
    try {
      appendFileSync(this.#file, Buffer.concat(this.#waiting))
      this.#waiting = []
    } catch (cause) {
      if (!isSystemError(cause)) throw cause
      if (systemErrorCode(cause) !== 'ENOENT') this.failure = cause
    }
  }

  #key(path: string, stat: Stat): Buffer {
    if (this.#last?.path !== path || this.#last.stat !== stat) this.#last = { path, stat, key: keyOf(path, stat) }
    return this.#last.key
  }
}

function keyOf(localPath: string, stat: Stat): Buffer {
  const seen = `${stat.sizeBytes} ${stat.modifiedMs} ${stat.fileId ?? ''}\0`
  const path = encodeFilePath(localPath)
  const text = typeof path === 'string' ? seen + path : Buffer.concat([Buffer.from(seen), path])
  return hash('sha256', text, 'buffer').subarray(0, KEY_BYTES)
}

/** The log's bytes; one cut by a crash is put back to whole records. */
function readLog(file: string): Buffer {
  try {
    const { size } = statSync(file)
    const whole = size > MOST_BYTES ? 0 : size - (size % RECORD_BYTES)
    if (whole !== size) truncateSync(file, whole)
    return whole === 0 ? Buffer.alloc(0) : readFileSync(file)
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return Buffer.alloc(0)
    throw cause
  }
}
