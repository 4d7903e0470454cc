import type * as Sdk from '@azure/storage-blob'
import { StemmaError } from '../errors.ts'
import type { HashPolicy } from '../source/hash-policy.ts'
import type { FileSource } from '../source/source.ts'
import { missingPackage } from './missing-package.ts'
import { objectSource, parseObjectUri } from './object-source.ts'
import type { Listed, ObjectBody, ObjectStore, StoredObject } from './object-store.ts'
import { errorName } from '../system-error.ts'

/**
 * Leftovers in an Azure container: `az://container/prefix`. The account is found by AZURE_STORAGE_CONNECTION_STRING, or
 * AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN (without either: what anybody may read).
 */
export async function openAzure(place: string, hash: HashPolicy): Promise<FileSource> {
  const sdk = await import('@azure/storage-blob').catch((cause: unknown) =>
    missingPackage('@azure/storage-blob', cause),
  )
  const { bucket, key } = parseObjectUri(place)
  const source = objectSource(new AzureContainer(connect(sdk, place), bucket), key, hash)
  if ((await source.stat('')) !== undefined || key === '') return source
  throw new StemmaError('source.not-found', `nothing is there: "${place}"`, { detail: { place } })
}

function connect(sdk: typeof Sdk, place: string): Sdk.BlobServiceClient {
  const { env } = process
  const connection = env.AZURE_STORAGE_CONNECTION_STRING
  if (connection !== undefined && connection !== '') return sdk.BlobServiceClient.fromConnectionString(connection)
  const account = env.AZURE_STORAGE_ACCOUNT
  if (account === undefined || account === '') {
    throw new StemmaError('storage.denied', `no storage account is named: "${place}"`, {
      advice: 'Set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY.',
    })
  }
  const url = env.AZURE_STORAGE_BLOB_ENDPOINT ?? `https://${account}.blob.core.windows.net`
  const key = env.AZURE_STORAGE_KEY
  if (key !== undefined) return new sdk.BlobServiceClient(url, new sdk.StorageSharedKeyCredential(account, key))
  const token = env.AZURE_STORAGE_SAS_TOKEN?.replace(/^\?/, '')
  return new sdk.BlobServiceClient(token === undefined ? url : `${url}?${token}`)
}

class AzureContainer implements ObjectStore {
  readonly scheme = 'az'
  readonly bucket: string
  readonly #service: Sdk.BlobServiceClient
  readonly #container: Sdk.ContainerClient

  constructor(service: Sdk.BlobServiceClient, bucket: string) {
    this.#service = service
    this.#container = service.getContainerClient(bucket)
    this.bucket = bucket
  }

  other(bucket: string): ObjectStore {
    return new AzureContainer(this.#service, bucket)
  }

  async *list(prefix: string): AsyncIterable<Listed> {
    try {
      for await (const item of this.#container.listBlobsByHierarchy('/', { prefix })) {
        if (item.kind === 'prefix') yield { kind: 'prefix', prefix: item.name }
        else yield { kind: 'object', object: toObject(item.name, item.properties) }
      }
    } catch (cause) {
      throw this.#failure(prefix, cause)
    }
  }

  async head(key: string): Promise<StoredObject | undefined> {
    try {
      return toObject(key, await this.#container.getBlobClient(key).getProperties())
    } catch (cause) {
      if (isAbsent(cause)) return undefined
      throw this.#failure(key, cause)
    }
  }

  async get(key: string, range: { readonly start: number; readonly end?: number }): Promise<ObjectBody | undefined> {
    const length = range.end === undefined ? undefined : range.end - range.start
    try {
      const found = await this.#container.getBlobClient(key).download(range.start, length)
      const body = found.readableStreamBody
      return body === undefined ? undefined : { sizeBytes: found.contentLength ?? 0, chunks: bytesOf(body) }
    } catch (cause) {
      if (statusOf(cause) === 416) return { sizeBytes: 0, chunks: nothing() } // it begins behind the end
      if (isAbsent(cause)) return undefined
      throw this.#failure(key, cause)
    }
  }

  #failure(key: string, cause: unknown): StemmaError {
    const place = `az://${this.bucket}/${key}`
    const why = codeOf(cause)
    const status = statusOf(cause)
    if (status === 404)
      return new StemmaError('storage.not-found', `no such container: "${place}"`, { cause, detail: { place } })
    if (status === 401 || status === 403) {
      return new StemmaError('storage.denied', `may not be read (${why}): "${place}"`, { cause, detail: { place } })
    }
    return new StemmaError('storage.unavailable', `cannot be reached (${why}): "${place}"`, {
      cause,
      detail: { place },
    })
  }
}

/** No such blob; a container that is not there has a code of its own. */
function isAbsent(cause: unknown): boolean {
  return statusOf(cause) === 404 && codeOf(cause) !== 'ContainerNotFound'
}

function statusOf(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('statusCode' in cause)) return undefined
  return typeof cause.statusCode === 'number' ? cause.statusCode : undefined
}

function codeOf(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  return errorName(cause)
}

interface Properties {
  readonly contentLength?: number | undefined
  readonly lastModified?: Date | undefined
  readonly contentMD5?: Uint8Array | undefined
}

/** The tag of a blob names one writing of it, whatever was written: equal blobs have different ones. */
function toObject(key: string, { contentLength, lastModified, contentMD5 }: Properties): StoredObject {
  return {
    key,
    sizeBytes: contentLength ?? 0,
    modifiedMs: lastModified?.getTime() ?? 0,
    ...(contentMD5 === undefined ? {} : { md5: Buffer.from(contentMD5).toString('hex') }),
  }
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // no bytes
}
