import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const bin = join(root, '.venv-snakemake', 'bin')
const plugin = join(root, 'adapters', 'snakemake', 'plugin', 'src')
const isThere = existsSync(join(bin, 'snakemake'))
const told = isThere || process.env.CI !== undefined ? describe : describe.skip

const SNAKEFILE = `
rule all:
    input: "out/b.txt", "parts.txt"
rule first:
    input: one="in.txt"
    output: text="out/a.txt"
    params: n=3, label="x y"
    shell: "sleep 0.5; cat {input.one} > {output.text}"
rule second:
    input: "out/a.txt"
    output: "out/b.txt"
    message: "no more than this is in the log"
    shell: "[ ! -e slow ] || sleep 60; cp {input} {output}"
checkpoint split:
    input: "fixed.txt"
    output: directory("parts")
    shell: "mkdir -p parts; cp {input} parts/1; cp {input} parts/2"
rule part:
    input: p="parts/{i}"
    output: "done/{i}"
    shell: "cp {input} {output}"
def members(wildcards):
    folder = checkpoints.split.get().output[0]
    return expand("done/{i}", i=sorted(glob_wildcards(folder + "/{i,[0-9]+}").i))
rule collect:
    input: parts=members
    output: "parts.txt"
    run:
        open(output[0], "w").write("".join(open(f).read() for f in input))
`

let folder = ''
let databases = 0
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snakemake-live-'))
  await mkdir(join(folder, '.stemma')) // else a project above the temporary folder would take part
  await writeFile(join(folder, 'Snakefile'), SNAKEFILE)
  await writeFile(join(folder, 'in.txt'), 'data\n')
  await writeFile(join(folder, 'fixed.txt'), 'part\n')
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

const env = (database: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [bin, process.env.PATH ?? ''].join(delimiter),
  NO_COLOR: '1',
  STEMMA_DATABASE: database,
})
/** A database of its own, beside the working directory. */
const newDatabase = (): string => `file:${folder}-${++databases}.db`

function stemma(database: string, ...args: string[]): string {
  const loader = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')
  return execFileSync(process.execPath, ['--import', loader, join(root, 'bin.ts'), ...args], {
    cwd: folder,
    env: env(database),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function startSnakemake(...args: string[]): ChildProcess {
  return spawn(join(bin, 'snakemake'), ['--cores', '1', '--logger', 'stemma', ...args], {
    cwd: folder,
    env: { ...env(''), PYTHONPATH: plugin, PYTHONDONTWRITEBYTECODE: '1', STEMMA_SNAKEMAKE_SLOTS: '1' },
    stdio: 'ignore',
    detached: true,
  })
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((settle) => {
    child.on('exit', (code) => {
      settle(code)
    })
  })

function exported(database: string): string[] {
  return stemma(database, 'export', '--format', 'ndjson').split('\n').filter(Boolean)
}

function imported(database: string): string[] {
  stemma(database, 'import', 'snakemake', folder)
  return exported(database)
}

interface Line {
  readonly kind: string
  readonly name?: string
  readonly uid?: string
  readonly outcome?: string
  readonly role?: string
}
const runsIn = (lines: readonly string[]): Line[] =>
  lines.map((line) => JSON.parse(line) as Line).filter((fact) => fact.kind === 'run')
const outcomes = (lines: readonly string[]): string[] =>
  runsIn(lines)
    .map((run) => `${run.name ?? ''} ${run.outcome ?? ''}`)
    .sort()

told('a live run', () => {
  test('followed while it goes on, imported afterwards and imported again is one graph', async () => {
    const followed = newDatabase()
    const run = startSnakemake()
    const done = ended(run)
    let looks = 0
    while (run.exitCode === null && looks < 200) {
      if (existsSync(join(folder, '.snakemake', 'stemma'))) stemma(followed, 'import', 'snakemake', folder)
      looks++
      await setTimeout(100)
    }
    expect(await done).toBe(0)
    expect(looks).toBeGreaterThan(1)
    const last = imported(followed)
    const fresh = imported(newDatabase())
    expect(last).toEqual(fresh)
    expect(imported(followed)).toEqual(fresh)
    expect(outcomes(fresh)).toEqual(
      expect.arrayContaining(['first succeeded', 'second succeeded', 'collect succeeded', 'part (i=1) succeeded']),
    )
    const roles = fresh.map((line) => JSON.parse(line) as Line).flatMap((fact) => fact.role ?? [])
    expect(new Set(roles)).toEqual(new Set(['one', 'text', 'p', 'parts']))
  }, 240_000)

  test('a partial run afterwards adds history and rewrites none', async () => {
    const database = newDatabase()
    expect(await ended(startSnakemake())).toBe(0)
    const before = imported(database)
    await setTimeout(1100) // an input counts as changed by its time
    await writeFile(join(folder, 'in.txt'), 'other data\n')
    expect(await ended(startSnakemake())).toBe(0)
    const after = new Set(imported(database))
    for (const line of before) if (/"kind":"(run|consumed|produced)"/.test(line)) expect(after).toContain(line)
    const again = [...after].filter((line) => /"name":"(first|second)"/.test(line) && line.includes('"kind":"run"'))
    expect(again).toHaveLength(4)
    expect(runsIn([...after]).filter((run) => run.name === 'collect')).toHaveLength(1)
  }, 240_000)

  test('killed with -9 it keeps what was done and says that it is over; the next run is another one', async () => {
    await writeFile(join(folder, 'slow'), '')
    const run = startSnakemake()
    const done = ended(run)
    const spool = join(folder, '.snakemake', 'stemma')
    for (let looks = 0; looks < 300; looks++) {
      const [name] = existsSync(spool) ? await readdir(spool) : []
      if (name !== undefined && (await readFile(join(spool, name), 'utf8')).includes('"rule_name": "second"')) break
      await setTimeout(100)
    }
    process.kill(-(run.pid ?? 0), 'SIGKILL')
    await done
    const database = newDatabase()
    expect(outcomes(imported(database))).toEqual(
      expect.arrayContaining(['first succeeded', 'second aborted', 'Snakefile aborted']),
    )
    await rm(join(folder, 'slow'))
    expect(await ended(startSnakemake('--rerun-incomplete', '--nolock'))).toBe(0)
    const after = outcomes(imported(database))
    expect(after).toEqual(
      expect.arrayContaining(['Snakefile aborted', 'Snakefile succeeded', 'second aborted', 'second succeeded']),
    )
  }, 240_000)

  test('`stemma snakemake` keeps exit code and output, also when the database is away', () => {
    const loader = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')
    const args = ['--import', loader, join(root, 'bin.ts'), 'snakemake', '--', '--cores', '1', 'out/no-rule-makes-this']
    const away = { ...env('postgres://nobody@127.0.0.1:1/none'), PYTHONDONTWRITEBYTECODE: '1' }
    expect(() => execFileSync(process.execPath, args, { cwd: folder, env: away, stdio: 'pipe' })).toThrow(
      expect.objectContaining({ status: 1 }),
    )
    const good = [...args.slice(0, -1), 'out/a.txt']
    execFileSync(process.execPath, good, { cwd: folder, env: away, stdio: 'pipe' })
    expect(outcomes(imported(newDatabase()))).toEqual(expect.arrayContaining(['first succeeded', 'Snakefile failed']))
  }, 240_000)
})
