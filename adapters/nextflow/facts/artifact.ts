import { artifactUid, toUri, type ArtifactFact, type Digest, type Stat, toIso } from '../../../core/adapter.ts'

/** What is known of an artifact beside its place. */
export interface ArtifactDetails {
  /** Natural key of the run that wrote this version, where a place can be written again. */
  readonly version?: string
  readonly stat?: Stat
  /** Where nothing else is known of the file as it was. */
  readonly sizeBytes?: number
  readonly digest?: Digest
}

/** The artifact at an absolute path or uri; `undefined` when the text is neither. */
export function artifactFact(path: string, details: ArtifactDetails = {}): ArtifactFact | undefined {
  const uri = toUri(path)
  if (uri === undefined || uri.length > 32_768) return undefined
  const { stat, digest } = details
  const isFile = stat !== undefined && stat.type !== 'folder' && stat.type !== 'link'
  const sizeBytes = isFile ? stat.sizeBytes : details.sizeBytes
  const modifiedAt = toIso(stat?.modifiedMs)
  return {
    kind: 'artifact',
    uid: artifactUid(uri, details.version),
    uri,
    type: stat?.type === 'folder' ? 'folder' : uri.startsWith('file:') ? 'file' : 'object',
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(modifiedAt === undefined || stat?.type === 'link' ? {} : { modifiedAt }),
    ...(digest === undefined ? {} : { digests: [digest] }),
  }
}
