import { cp, mkdtemp, rename, rm, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import adapter from '../../../adapters/nextflow/index.ts'
import { StemmaError, type Fact, type FileSource } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { lookOneByOne } from '../../../core/source/look-one-by-one.ts'
import { memorySource } from './memory-source.ts'

const FIXTURE = join(import.meta.dirname, '../../../fixtures/nextflow/25.04.8/two-pipelines/source')
const FIT_A = '89/971acb94afd61d837b77733cef8271'
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'))
  await cp(FIXTURE, join(folder, 'all'), { recursive: true, verbatimSymlinks: true })
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

const open = (path: string): Promise<FileSource> => openFolder(join(folder, path), () => Promise.resolve(undefined))

async function read(sources: readonly FileSource[]): Promise<Fact[]> {
  const facts: Fact[] = []
  for await (const fact of adapter.read(sources, { own: {} })) facts.push(fact)
  return facts
}

/** `run -> path` of all inputs. */
function inputs(facts: readonly Fact[]): string[] {
  const names = new Map(facts.flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact.name] as const] : [])))
  const uris = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, fact.uri] as const] : [])))
  return facts
    .flatMap((fact) =>
      fact.kind === 'consumed' ? [`${names.get(fact.run) ?? '?'} <- ${uris.get(fact.artifact) ?? '?'}`] : [],
    )
    .sort()
}

function codes(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => (fact.kind === 'gap' ? [`${fact.code} ${fact.place}`] : []))
}

test('a trace, a work directory and results that lie apart are joined as though they lay in one folder', async () => {
  await mkdir(join(folder, 'one'))
  await rename(join(folder, 'all/trace-model.txt'), join(folder, 'one/trace-model.txt'))
  await cp(join(folder, 'all/work'), join(folder, 'one/work'), { recursive: true, verbatimSymlinks: true })
  const together = await read([await open('one')])
  const apart = await read([await open('one/trace-model.txt'), await open('one/work')])
  expect(inputs(together)).toContain('FIT (a) <- file:///data/shared/base/a.csv')
  expect(inputs(apart)).toEqual(inputs(together))
  expect(codes(apart)).toContain('run.unknown ') // the tasks of the three other runs
})

test('launch folders that are named together say what each of them says alone', async () => {
  await cp(join(folder, 'all'), join(folder, 'again'), { recursive: true, verbatimSymlinks: true })
  const [first, second] = [await open('all'), await open('again')]
  expect(await read([first, second])).toEqual([...(await read([first])), ...(await read([second]))])
  expect(await read([first, first])).toEqual(await read([first]))
})

test('files that may not be read are gaps, and the rest is read', async () => {
  const whole = await read([await open('all')])
  const shut = [`work/${FIT_A}/.command.run`, 'models', 'trace-model.txt']
  const facts = await read([refusing(await open('all'), shut)])
  for (const path of shut) expect(codes(facts)).toContain(`source.unreadable ${path}`)
  expect(new Set(codes(facts)).size).toBe(codes(facts).length)
  const left = inputs(facts)
  expect(left.length).toBeGreaterThan(10)
  expect(inputs(whole)).toEqual(expect.arrayContaining(left))
})

test('a source of which nothing can be read says so', async () => {
  const shut = { 'trace.txt': { unreadable: true } } as const
  expect(codes(await read([memorySource(shut)]))).toEqual(['source.unreadable trace.txt'])
  const none = refusing(await open('all'), [''])
  await expect(read([none])).rejects.toMatchObject({ code: 'source.unreadable' })
})

/** The source as somebody sees it who lacks the permission for some paths: tests may run as root, who may read all. */
function refusing(source: FileSource, shut: readonly string[]): FileSource {
  const check = (path: string): void => {
    if (shut.some((each) => path === each || path.startsWith(`${each}/`)))
      throw new StemmaError('source.unreadable', `no permission to read: "${path}"`)
  }
  const refused: FileSource = {
    ...source,
    look: (wanted) => lookOneByOne(refused, wanted),
    async *list(path) {
      check(path)
      yield* source.list(path)
    },
    async *open(path, range) {
      check(path)
      yield* source.open(path, range)
    },
    async readText(path, maxBytes) {
      check(path)
      return source.readText(path, maxBytes)
    },
    async readBytes(path, maxBytes) {
      check(path)
      return source.readBytes(path, maxBytes)
    },
    async digest(path) {
      check(path)
      return source.digest(path)
    },
  }
  return refused
}
