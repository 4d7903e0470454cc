import { fileUri, normalizePath, objectUri, toUri } from '../../../core/adapter.ts'
import type { ArtifactUid, Uri } from '../../../core/adapter.ts'

/** A file as Snakemake named it. */
export interface Place {
  /** Where it was then. */
  readonly uri: Uri
  /** The same for all names of one place, also when the working directory has moved between two executions. */
  readonly key: string
  /** Below the working directory; absent = outside of it. */
  readonly relative?: string
  /** Of what lies there in a version that nobody names; made when it is first asked for. */
  unstated?: ArtifactUid
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]+:\/\//
// 8.0 to 8.23.1 record the local copy of a stored file; the provider's name is the folder unless the workflow tags it.
const STORED = /^\.snakemake\/storage\/(s3|gcs|fs)\/(.+)$/s

/** The place of a name, in a working directory that was at an absolute path. */
export function findPlace(name: string, workDir: string): Place {
  const stored = name.startsWith('.snakemake/') ? STORED.exec(name) : null
  if (stored?.[1] !== undefined && stored[2] !== undefined) return storedPlace(stored[1], stored[2], workDir)
  if (name.includes('://') && SCHEME.test(name)) {
    const uri = toUri(name)
    if (uri?.startsWith('file:') === false) return { uri, key: uri }
  }
  return localPlace(name, workDir)
}

function localPlace(name: string, workDir: string): Place {
  const path = normalizePath(name.startsWith('/') ? name : `${workDir}/${name}`)
  const uri = fileUri(path)
  const base = workDir === '/' ? '/' : `${workDir}/`
  if (!path.startsWith(base)) return { uri, key: uri }
  const relative = path.slice(base.length)
  return { uri, key: `./${relative}`, relative }
}

function storedPlace(provider: string, path: string, workDir: string): Place {
  if (provider === 'fs') return localPlace(`/${path}`, workDir)
  const [bucket = '', ...key] = path.split('/')
  const uri = objectUri(provider === 'gcs' ? 'gs' : provider, bucket, key.join('/'))
  return { uri, key: uri }
}

/** Whether the uri is of an object store or a server, not of a disk. */
export function isRemote(uri: string): boolean {
  return !uri.startsWith('file:')
}
