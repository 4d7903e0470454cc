import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isUnchanged, type ReadingRecord } from '../source/reading-record.ts'
import { isSystemError, systemErrorCode } from '../system-error.ts'

/** Keeps what a reading looked at, in Stemma's own folder. The database holds the record's digest. */
export interface RecordStore {
  /** Whether the record with this digest is here and all that it names looks as it did. */
  isUnchanged(fingerprint: string, conditions: string): Promise<boolean>
  /** @returns the record's digest; nothing when it cannot be kept: then the source is read again next time */
  keep(record: ReadingRecord): string | undefined
}

/** `undefined` without a folder. `what` names the reading: adapter and place. */
export function recordStore(stemmaFolder: string | undefined, what: string): RecordStore | undefined {
  if (stemmaFolder === undefined) return undefined
  const folder = join(stemmaFolder, 'reads')
  const file = join(folder, sha256(Buffer.from(what)).slice(0, 32))
  return {
    async isUnchanged(fingerprint, conditions) {
      const record = await readFile(file).catch((cause: unknown) => {
        if (systemErrorCode(cause) === 'ENOENT') return undefined
        throw cause
      })
      return record !== undefined && sha256(record) === fingerprint && isUnchanged(record, conditions)
    },
    keep(record) {
      const bytes = record.finish()
      const part = `${file}.${String(process.pid)}`
      try {
        mkdirSync(folder, { recursive: true })
        // Whole or not at all; two imports of one place at once leave one of the two records, and the other is read again.
        writeFileSync(part, bytes)
        renameSync(part, file)
        return sha256(bytes)
      } catch (cause) {
        rmSync(part, { force: true })
        if (isSystemError(cause)) return undefined
        throw cause
      }
    },
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
