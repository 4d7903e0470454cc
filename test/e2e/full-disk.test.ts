// A real file system that is full: a mount of 4 MB.
import { afterAll, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli, type CliRun } from '../tools/run-cli.ts'
import { mountSmallDisk } from '../tools/small-disk.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const mounted = mountSmallDisk(4)
const disk = 'refused' in mounted ? undefined : mounted
afterAll(() => disk?.remove())

// No server and no engine is missing where nobody may mount: then these tests cannot be had, and say why.
if ('refused' in mounted) {
  test('left out, since this user may not mount a file system', () => {
    expect(mounted.refused).toMatch(/permission denied|not permitted|superuser|only root/i)
  })
}
const here = disk === undefined ? (): void => undefined : test

const SMALL = new URL('../../fixtures/nextflow/25.04.8/retry-ignore/source', import.meta.url).pathname

/** A folder on the small disk, and the facts of `runs` runs elsewhere. */
async function scene(name: string, runs: number): Promise<{ root: string; facts: string }> {
  if (disk === undefined) throw new Error('no disk')
  const root = join(disk.folder, name)
  await mkdir(root)
  const facts = join(await folder(), 'facts.ndjson')
  const file = createWriteStream(facts)
  const uid = (at: number): string => String(at).padStart(16, 'A')
  file.write(`{"kind":"stream","format":"stemma-facts","version":1}\n{"kind":"transform","uid":"${uid(1)}","name":"t","type":"task","engine":"x"}\n`) // prettier-ignore
  for (let at = 0; at < runs; at++) file.write(`{"kind":"run","uid":"${uid(at)}","transform":"${uid(1)}","engine":"x","key":"k${at}","name":"n","outcome":"succeeded"}\n`) // prettier-ignore
  file.end()
  await once(file, 'finish')
  return { root, facts }
}

/** Leaves so many bytes of the disk. */
async function fill(root: string, left: number): Promise<string> {
  const { bavail, bsize } = await statfs(root)
  const ballast = join(root, '..', 'ballast')
  await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)))
  return ballast
}

const full = (run: CliRun): void => {
  expect(run).toMatchObject({ code: 5, out: '' })
  expect(run.err).toMatch(/^stemma: [^\n]+\nFree some space, then repeat: nothing was half written\.\n$/)
}

here('an import that fills the disk leaves no project behind', async () => {
  const { root, facts } = await scene('fresh', 30_000)
  full(await runCli(['import', 'facts', facts], { folder: root }))
  expect(await readdir(root)).toEqual([])
})

here('nor rows in a database that was there; with space again it goes through', async () => {
  const { root, facts } = await scene('known', 4_000)
  expect(await runCli(['import', SMALL], { folder: root })).toMatchObject({ code: 0 })
  const before = await runCli(['export'], { folder: root })
  const ballast = await fill(root, 600_000)
  full(await runCli(['import', 'facts', facts], { folder: root }))
  expect(await runCli(['export'], { folder: root })).toEqual(before)
  await rm(ballast)
  expect(await runCli(['import', 'facts', facts], { folder: root })).toMatchObject({ code: 0, err: '' })
  expect((await runCli(['export'], { folder: root })).out.length).toBeGreaterThan(before.out.length)
  await rm(root, { recursive: true })
})

here('where not even a project fits, it is said so and nothing is left; an older one stays as it was', async () => {
  const { root } = await scene('nothing', 0)
  const config = join(root, '.stemma/config.yaml')
  const ballast = await fill(root, 0)
  for (const argv of [['init'], ['import', SMALL]]) full(await runCli(argv, { folder: root }))
  expect(await readdir(root)).toEqual([])
  await rm(ballast)
  expect(await runCli(['init'], { folder: root })).toMatchObject({ code: 0 })
  const before = await readFile(config, 'utf8')
  const again = await fill(root, 0)
  full(await runCli(['connect', 'file:other.db'], { folder: root }))
  expect(await readFile(config, 'utf8')).toBe(before)
  expect(await readdir(join(root, '.stemma'))).not.toContain('other.db')
  await rm(again)
})
