import { goOn, type Answer, type FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import type { ReadGap } from '../records.ts'
import type { LevelItem } from './level-entry.ts'
import { readLevelLog, readLevelRecord } from './level-log.ts'
import { readLevelBlock, readLevelTable } from './level-table.ts'
import { PlaceTable } from './place-table.ts'
import { RandomAccess } from './random-access.ts'

/** One file of the database. */
interface LevelFile {
  readonly path: string
  readonly isLog: boolean
  readonly sizeBytes: number
}

/** A key and its newest value. */
export interface StoredValue {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

const KEY_BYTES = 16

/**
 * The newest values of a LevelDB folder. Only keys and places are kept in memory; values are read when asked for. All
 * files are read and the highest sequence wins, so no manifest is needed and an unclean exit does no harm.
 */
export class CacheStore {
  readonly #files: readonly LevelFile[]
  readonly #access: RandomAccess
  readonly #gaps: Gaps
  readonly #places = new PlaceTable()

  private constructor(access: RandomAccess, files: readonly LevelFile[], folder: string) {
    this.#access = access
    this.#files = files
    this.#gaps = new Gaps(folder)
  }

  static async open(source: FileSource, folder: string): Promise<CacheStore> {
    const store = new CacheStore(new RandomAccess(source), await listFiles(source, folder), folder)
    for (const index of store.#files.keys()) await store.#scan(index)
    return store
  }

  get size(): number {
    return this.#places.size
  }

  /** Damage found since the last call. */
  takeGaps(): ReadGap[] {
    return this.#gaps.take()
  }

  has(key: Uint8Array): boolean {
    return key.length === KEY_BYTES && this.#places.get(key)?.isDeleted === false
  }

  get(key: Uint8Array): Answer<Uint8Array | undefined> {
    const place = key.length === KEY_BYTES ? this.#places.get(key) : undefined
    const file = place === undefined ? undefined : this.#files[place.file]
    if (place === undefined || file === undefined || place.isDeleted) return undefined
    const items: Answer<Iterable<LevelItem>> = file.isLog
      ? readLevelRecord(this.#access, file.path, place.offset)
      : readLevelBlock(this.#access, file.path, place)
    return goOn(items, (found) => valueOf(found, key, place.sequence))
  }

  /** All newest values, in the order of the files: the fastest way to read many. */
  async *values(): AsyncIterable<StoredValue> {
    for (const [index, file] of this.#files.entries()) {
      for await (const items of this.#items(file)) {
        for (const item of items) {
          if ('damage' in item || item.value === undefined || item.key.length !== KEY_BYTES) continue
          const place = this.#places.get(item.key)
          if (place?.file === index && place.sequence === item.sequence && place.offset === item.offset) {
            yield { key: item.key, value: item.value }
          }
        }
      }
    }
  }

  #items(file: LevelFile): AsyncIterable<readonly LevelItem[]> {
    if (file.isLog) return readLevelLog(this.#access, file.path)
    return readLevelTable(this.#access, file.path, file.sizeBytes)
  }

  async #scan(index: number): Promise<void> {
    const file = this.#files[index]
    if (file === undefined) return
    for await (const items of this.#items(file)) for (const item of items) this.#note(item, index, file)
  }

  #note(item: LevelItem, index: number, file: LevelFile): void {
    if ('damage' in item) {
      this.#gaps.add('cache.damaged', `/${nameOf(file.path)}@${item.offset}`, item.damage)
    } else if (item.key.length === KEY_BYTES) {
      const known = this.#places.get(item.key)
      if (known !== undefined && known.sequence >= item.sequence) return
      const { sequence, offset, size } = item
      this.#places.set(item.key, { file: index, sequence, offset, size, isDeleted: item.value === undefined })
    }
  }
}

function valueOf(items: Iterable<LevelItem>, key: Uint8Array, sequence: number): Uint8Array | undefined {
  for (const item of items) {
    if ('damage' in item) return undefined
    if (item.sequence === sequence && Buffer.compare(item.key, key) === 0) return item.value
  }
  return undefined
}

async function listFiles(source: FileSource, folder: string): Promise<LevelFile[]> {
  const files: LevelFile[] = []
  for await (const entry of source.list(folder)) {
    const parts = /^\d+\.(log|sst|ldb)$/.exec(entry.name)
    if (parts === null || entry.type === 'folder') continue
    const path = `${folder}/${entry.name}`
    const found = await source.stat(path)
    if (found?.type === 'file') files.push({ path, isLog: parts[1] === 'log', sizeBytes: found.sizeBytes })
  }
  return files
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
