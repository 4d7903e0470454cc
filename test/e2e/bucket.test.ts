import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { BlobServiceClient } from '@azure/storage-blob'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../tools/run-cli.ts'
import { hasAzurite, hasMoto, startAzurite, startMoto, type Server } from '../tools/servers.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

/** A trace, a report, a log, a cache and a lineage store; and work directories with traces and logs. */
const SCENARIOS = ['retry-ignore', 'two-pipelines'] as const
const fixture = (scenario: string): string =>
  new URL(`../../fixtures/nextflow/25.04.8/${scenario}/source/`, import.meta.url).pathname
const folder = temporaryFolders()
const isHere = (installed: boolean): boolean => installed || process.env.CI !== undefined
const testWhere = (installed: boolean): typeof test => (isHere(installed) ? test : (test.skip as typeof test))
type Put = (name: string, body: Buffer) => Promise<unknown>

const CONTAINER = 'pipelines'
/** Azurite's public account: the same on every machine. */
const ACCOUNT = 'devstoreaccount1'
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

async function makeBucket({ port }: Server): Promise<Put> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  })
  const client = new S3Client({ forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: CONTAINER }))
  return (Key, Body) => client.send(new PutObjectCommand({ Bucket: CONTAINER, Key, Body }))
}

async function makeContainer({ port }: Server): Promise<Put> {
  const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`
  const connection = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint};`
  process.env.AZURE_STORAGE_CONNECTION_STRING = connection
  const container = BlobServiceClient.fromConnectionString(connection).getContainerClient(CONTAINER)
  await container.create()
  return (name, body) => container.getBlockBlobClient(name).upload(body, body.length)
}

async function upload(put: Put): Promise<void> {
  for (const scenario of SCENARIOS) {
    for (const name of await readdir(fixture(scenario), { recursive: true })) {
      const file = join(fixture(scenario), name)
      if ((await stat(file)).isFile()) await put(`runs/${scenario}/${name}`, await readFile(file))
    }
  }
}

let server: Server | undefined
let azure: Server | undefined

beforeAll(async () => {
  if (isHere(hasMoto)) await upload(await makeBucket((server = await startMoto())))
  if (isHere(hasAzurite)) await upload(await makeContainer((azure = await startAzurite())))
}, 240_000)
afterAll(async () => {
  await server?.stop()
  await azure?.stop()
})

const Line = z.looseObject({ kind: z.string() })

const TOLD = ['transform', 'run', 'consumed', 'produced', 'copied', 'ambiguous']

/** All runs and edges, those of published files too; without what each place says of its files (sizes, times) and gaps. */
async function told(folder: string, source: string): Promise<string[]> {
  const done = await runCli(['import', 'nextflow', source], { folder })
  expect(done).toMatchObject({ code: 0, err: '' })
  const { out } = await runCli(['export'], { folder })
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => Line.parse(JSON.parse(line)))
    .filter(({ kind }) => TOLD.includes(kind))
    .map((fact) => JSON.stringify(fact))
}

for (const [scheme, isInstalled] of [
  ['s3', hasMoto],
  ['az', hasAzurite],
] as const) {
  testWhere(isInstalled)(
    `whole launch folders in a bucket tell the same as on disk: ${scheme}`,
    async () => {
      for (const scenario of SCENARIOS) {
        const local = await told(await folder(), fixture(scenario))
        const remote = await told(await folder(), `${scheme}://${CONTAINER}/runs/${scenario}`)
        expect(local.filter((line) => line.includes('"kind":"copied"')).length).toBeGreaterThan(2)
        expect(remote).toEqual(local)
      }
    },
    120_000,
  )
}

testWhere(hasMoto)('a bucket that is not there, and a server that is away, are exit 4 to 6', async () => {
  const root = await folder()
  expect((await runCli(['import', 's3://no-such-bucket/x'], { folder: root })).code).toBe(6)
  expect((await runCli(['import', 's3://pipelines/nothing'], { folder: root })).code).toBe(4)
  await server?.stop()
  const done = await runCli(['import', 's3://pipelines/runs/42'], { folder: root })
  expect(done.code).toBe(6)
  expect(done.err).toMatch(/cannot be reached/)
})
