import { mkdir, open, readdir, readFile, rename, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** One run's events on disk. */
export interface SpooledRun {
  readonly sessionId: string
  readonly runName: string
  /** Folder with `events.ndjson`, which the adapter reads like any other leftovers. */
  readonly folder: string
  readonly sizeBytes: number
}

const EVENTS = 'events.ndjson'
/** Holds how many bytes of the events have been imported. */
const IMPORTED = 'imported.txt'
/** Session and run name become folder names: nothing that could lead elsewhere. */
const SAFE_NAME = /^[A-Za-z0-9][\w-]{0,127}$/

/** `true` for a session or run name as Nextflow makes them. */
export function isSafeName(name: string): boolean {
  return SAFE_NAME.test(name)
}

/**
 * Keeps posted events on disk before they are answered, a file a run, so that nothing depends on this program, the
 * database or the network being there a moment later. Appends to one file follow each other.
 */
export class Spool {
  readonly #folder: string
  readonly #files = new Map<string, Promise<FileHandle>>()
  readonly #last = new Map<string, Promise<void>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Appends one event and waits until the disk has it. */
  append(sessionId: string, runName: string, line: string): Promise<void> {
    const folder = this.#runFolder(sessionId, runName)
    const before = this.#last.get(folder) ?? Promise.resolve()
    const now = before.catch(ignoreEarlier).then(() => this.#write(folder, line))
    this.#last.set(folder, now)
    return now
  }

  async #write(folder: string, line: string): Promise<void> {
    let file = this.#files.get(folder)
    if (file === undefined) {
      file = openEvents(folder)
      this.#files.set(folder, file)
    }
    try {
      const handle = await file
      await handle.appendFile(`${line}\n`)
      await handle.datasync()
    } catch (cause) {
      this.#files.delete(folder) // the next event opens it anew: the disk may have room again
      throw cause
    }
  }

  /** Runs with events that have not been imported yet. */
  async waiting(): Promise<SpooledRun[]> {
    const found: SpooledRun[] = []
    for (const sessionId of await foldersIn(this.#folder)) {
      for (const runName of await foldersIn(join(this.#folder, sessionId))) {
        const folder = this.#runFolder(sessionId, runName)
        const sizeBytes = await sizeOf(join(folder, EVENTS))
        if (sizeBytes > (await importedBytes(folder))) found.push({ sessionId, runName, folder, sizeBytes })
      }
    }
    return found
  }

  /** Remembers that all events up to `sizeBytes` are imported. */
  async markImported({ folder, sizeBytes }: SpooledRun): Promise<void> {
    await writeFile(join(folder, `${IMPORTED}.new`), `${sizeBytes}\n`)
    await rename(join(folder, `${IMPORTED}.new`), join(folder, IMPORTED))
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#last.values())
    for (const file of this.#files.values()) await (await file.catch(ignoreEarlier))?.close()
    this.#files.clear()
  }

  #runFolder(sessionId: string, runName: string): string {
    return join(this.#folder, sessionId, runName)
  }
}

/** A file that was cut in the middle of a line (power lost) goes on with a new line. */
async function openEvents(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, EVENTS)
  const handle = await open(path, 'a+')
  const { size } = await handle.stat()
  if (size === 0) return handle
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  if (buffer.toString() !== '\n') await handle.appendFile('\n')
  return handle
}

async function importedBytes(folder: string): Promise<number> {
  const text = await readFile(join(folder, IMPORTED), 'utf8').catch(ignoreMissing)
  const bytes = Number(text ?? '0')
  return Number.isSafeInteger(bytes) ? bytes : 0
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(ignoreMissing))?.size ?? 0
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? []
  return entries.filter((entry) => entry.isDirectory() && isSafeName(entry.name)).map((entry) => entry.name).sort() // prettier-ignore
}

/** What is not there yet has nothing in it. */
function ignoreMissing(cause: unknown): undefined {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') return undefined
  throw cause
}

/** A failed append was answered as such; the next one is tried for itself. */
function ignoreEarlier(): undefined {
  return undefined
}
