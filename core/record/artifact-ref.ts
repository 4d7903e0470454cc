import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StemmaError } from '../errors.ts'
import { fileUri, toUri } from '../fact/uri.ts'
import type { Uri } from '../fact/uri.ts'
import { ARTIFACT_MARK } from './references.ts'

/** A file or object as a value: plain JSON, so that it survives queues, workers and payload converters. */
export interface ArtifactRef {
  readonly [ARTIFACT_MARK]: 'artifact'
  readonly uri: string
  readonly sha256?: string
  readonly sizeBytes?: number
}

/** What names an artifact: a path (relative ones count from the working directory), a uri, or a reference. */
export type ArtifactPlace = string | URL | ArtifactRef

/** A reference to hand around: found again in arguments and results of whatever is recorded. */
export function artifactRef(
  place: string | URL,
  known: { readonly sha256?: string; readonly sizeBytes?: number } = {},
): ArtifactRef {
  return { [ARTIFACT_MARK]: 'artifact', uri: placeUri(place), ...known }
}

/** The uri of a place. Throws `usage.invalid-option` for what names nothing. */
export function placeUri(place: ArtifactPlace): Uri {
  if (typeof place === 'object' && !(place instanceof URL)) return placeUri(place.uri)
  const text = place instanceof URL ? (place.protocol === 'file:' ? fileURLToPath(place) : place.href) : place
  const uri = /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(text) ? toUri(withoutSignature(text)) : fileUri(resolve(text))
  if (uri === undefined || text === '') throw new StemmaError('usage.invalid-option', `names no file: "${text}"`)
  return uri
}

/** The query of a link to a store holds its signature. */
function withoutSignature(uri: string): string {
  return uri.startsWith('file:') ? uri : uri.replace(/[?#].*$/s, '')
}
