import { describe, expect, test } from '@jest/globals'
import { cp, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli, type CliRun } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname
const NEXTFLOW = join(FIXTURES, 'nextflow/25.04.8/retry-ignore/source')

async function copyOf(source: string): Promise<string> {
  const root = await folder()
  await cp(source, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  return root
}

/** Every file below a folder with its content, but for our own. */
async function contents(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const name of await readdir(root, { recursive: true })) {
    if (name.split('/')[0] === '.stemma') continue
    const seen = await stat(join(root, name))
    found.set(
      name,
      seen.isFile() ? `${seen.mtimeMs} ${(await readFile(join(root, name))).toString('base64')}` : 'folder',
    )
  }
  return found
}

const ok = (done: CliRun): CliRun => {
  expect(done).toMatchObject({ code: 0, err: '' })
  return done
}
const Imports = z.object({
  imports: z.array(
    z.looseObject({
      engine: z.string(),
      unchanged: z.boolean(),
      added: z.number().optional(),
      counts: z.record(z.string(), z.number()),
    }),
  ),
})

describe('from a folder to an answer', () => {
  test('import makes the database here, says what it found, and writes nowhere else', async () => {
    const root = await copyOf(NEXTFLOW)
    const before = await contents(root)
    const done = ok(await runCli(['import', '.'], { folder: root }))
    expect(done.out).toMatch(/✓ nextflow from /)
    expect(done.out).toMatch(/\d+ executions?, \d+ tasks?: /)
    expect(done.out).toMatch(/gap/)
    expect(done.out).toContain(`Made the database here: file:${root}/.stemma/stemma.db`)
    expect(await contents(root)).toEqual(before)
    expect((await readdir(join(root, '.stemma'))).toSorted()).toEqual(
      expect.arrayContaining(['.gitignore', 'config.yaml', 'stemma.db']),
    )
  })

  test('a second import finds nothing new: unchanged leftovers are not even read', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['import', '.'], { folder: root }))
    const first = ok(await runCli(['export'], { folder: root })).out
    const again = Imports.parse(JSON.parse(ok(await runCli(['import', '.', '--json'], { folder: root })).out))
    expect(again.imports).toMatchObject([{ engine: 'nextflow', unchanged: true }])
    const read = Imports.parse(
      JSON.parse(ok(await runCli(['import', '.', '--json', '--hash', 'all'], { folder: root })).out),
    )
    expect(read.imports).toMatchObject([{ unchanged: false, added: 0 }])
    expect(ok(await runCli(['export'], { folder: root })).out).toBe(first)
  })

  test('an export taken back elsewhere is the same export', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['import', '.'], { folder: root }))
    ok(await runCli(['export', '--out', 'facts.ndjson'], { folder: root }))
    const other = await folder()
    ok(await runCli(['import', 'facts', join(root, 'facts.ndjson')], { folder: other }))
    expect(ok(await runCli(['export'], { folder: other })).out).toBe(await readFile(join(root, 'facts.ndjson'), 'utf8'))
    expect((await readdir(root)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('a dry run makes nothing', async () => {
    const root = await copyOf(NEXTFLOW)
    const done = ok(await runCli(['import', '.', '--dry-run'], { folder: root }))
    expect(done.out).toContain('Nothing was written')
    expect(await readdir(root)).not.toContain('.stemma')
  })

  test('an import that is interrupted before it hashed anything leaves nothing behind', async () => {
    const root = await copyOf(NEXTFLOW)
    const done = await runCli(['import', '.'], { folder: root, signal: AbortSignal.abort() })
    expect(done.code).toBe(130)
    expect(await readdir(root)).not.toContain('.stemma')
  })

  test('two projects whose folders have the same name have two databases', async () => {
    const [a, b] = [join(await folder(), 'rnaseq'), join(await folder(), 'rnaseq')]
    await mkdir(a)
    await mkdir(b)
    await cp(NEXTFLOW, a, { recursive: true })
    ok(await runCli(['import', '.'], { folder: a }))
    ok(await runCli(['init'], { folder: b }))
    expect(JSON.parse(ok(await runCli(['runs', '--json'], { folder: b })).out)).toEqual({ runs: [] })
    expect(JSON.parse(ok(await runCli(['runs', '--json'], { folder: a })).out)).not.toEqual({ runs: [] })
  })

  test('--strict makes a gap an error and leaves no trace of the import', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['init'], { folder: root }))
    const gaps: unknown = JSON.parse(ok(await runCli(['import', '.', '--dry-run', '--json'], { folder: root })).out)
    const count = z.object({ imports: z.array(z.object({ gaps: z.array(z.unknown()) })) }).parse(gaps).imports[0]
      ?.gaps.length
    const done = await runCli(['import', '.', '--strict'], { folder: root })
    if (count === 0) expect(done.code).toBe(0)
    else {
      expect(done.code).toBe(4)
      expect(JSON.parse(ok(await runCli(['runs', '--json'], { folder: root })).out)).toEqual({ runs: [] })
    }
  })

  test('every list, show, find and path answers in text and JSON', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['import', '.'], { folder: root }))
    for (const verb of ['runs', 'artifacts', 'transforms']) {
      const { out } = ok(await runCli([verb, '--limit', '2'], { folder: root, width: 80 }))
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
      const page = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(ok(await runCli([verb, '--json', '--limit', '2'], { folder: root })).out))
      const things = z.array(z.looseObject({ uid: z.string() })).parse(page[verb])
      expect(things).toHaveLength(2)
      const next = z
        .record(z.string(), z.unknown())
        .parse(
          JSON.parse(
            ok(await runCli([verb, '--json', '--limit', '2', '--after', String(page.next)], { folder: root })).out,
          ),
        )
      const rest = z.array(z.looseObject({ uid: z.string() })).parse(next[verb])
      expect(rest.map(({ uid }) => uid)).not.toContain(things[0]?.uid)
      for (const { uid } of things) {
        expect(JSON.parse(ok(await runCli(['show', uid, '--json'], { folder: root })).out)).toMatchObject({
          thing: { uid },
        })
        ok(await runCli(['show', uid], { folder: root }))
        if (verb !== 'transforms')
          expect(
            JSON.parse(ok(await runCli(['lineage', uid, '--both', '--json'], { folder: root })).out),
          ).toMatchObject({ root: uid, direction: 'both' })
      }
    }
    for (const format of ['dot', 'mermaid', 'json'])
      expect(ok(await runCli(['export', '--format', format], { folder: root })).out.length).toBeGreaterThan(100)
    expect(JSON.parse(ok(await runCli(['doctor', '--json'], { folder: root })).out)).toMatchObject({ ok: true })
  })

  test('colour appears on a terminal only', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['import', '.'], { folder: root }))
    expect(ok(await runCli(['runs'], { folder: root, color: true })).out).toContain('\u001B[')
    expect(ok(await runCli(['runs'], { folder: root })).out).not.toContain('\u001B[')
  })
})

describe('broken input', () => {
  test.each<[string, (root: string) => Promise<string>]>([
    ['an empty folder', () => Promise.resolve('.')],
    ['a folder of something else', async (root) => (await writeFile(join(root, 'notes.txt'), 'hello'), '.')],
    ['a folder that is not there', () => Promise.resolve('no/such/folder')],
    ['an empty file', async (root) => (await writeFile(join(root, 'trace.txt'), ''), 'trace.txt')],
    ['a link to itself', async (root) => (await symlink('loop', join(root, 'loop')), 'loop')],
    [
      'a folder of loops',
      async (root) => (await symlink('.', join(root, 'a')), await symlink('../', join(root, 'b')), '.'),
    ],
    ['a name of odd characters', () => Promise.resolve(`$(touch x)\n'"<script>`)],
  ])('%s is refused with exit 4 and one line, and nothing is left behind', async (_, make) => {
    const root = await folder()
    const place = await make(root)
    const before = await readdir(root)
    for (const more of [[], ['--database', 'file:deep/other.db']]) {
      expect((await runCli(['import', place, ...more], { folder: root })).code).toBe(4)
    }
    const done = await runCli(['import', place], { folder: root })
    expect(await readdir(root)).toEqual(before)
    expect(done.code).toBe(4)
    expect(done.err).toMatch(/^stemma: [^\n]+\n[^\n]+\n$/)
    expect(done.err).not.toMatch(/defect/)
  })

  test('a file of facts that is cut, of another version or no facts at all', async () => {
    const root = await folder()
    const head = '{"kind":"stream","format":"stemma-facts","version":1}\n'
    const cases: [string, string][] = [
      ['', 'empty'],
      ['hello\n', 'x.ndjson:1'],
      ['{"kind":"run"}\n', 'x.ndjson:1'],
      [`${head}{"kind":"run","uid":"short"}\n`, 'x.ndjson:2'],
      [`${head}{"kind":"consumed","run":"aaaaaaaaaaaaaaaa","artif`, 'x.ndjson:2'],
      ['{"kind":"stream","format":"stemma-facts","version":2}\n', 'version 2'],
    ]
    for (const [text, place] of cases) {
      await writeFile(join(root, 'x.ndjson'), text)
      const done = await runCli(['import', 'facts', 'x.ndjson'], { folder: root })
      expect(done.code).toBe(4)
      expect(done.err).toContain(place)
    }
    expect(await readdir(root)).toEqual(['x.ndjson'])
  })

  test('gaps with --strict leave nothing behind where no project was', async () => {
    const root = await folder()
    await writeFile(
      join(root, 'x.ndjson'),
      '{"kind":"stream","format":"stemma-facts","version":1}\n{"kind":"gap","code":"a.b","place":"p","message":"m"}\n',
    )
    expect(await runCli(['import', 'facts', 'x.ndjson', '--strict'], { folder: root })).toMatchObject({ code: 4 })
    expect(await readdir(root)).toEqual(['x.ndjson'])
    ok(await runCli(['import', 'facts', 'x.ndjson'], { folder: root }))
    expect((await readdir(root)).sort()).toEqual(['.stemma', 'x.ndjson'])
  })

  test('half of a trace is read, the rest is a gap', async () => {
    const root = await copyOf(join(FIXTURES, 'nextflow/25.04.8/multi-line-trace/source'))
    const [trace] = (await readdir(root)).filter((name) => /trace.*\.(txt|tsv|csv)$/.test(name))
    expect(trace).toBeDefined()
    const path = join(root, trace ?? '')
    await truncate(path, Math.floor((await stat(path)).size * 0.6))
    const done = await runCli(['import', 'nextflow', path], { folder: root })
    expect(done.code).toBe(0)
    expect(done.out).toMatch(/gap/)
  })

  test('a file of 2 GB in one line ends in a coded error or a gap, in bounded memory', async () => {
    const root = await folder()
    await writeFile(join(root, 'trace.txt'), 'task_id\thash\tnative_id\tname\tstatus\texit\n')
    await truncate(join(root, 'trace.txt'), 2 * 1024 ** 3)
    const done = await runCli(['import', 'nextflow', 'trace.txt', '--dry-run'], { folder: root })
    expect([0, 4]).toContain(done.code)
    expect(process.memoryUsage().rss).toBeLessThan(1024 ** 3)
  }, 180_000)

  test('a gone, locked or foreign database has the exit code 5', async () => {
    const root = await folder()
    for (const url of ['file:/no/such/folder/stemma.db', 'file:missing.db']) {
      const done = await runCli(['runs', '--database', url], { folder: root })
      expect([done.code, url]).toEqual([5, url])
    }
    await writeFile(
      join(root, 'text.db'),
      'this is no database at all, only some text that is long enough to look like one\n'.repeat(50),
    )
    expect((await runCli(['runs', '--database', 'file:text.db'], { folder: root })).code).toBe(5)
    expect(await readFile(join(root, 'text.db'), 'utf8')).toMatch(/^this is no database/)
  })

  test('an interrupted import writes nothing and exits 130', async () => {
    const root = await copyOf(NEXTFLOW)
    ok(await runCli(['init'], { folder: root }))
    const abort = new AbortController()
    abort.abort()
    const done = await runCli(['import', '.'], { folder: root, signal: abort.signal })
    expect(done.code).toBe(130)
    expect(done.err).toMatch(/^stemma: interrupted\n/)
    expect(JSON.parse(ok(await runCli(['runs', '--json'], { folder: root })).out)).toEqual({ runs: [] })
  })

  test('--out in a folder that is not there is exit 6 and leaves nothing', async () => {
    const root = await folder()
    ok(await runCli(['init'], { folder: root }))
    expect((await runCli(['export', '--out', 'no/such/x.ndjson'], { folder: root })).code).toBe(6)
  })
})
