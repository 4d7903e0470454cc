import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { StemmaError } from '../errors.ts'
import { filePath, toUri } from '../fact/uri.ts'
import { hidePassword } from '../config/database-url.ts'
import { openFolder, type Hasher } from './folder.ts'
import type { HashPolicy } from './hash-policy.ts'
import type { AddressSource, FileSource, Source } from './source.ts'

/** How files are hashed; what lies in a bucket is hashed by the policy alone. */
export interface Hashing {
  readonly hash: HashPolicy
  readonly hasher: Hasher
}

/** Opens what a person named: a folder, a file, `s3://bucket/prefix`, `az://container/prefix`, or an address. */
export async function openSource(place: string, workingFolder: string, hashing: Hashing): Promise<Source> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/u.exec(place)?.[1]?.toLowerCase()
  if (scheme === 's3' || scheme === 'az' || scheme === undefined || scheme === 'file') {
    return openFiles(place, workingFolder, hashing)
  }
  return place.includes('://') ? addressSource(place, workingFolder, hashing) : openFiles(place, workingFolder, hashing)
}

/** The same for what must be files. */
export async function openFiles(place: string, workingFolder: string, { hash, hasher }: Hashing): Promise<FileSource> {
  if (place.startsWith('s3://')) {
    const { openS3 } = await import('../storage/s3.ts')
    return openS3(place, hash)
  }
  if (place.startsWith('az://')) {
    const { openAzure } = await import('../storage/azure.ts')
    return openAzure(place, hash)
  }
  return openFolder(localPlace(place, workingFolder), hasher)
}

function localPlace(place: string, workingFolder: string): string {
  if (place === '') throw new StemmaError('source.not-found', 'the source has an empty name')
  if (place.startsWith('file:')) return filePath(toUri(place) ?? '') ?? place
  // A shell expands it only at the start of a word: `--source=~/x` and configuration files bring it here.
  if (place === '~' || place.startsWith('~/')) return join(homedir(), place.slice(1))
  return resolve(workingFolder, place)
}

async function addressSource(address: string, workingFolder: string, { hasher }: Hashing): Promise<AddressSource> {
  const uri = toUri(hidePassword(address))
  if (uri === undefined) throw new StemmaError('source.not-found', `not an address: "${hidePassword(address)}"`)
  return { kind: 'address', address, uri, folder: await openFolder(workingFolder, hasher) }
}
