// What the plugin costs a run of 2,000 jobs, in time and in processor time of Snakemake and its jobs. Needs
// `.ci/engines snakemake`. Two arms run without the plugin: what they differ by is noise.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { median, report } from './measure.ts'

const JOBS = Number(process.env.BENCH_JOBS ?? 2000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, '.venv-snakemake', 'bin')
const PLUGIN = join(ROOT, 'adapters', 'snakemake', 'plugin', 'src')

const SNAKEFILE = `
rule all:
    input: expand("out/{i}", i=range(${JOBS - 1}))
rule one:
    output: "out/{i}"
    shell: "touch {output}"
`

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

function run(args: readonly string[]): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plugin-'))
  try {
    writeFileSync(join(folder, 'Snakefile'), SNAKEFILE)
    const env = { ...process.env, PATH: [BIN, process.env.PATH ?? ''].join(delimiter), PYTHONPATH: PLUGIN }
    // The shell counts the processor time of all children.
    const script = 'TIMEFORMAT="%R %U %S"; time snakemake --cores 2 "$@" >/dev/null 2>&1'
    const done = spawnSync('bash', ['-c', script, 'bash', ...args], { cwd: folder, env, encoding: 'utf8' })
    const [wall = NaN, user = NaN, system = NaN] = done.stderr.trim().split(' ').map(Number)
    if (done.status !== 0 || Number.isNaN(wall + user + system)) throw new Error(`the run failed: ${done.stderr}`)
    return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In turns, so that all arms see the same neighbours; the middle of each counts. */
function compare(): void {
  const arms = { bare: [], again: [], ours: [] } as Record<'bare' | 'again' | 'ours', Cost[]>
  for (let round = 0; round < ROUNDS; round++) {
    arms.bare.push(run([]))
    arms.ours.push(run(['--logger', 'stemma']))
    arms.again.push(run([]))
  }
  const middle = (arm: keyof typeof arms, kind: keyof Cost): number => median(arms[arm].map((cost) => cost[kind]))
  for (const kind of ['wallMs', 'cpuMs'] as const) {
    const bare = (middle('bare', kind) + middle('again', kind)) / 2
    report({
      bench: `snakemake.plugin.${kind === 'wallMs' ? 'wall' : 'cpu'}`,
      ratio: middle('ours', kind) / bare,
      target: 1.01,
      noise: Math.abs(middle('again', kind) - middle('bare', kind)) / bare,
      jobs: JOBS,
      ms: middle('ours', kind),
      bareMs: bare,
    })
  }
}

if (existsSync(join(BIN, 'snakemake'))) compare()
else
  process.stderr.write(
    'bench: snakemake-plugin: skipped, there is no .venv-snakemake: run `bash .ci/engines snakemake`\n',
  )
