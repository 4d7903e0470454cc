import { describe, expect, test } from '@jest/globals'
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allEngines } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const ROOT = new URL('../../', import.meta.url).pathname
const TSX = new URL('../../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href
const BIN = join(ROOT, 'bin.ts')
const FIXTURE = join(ROOT, 'fixtures/nextflow/25.04.8/retry-ignore/source')

function stemma(
  argv: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  more: readonly string[] = [],
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--import', TSX, ...more, BIN, ...argv], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  })
}

describe('the program', () => {
  test.each([['--help'], ['--version'], ['lineage', '--help'], ['completion', 'bash']])(
    '%s %s loads nothing heavy',
    async (...argv) => {
      const log = join(await folder(), 'modules')
      await writeFile(log, '')
      const done = stemma(argv, '/', { MODULE_LOG: log }, [
        '--import',
        new URL('../tools/log-modules.mjs', import.meta.url).href,
      ])
      expect(done.status).toBe(0)
      const loaded = (await readFile(log, 'utf8')).split('\n')
      expect(loaded.some((url) => url.includes('/commander/'))).toBe(true)
      const heavy =
        /node_modules\/(@prisma|better-sqlite3|pg|pg-[a-z-]+|@aws-sdk|@smithy|@azure|@temporalio|zod|yaml)\/|\/adapters\//
      expect(loaded.filter((url) => heavy.test(url))).toEqual([])
    },
  )

  test('knows the verbs of all adapters by name and summary', () => {
    const help = stemma(['--help'], '/', { COLUMNS: '200' }).stdout
    for (const { verbs } of allEngines) {
      for (const { name, summary } of verbs) {
        const [group = '', nested] = name.split(' ')
        const text = nested === undefined ? help : stemma([group, '--help'], '/', { COLUMNS: '200' }).stdout
        expect(text).toMatch(new RegExp(`^ +${nested ?? group} `, 'm'))
        const own = stemma([...name.split(' '), '--help'], '/', { COLUMNS: '200' })
        expect(own.status).toBe(0)
        expect(own.stdout).toContain(summary)
      }
    }
  })

  test('the version is the package’s', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string } // our own file
    expect(stemma(['--version'], '/')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('a database server that is away is exit 5', () => {
    const done = stemma(['runs', '--database', 'postgres://nobody:s3cret@127.0.0.1:1/none'], '/')
    expect(done.status).toBe(5)
    expect(done.stdout + done.stderr).not.toContain('s3cret')
  })

  test('a reader that has seen enough is no error', async () => {
    const root = await folder()
    await cp(FIXTURE, root, { recursive: true })
    expect(stemma(['import', '.'], root).status).toBe(0)
    const done = spawnSync(
      'bash',
      ['-c', 'set -o pipefail; "$@" | head -c 10', 'bash', process.execPath, '--import', TSX, BIN, 'export'],
      { cwd: root, encoding: 'utf8' },
    )
    expect(done).toMatchObject({ status: 0, stderr: '' })
  })

  test('output that cannot be written is an error', async () => {
    const root = await folder()
    stemma(['init'], root)
    const done = spawnSync('sh', ['-c', '"$@" > /dev/full', 'sh', process.execPath, '--import', TSX, BIN, 'doctor'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(done.status).toBe(6)
    expect(done.stderr).toMatch(/^stemma: cannot write the output/)
  })

  test('a full disk is exit 5, nothing is half written, and with space again the import goes through', async () => {
    const root = await folder()
    await cp(FIXTURE, root, { recursive: true })
    expect(stemma(['init'], root).status).toBe(0)
    // No file may grow beyond 100 KiB, the write-ahead log least of all.
    const argv = ['-c', 'ulimit -f 100; exec "$@"', 'bash', process.execPath, '--import', TSX, BIN, 'import', '.']
    const done = spawnSync('bash', argv, { cwd: root, encoding: 'utf8' })
    expect(done.status).toBe(5)
    expect(done.stderr).toMatch(/^stemma: [^\n]+\n[^\n]+\n$/)
    expect(JSON.parse(stemma(['runs', '--json'], root).stdout)).toEqual({ runs: [] })
    expect(stemma(['import', '.'], root).status).toBe(0)
    expect(JSON.parse(stemma(['runs', '--json'], root).stdout)).not.toEqual({ runs: [] })
  })

  test('an interrupt ends an import with 130 and nothing half written', async () => {
    const root = await folder()
    stemma(['init'], root)
    const uid = (at: number): string => String(at).padStart(16, '0')
    const runs = Array.from({ length: 200_000 }, (_, at) => `{"kind":"run","uid":"${uid(at)}","transform":"${uid(1)}","engine":"x","key":"k${at}","name":"n","outcome":"succeeded"}\n`) // prettier-ignore
    const head = `{"kind":"stream","format":"stemma-facts","version":1}\n{"kind":"transform","uid":"${uid(1)}","name":"t","type":"task","engine":"x"}\n` // prettier-ignore
    await writeFile(join(root, 'facts.ndjson'), head + runs.join(''))
    const child = spawn(process.execPath, ['--import', TSX, BIN, 'import', 'facts', 'facts.ndjson'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    await new Promise((resolve) => setTimeout(resolve, 2000))
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(child.exitCode).toBe(130)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(JSON.parse(stemma(['runs', '--json'], root).stdout)).toEqual({ runs: [] })
    expect(await readdir(join(root, '.stemma'))).not.toContain('reads')
  })
})
