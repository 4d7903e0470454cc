import type { FileSource } from '../../../core/adapter.ts'
import { decodeRecordName } from './record-name.ts'

/** A file of the store: the output it speaks of, and where it lies. */
export interface StoreFile {
  readonly target?: string
  readonly place: string
}

/** No path has more pieces than this: 4096 bytes are 22 pieces of the usual length. */
const DEEPEST = 64

/** The files below `.snakemake/metadata` or `incomplete`. Empty `@` folders are normal: long markers leave them behind. */
export async function* walkStore(source: FileSource, folder: string, parts: string[] = []): AsyncIterable<StoreFile> {
  const here = [folder, ...parts].join('/')
  for await (const entry of source.list(here)) {
    const place = `${here}/${entry.name}`
    if (entry.type === 'folder' && entry.name.startsWith('@') && parts.length < DEEPEST) {
      yield* walkStore(source, folder, [...parts, entry.name])
    }
    // 7.9 to 9.10 write `tmpXXXXXXXX.<name>` first; a dot never occurs in a record's name.
    if (entry.type !== 'file' || entry.name.includes('.')) continue
    const target = decodeRecordName([...parts, entry.name])
    yield target === undefined ? { place } : { target, place }
  }
}
