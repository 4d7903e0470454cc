import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  CompleteMultipartUploadCommand, CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3' // prettier-ignore
import { BlobServiceClient } from '@azure/storage-blob'
import { createHash } from 'node:crypto'
import { compareDigests } from '../../../core/fact/digest.ts'
import { openAzure } from '../../../core/storage/azure.ts'
import { openS3 } from '../../../core/storage/s3.ts'
import type { HashPolicy } from '../../../core/source/hash-policy.ts'
import type { FileSource } from '../../../core/source/source.ts'
import { hasAzurite, hasMoto, startAzurite, startMoto, type Server } from '../../tools/servers.ts'

const BUCKET = 'stemma-test'
const LARGE = Buffer.alloc(3_000_000, 'stemma')
/** More members of one folder than a page holds. */
const MANY = 1100
const AT_ONCE = 40

interface Store {
  readonly name: string
  readonly scheme: string
  readonly isHere: boolean
  start(): Promise<Server>
  open(place: string, hash?: HashPolicy): Promise<FileSource>
  /** Sets the environment for the server and makes the bucket. */
  prepare(server: Server): Promise<(key: string, body: Buffer | string) => Promise<unknown>>
}

const s3: Store = {
  name: 'S3',
  scheme: 's3',
  isHere: hasMoto,
  start: startMoto,
  open: (place, hash = 'small') => openS3(place, hash),
  async prepare({ port }) {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
    })
    const client = new S3Client({ forcePathStyle: true })
    await client.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    )
    return (Key, text) =>
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(text), ChecksumAlgorithm: 'SHA256' }))
  },
}

const ACCOUNT = 'devstoreaccount1'
/** Azurite's public account key: the same on every machine. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

const azure: Store = {
  name: 'Azure',
  scheme: 'az',
  isHere: hasAzurite,
  start: startAzurite,
  open: (place, hash = 'small') => openAzure(place, hash),
  async prepare({ port }) {
    const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`
    const connection = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint};`
    process.env.AZURE_STORAGE_CONNECTION_STRING = connection
    const container = BlobServiceClient.fromConnectionString(connection).getContainerClient(BUCKET)
    await container.create()
    return (key, body) => container.getBlockBlobClient(key).upload(body, Buffer.byteLength(body))
  },
}

async function bytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function names(source: FileSource, folder: string): Promise<string[]> {
  const all: string[] = []
  for await (const { name, type } of source.list(folder)) all.push(`${name} ${type}`)
  return all
}

describe.each([s3, azure])('leftovers in $name', (store) => {
  const here = store.isHere || process.env.CI !== undefined ? test : (test.skip as typeof test)
  let server: Server | undefined

  beforeAll(async () => {
    if (!store.isHere && process.env.CI === undefined) return
    server = await store.start()
    const put = await store.prepare(server)
    await put('run/trace.txt', 'task_id\n1\n')
    await put('run/work/ab/cdef/.command.sh', 'echo hi')
    await put('run/work/ab/cdef/ä b+c.txt', 'odd')
    await put('run/large.bin', LARGE)
    await put('runs/other.txt', 'not ours')
    for (let at = 0; at < MANY; at += AT_ONCE) {
      const keys = Array.from({ length: Math.min(AT_ONCE, MANY - at) }, (_, next) => `many/f${at + next}`)
      await Promise.all(keys.map((key) => put(key, 'x')))
    }
  }, 120_000)
  afterAll(() => server?.stop())

  const place = (key: string): string => `${store.scheme}://${BUCKET}/${key}`

  here('are listed as folders, page by page', async () => {
    const source = await store.open(place('run/'))
    expect(source.uri).toBe(place('run'))
    expect(await names(source, '')).toEqual(['large.bin file', 'trace.txt file', 'work folder'])
    expect(await names(source, 'work/ab/cdef')).toEqual(['.command.sh file', 'ä b+c.txt file'])
    expect(await names(source, 'nowhere')).toEqual([])
    expect(await names(await store.open(place('many')), '')).toHaveLength(MANY)
  })

  here('are seen and read in ranges, and not outside of the prefix', async () => {
    const source = await store.open(place('run'))
    expect(await source.stat('trace.txt')).toMatchObject({ type: 'file', sizeBytes: 10 })
    expect(await source.stat('work')).toMatchObject({ type: 'folder' })
    expect(await source.stat('wor')).toBeUndefined()
    expect(await source.stat('../runs/other.txt')).toBeUndefined()
    expect(await source.readText('../runs/other.txt', 100)).toBeUndefined()
    expect(await source.readText('work/ab/cdef/ä b+c.txt', 100)).toBe('odd')
    expect((await bytes(source.open('large.bin'))).equals(LARGE)).toBe(true)
    expect(
      (await bytes(source.open('large.bin', { start: 1_000_000, end: 2_500_001 }))).equals(
        LARGE.subarray(1_000_000, 2_500_001),
      ),
    ).toBe(true)
    expect((await bytes(source.open('trace.txt', { start: 99 }))).length).toBe(0)
    await expect(source.readBytes('large.bin', 1000)).rejects.toMatchObject({ code: 'source.unreadable' })
    await expect(bytes(source.open('gone'))).rejects.toMatchObject({ code: 'source.not-found' })
    expect(source.localPath('trace.txt')).toBeUndefined()
  })

  here('have the store’s tag or sha256, and are fetched to be hashed only when all is asked for', async () => {
    const sha256 = createHash('sha256').update(LARGE).digest('hex')
    expect(await (await store.open(place('run'), 'none')).digest('large.bin')).toBeUndefined()
    expect((await (await store.open(place('run'), 'all')).digest('large.bin'))?.value).toBe(sha256)
    const digest = await (await store.open(place('run'))).digest('large.bin')
    if (digest?.algorithm === 'md5') expect(digest.value).toBe(createHash('md5').update(LARGE).digest('hex'))
    else if (digest?.scope === 'full') expect(digest.value).toBe(sha256)
    else expect(digest).toMatchObject({ scope: 'etag', algorithm: `${store.scheme}-etag` })
  })

  here('one object is a source, and another prefix can be reached', async () => {
    const source = await store.open(place('run/trace.txt'))
    expect(await source.readText('', 100)).toBe('task_id\n1\n')
    expect(await (await source.reach(place('run/work')))?.readText('ab/cdef/.command.sh', 100)).toBe('echo hi')
    expect(await source.reach(place('nowhere'))).toBeUndefined()
    expect(await source.reach('/tmp')).toBeUndefined()
  })

  here('what is not there, and a server that is away, have their own errors', async () => {
    await expect(store.open(place('nowhere'))).rejects.toMatchObject({ code: 'source.not-found' })
    await expect(store.open(`${store.scheme}://no-such-bucket-here/x`)).rejects.toMatchObject({
      code: 'storage.not-found',
    })
  })
})

const withMoto = s3.isHere || process.env.CI !== undefined ? describe : describe.skip

withMoto('objects that came in parts', () => {
  let server: Server | undefined
  beforeAll(async () => {
    server = await startMoto()
    await s3.prepare(server)
  }, 120_000)
  afterAll(() => server?.stop())

  async function upload(Key: string, parts: readonly Buffer[]): Promise<void> {
    const client = new S3Client({ forcePathStyle: true })
    const object = { Bucket: BUCKET, Key }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(object))
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    for (const [at, Body] of parts.entries()) {
      const part = { ...object, UploadId, PartNumber: at + 1 }
      const { ETag } = await client.send(new UploadPartCommand({ ...part, Body }))
      Parts.push({ PartNumber: at + 1, ETag })
    }
    await client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }))
  }

  test('say nothing about equal bytes that were cut otherwise', async () => {
    const bytes = Buffer.alloc(11_000_000, 'stemma')
    const cut = (...ends: number[]): Buffer[] => ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
    await upload('parts/two', cut(6_000_000, 11_000_000))
    await upload('parts/two-again', cut(6_000_000, 11_000_000))
    await upload('parts/three', cut(5_500_000, 10_900_000, 11_000_000))
    const source = await openS3(`s3://${BUCKET}/parts`, 'small')
    const [two, again, three] = await Promise.all(['two', 'two-again', 'three'].map((name) => source.digest(name)))
    expect(two).toMatchObject({ scope: 'etag', algorithm: 's3-etag-of-2' })
    expect(again).toEqual(two)
    if (two === undefined || three === undefined) throw new TypeError('every object has a tag')
    expect(compareDigests(two, three)).toBeUndefined()
  })
})
