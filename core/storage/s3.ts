import type * as Sdk from '@aws-sdk/client-s3'
import { StemmaError } from '../errors.ts'
import type { HashPolicy } from '../source/hash-policy.ts'
import type { FileSource } from '../source/source.ts'
import { missingPackage } from './missing-package.ts'
import { objectSource, parseObjectUri } from './object-source.ts'
import type { Listed, ObjectBody, ObjectStore, StoredObject } from './object-store.ts'
import { errorName } from '../system-error.ts'

/** Leftovers in an S3 bucket: `s3://bucket/prefix`. Credentials, region and endpoint are found as the AWS SDK finds them. */
export async function openS3(place: string, hash: HashPolicy): Promise<FileSource> {
  const sdk = await import('@aws-sdk/client-s3').catch((cause: unknown) => missingPackage('@aws-sdk/client-s3', cause))
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL
  const client = new sdk.S3Client({
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    followRegionRedirects: true,
    forcePathStyle: endpoint !== undefined, // servers of one's own have no host name a bucket
  })
  const { bucket, key } = parseObjectUri(place)
  return openAt(new S3Bucket(sdk, client, bucket), key, place, hash)
}

async function openAt(store: ObjectStore, key: string, place: string, hash: HashPolicy): Promise<FileSource> {
  const source = objectSource(store, key, hash)
  if ((await source.stat('')) !== undefined || key === '') return source
  throw new StemmaError('source.not-found', `nothing is there: "${place}"`, { detail: { place } })
}

class S3Bucket implements ObjectStore {
  readonly scheme = 's3'
  readonly bucket: string
  readonly #sdk: typeof Sdk
  readonly #client: Sdk.S3Client

  constructor(sdk: typeof Sdk, client: Sdk.S3Client, bucket: string) {
    this.#sdk = sdk
    this.#client = client
    this.bucket = bucket
  }

  other(bucket: string): ObjectStore {
    return new S3Bucket(this.#sdk, this.#client, bucket)
  }

  async *list(prefix: string): AsyncIterable<Listed> {
    let token: string | undefined
    do {
      const page = await this.#ask(prefix, () =>
        this.#client.send(
          new this.#sdk.ListObjectsV2Command({
            Bucket: this.bucket,
            Prefix: prefix,
            Delimiter: '/',
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      )
      for (const { Prefix } of page.CommonPrefixes ?? [])
        if (Prefix !== undefined) yield { kind: 'prefix', prefix: Prefix }
      for (const { Key, Size, LastModified, ETag } of page.Contents ?? []) {
        if (Key !== undefined) yield { kind: 'object', object: toObject(Key, Size, LastModified, ETag) }
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const command = new this.#sdk.HeadObjectCommand({ Bucket: this.bucket, Key: key, ChecksumMode: 'ENABLED' })
    try {
      const found = await this.#client.send(command)
      const object = toObject(key, found.ContentLength, found.LastModified, found.ETag)
      // A checksum of checksums (multipart uploads, `value-parts`) is none of the content.
      if (found.ChecksumSHA256 === undefined || found.ChecksumType === 'COMPOSITE') return object
      return { ...object, sha256: Buffer.from(found.ChecksumSHA256, 'base64').toString('hex') }
    } catch (cause) {
      if (isAbsent(cause)) return undefined
      throw this.#failure(key, cause)
    }
  }

  async get(key: string, range: { readonly start: number; readonly end?: number }): Promise<ObjectBody | undefined> {
    const isWhole = range.start === 0 && range.end === undefined
    const asked = `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`
    const command = new this.#sdk.GetObjectCommand({
      Bucket: this.bucket,
      Key: key,
      ...(isWhole ? {} : { Range: asked }),
    })
    try {
      const { Body, ContentLength } = await this.#client.send(command)
      if (Body === undefined) return undefined
      return { sizeBytes: ContentLength ?? 0, chunks: bytesOf(Body.transformToWebStream()) }
    } catch (cause) {
      if (statusOf(cause) === 416) return { sizeBytes: 0, chunks: nothing() } // it begins behind the end
      if (isAbsent(cause)) return undefined
      throw this.#failure(key, cause)
    }
  }

  async #ask<T>(key: string, question: () => Promise<T>): Promise<T> {
    try {
      return await question()
    } catch (cause) {
      throw this.#failure(key, cause)
    }
  }

  #failure(key: string, cause: unknown): StemmaError {
    const place = `s3://${this.bucket}/${key}`
    const name = errorName(cause)
    const status = statusOf(cause)
    if (name === 'NoSuchBucket' || status === 404) {
      return new StemmaError('storage.not-found', `no such bucket: "${place}"`, { cause, detail: { place } })
    }
    if (status === 403 || status === 401 || name.startsWith('Credentials') || name === 'InvalidAccessKeyId') {
      return new StemmaError('storage.denied', `may not be read (${name}): "${place}"`, { cause, detail: { place } })
    }
    return new StemmaError('storage.unavailable', `cannot be reached (${name}): "${place}"`, {
      cause,
      detail: { place },
    })
  }
}

/** 404 without a word on the bucket: HEAD has no body to say more. */
function isAbsent(cause: unknown): boolean {
  return statusOf(cause) === 404 && errorName(cause) !== 'NoSuchBucket'
}

function statusOf(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return undefined
  const metadata = cause.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

function toObject(key: string, size = 0, modified?: Date, etag?: string): StoredObject {
  const tag = etag?.replaceAll('"', '')
  return { key, sizeBytes: size, modifiedMs: modified?.getTime() ?? 0, ...(tag === undefined ? {} : { etag: tag }) }
}

async function* bytesOf(stream: ReadableStream): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // no bytes
}
