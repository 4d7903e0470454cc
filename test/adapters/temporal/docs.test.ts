import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lastRuns, spooled } from '../../core/record/record-script.ts'
import { startTemporal, requireTemporal } from '../../tools/temporal-server.ts'
import type { TemporalServer } from '../../tools/temporal-server.ts'

const root = join(import.meta.dirname, '../../..')
const tsx = join(root, 'node_modules/.bin/tsx')

/** The blocks of a page in one language, as they stand there. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '')
}

/** A project that has installed us: `stemma` and `npx stemma` are the sources. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'))
  const installed = join(folder, 'node_modules/stemma')
  mkdirSync(installed, { recursive: true })
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(installed, 'package.json'),
    JSON.stringify({ name: 'stemma', type: 'module', exports: { '.': './index.ts', './temporal': './temporal.ts' } }),
  )
  writeFileSync(join(installed, 'index.ts'), `export * from '${root}/core/index.ts'\n`)
  writeFileSync(join(installed, 'temporal.ts'), `export * from '${root}/adapters/temporal/index.ts'\n`)
  script(folder, 'npx', `shift; exec ${tsx} ${root}/bin.ts "$@"`)
  return folder
}

function script(folder: string, name: string, body: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

function shell(folder: string, commands: string): string {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
    NO_COLOR: '1',
  }
  Reflect.deleteProperty(env, 'STEMMA_DATABASE')
  const done = spawnSync('sh', ['-ec', commands], { cwd: folder, env, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${commands}: ${done.stderr}`)
  return done.stdout
}

test('the first lines of docs/tracked.md work as they stand', () => {
  const [first = ''] = blocks('tracked.md', 'ts')
  expect(first.trim().split('\n').length).toBeLessThanOrEqual(10)
  const folder = makeProject()
  writeFileSync(join(folder, 'qc.mts'), first)
  shell(folder, 'npx stemma init')
  shell(folder, `${tsx} qc.mts`)
  const lineage = shell(folder, 'npx stemma lineage trimmed.fq --up')
  expect(lineage).toMatch(/^trimmed\.fq {2}4 B\n.*✓ trim.*\n.*reads\.fq {2}8 B/m)
}, 60_000)

const program = requireTemporal()
const describeLive = program === undefined ? describe.skip : describe
describeLive('docs/temporal.md', () => {
  let server: TemporalServer | undefined
  beforeAll(async () => {
    server = await startTemporal(program ?? '')
  }, 60_000)
  afterAll(async () => server?.stop())

  test('the worker and the commands of its first lines work as they stand', async () => {
    const [worker = ''] = blocks('temporal.md', 'ts')
    const [commands = ''] = blocks('temporal.md', 'sh')
    expect(worker.trim().split('\n').length).toBeLessThanOrEqual(10)
    const folder = makeProject()
    const { address = '' } = server ?? {}
    mkdirSync(join(folder, 'node_modules/@temporalio'))
    for (const name of ['worker', 'workflow', 'activity']) {
      spawnSync('ln', [
        '-s',
        join(root, 'node_modules/@temporalio', name),
        join(folder, 'node_modules/@temporalio', name),
      ])
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'worker.mts'), worker)
    writeFileSync(
      join(folder, 'activities.ts'),
      'export async function trim(reads: string) { return `${reads}.trimmed.fq` }\n',
    )
    writeFileSync(
      join(folder, 'workflows.ts'),
      `import { proxyActivities } from '@temporalio/workflow'
       const { trim } = proxyActivities<{ trim(reads: string): Promise<string> }>({ startToCloseTimeout: '10s' })
       export async function qc(reads: string): Promise<string> { return trim(reads) }`,
    )
    script(folder, 'temporal', `exec ${program ?? ''} "$@" --address ${address}`)
    shell(folder, 'npx stemma init')
    const loader = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs')]
    const running = spawn(process.execPath, [...loader, 'worker.mts'], {
      cwd: folder,
      env: { ...process.env, TEMPORAL_ADDRESS: address },
      stdio: 'ignore',
    })
    const input = `'"/data/s1.fq"'`
    shell(folder, `temporal workflow execute --type qc --task-queue qc --workflow-id qc-42 --input ${input}`)
    running.kill('SIGTERM')
    await new Promise((resolve) => running.once('exit', resolve))
    const spool = join(folder, '.stemma/spool')
    const recorded = existsSync(spool) ? lastRuns(spooled({ folder, spool })).map(({ name }) => name) : []
    expect(shell(folder, commands)).toMatch(/trim \(1\).*succeeded[^]*qc .*succeeded/)
    expect(shell(folder, 'npx stemma lineage /data/s1.fq.trimmed.fq --up')).toMatch(/trim \(1\)[^]*s1\.fq/)
    expect(recorded.length === 0 || recorded.includes('trim (1)')).toBe(true)
  }, 120_000)
})
