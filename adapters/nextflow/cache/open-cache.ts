import { goOn, type Answer, type FileSource } from '../../../core/adapter.ts'
import type { ReadGap } from '../records.ts'
import { parseCacheEntry, type CacheEntry } from './cache-entry.ts'
import { CacheStore } from './cache-store.ts'

/** The task entries of one session. */
export interface TaskCache {
  readonly size: number
  has(fullHash: string): boolean
  /** One entry by its task hash; reads its block where it is not in memory. */
  get(fullHash: string): Answer<CacheEntry | undefined>
  /** All entries in the order of the files, which reads each file once. */
  entries(): AsyncIterable<CacheEntry | ReadGap>
  /** Damage found while opening, and since. */
  takeGaps(): ReadGap[]
}

/**
 * Opens the cache database of a session (`.nextflow/cache/<session>/db`), reading only. Its folder may hold no data at
 * all (`nextflow clean -k`, 25.10 with #7471): then it has no entries. Keys are kept in memory, values are not.
 */
export async function openCache(source: FileSource, folder: string): Promise<TaskCache> {
  const store = await CacheStore.open(source, folder)
  const parse = (key: Uint8Array, value: Uint8Array): CacheEntry | ReadGap => {
    const fullHash = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex')
    return parseCacheEntry(fullHash, value, folder) ?? unreadable(folder, fullHash)
  }
  return {
    get size() {
      return store.size
    },
    has: (fullHash) => store.has(Buffer.from(fullHash, 'hex')),
    get: (fullHash) =>
      goOn(store.get(Buffer.from(fullHash, 'hex')), (value) => value && parseCacheEntry(fullHash, value, folder)),
    async *entries() {
      for await (const { key, value } of store.values()) yield parse(key, value)
    },
    takeGaps: () => store.takeGaps(),
  }
}

function unreadable(folder: string, fullHash: string): ReadGap {
  const message = 'a cache entry cannot be decoded'
  return { kind: 'gap', code: 'cache.unreadable-entry', place: `${folder}#${fullHash}`, message }
}
