import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../tools/run-cli.ts'
import { hasMoto, startMoto, type Server } from '../tools/servers.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

/** A trace, a report, a log, a cache and a lineage store; and work directories with traces and logs. */
const SCENARIOS = ['retry-ignore', 'two-pipelines'] as const
const fixture = (scenario: string): string =>
  new URL(`../../fixtures/nextflow/25.04.8/${scenario}/source/`, import.meta.url).pathname
const folder = temporaryFolders()
const here = hasMoto || process.env.CI !== undefined ? test : (test.skip as typeof test)
let server: Server | undefined

beforeAll(async () => {
  if (!hasMoto && process.env.CI === undefined) return
  server = await startMoto()
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  })
  const client = new S3Client({ forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: 'pipelines' }))
  for (const scenario of SCENARIOS) {
    for (const name of await readdir(fixture(scenario), { recursive: true })) {
      const file = join(fixture(scenario), name)
      if (!(await stat(file)).isFile()) continue
      const Key = `runs/${scenario}/${name}`
      await client.send(new PutObjectCommand({ Bucket: 'pipelines', Key, Body: await readFile(file) }))
    }
  }
}, 120_000)
afterAll(() => server?.stop())

const Line = z.looseObject({ kind: z.string() })

/** What the engine wrote down: without what is seen on disk (sizes, digests) and without gaps, which name places. */
async function told(folder: string, source: string): Promise<string[]> {
  const done = await runCli(['import', 'nextflow', source, '--hash', 'none'], { folder })
  expect(done).toMatchObject({ code: 0, err: '' })
  const { out } = await runCli(['export'], { folder })
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => Line.parse(JSON.parse(line)))
    .filter(({ kind }) => ['transform', 'run', 'consumed', 'produced'].includes(kind))
    .map((fact) => JSON.stringify(fact))
}

here(
  'leftovers in a bucket tell the same as on disk',
  async () => {
    for (const scenario of SCENARIOS) {
      const local = await told(await folder(), fixture(scenario))
      const remote = await told(await folder(), `s3://pipelines/runs/${scenario}`)
      expect(local.length).toBeGreaterThan(10)
      expect(remote).toEqual(local)
    }
  },
  120_000,
)

here('a bucket that is not there, and a server that is away, are exit 4 to 6', async () => {
  const root = await folder()
  expect((await runCli(['import', 's3://no-such-bucket/x'], { folder: root })).code).toBe(6)
  expect((await runCli(['import', 's3://pipelines/nothing'], { folder: root })).code).toBe(4)
  await server?.stop()
  const done = await runCli(['import', 's3://pipelines/runs/42'], { folder: root })
  expect(done.code).toBe(6)
  expect(done.err).toMatch(/cannot be reached/)
})
