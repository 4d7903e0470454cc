// What the plugin costs a run of 2,000 jobs, in time and in processor time of Snakemake and its jobs. Needs
// `.ci/engines snakemake`. Two arms run without the plugin: what they differ by is noise. The noise of whole runs is
// larger than the cost, so the plugin's own work is measured alone, too: the events of a run, given to it once more.
// Snakemake takes its greedy scheduler: the other one takes longer than everything else together, and grows faster
// than the number of jobs. Takes 3 * BENCH_ROUNDS runs of half a minute to a minute.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { median, report } from './measure.ts'

const JOBS = Number(process.env.BENCH_JOBS ?? 2000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, '.venv-snakemake', 'bin')
const PLUGIN = join(ROOT, 'adapters', 'snakemake', 'plugin', 'src')
const PATH = [BIN, process.env.PATH ?? ''].join(delimiter)

const SNAKEFILE = `
rule all:
    input: expand("out/{i}", i=range(${JOBS - 1}))
rule one:
    output: "out/{i}"
    shell: "touch {output}"
`

/** Gives the events of a spool to the plugin again, five times, and prints the least processor time in milliseconds. */
const EMIT = `
import json, logging, os, sys, tempfile, time
from types import SimpleNamespace
from snakemake_logger_plugin_stemma import LogHandler, LogHandlerSettings
own = {"v", "seq", "ts", "run", "event", "text", "level"}
records = []
for line in open(sys.argv[1]):
    told = json.loads(line)
    if told["event"] in ("opened", "closed"):
        continue
    record = logging.LogRecord("snakemake.logging", 20, "", 1, told.get("text", ""), (), None)
    if told["event"] != "text":
        record.event = told["event"]
    record.__dict__.update((name, value) for name, value in told.items() if name not in own)
    records.append(record)
def once():
    with tempfile.TemporaryDirectory() as folder:
        handler = LogHandler(SimpleNamespace(dryrun=False), LogHandlerSettings(folder=folder))
        handler._logfile = os.path.join(folder, ".snakemake", "log", "run.snakemake.log")
        began = time.thread_time()
        for record in records:
            handler.emit(record)
        took = time.thread_time() - began
        handler.close()
        return took * 1000
print(len(records), min(once() for _ in range(5)))
`

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

interface Emitted {
  readonly events: number
  readonly ms: number
}

type Arm = 'bare' | 'ours' | 'again'

/** @param emitted is told what the plugin's own work costs, when it was on */
function run(arm: Arm, emitted: Emitted[]): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plugin-'))
  try {
    writeFileSync(join(folder, 'Snakefile'), SNAKEFILE)
    const env = { ...process.env, PATH, PYTHONPATH: PLUGIN }
    // The shell counts the processor time of all children.
    const script = 'TIMEFORMAT="%R %U %S"; time snakemake --cores 2 --scheduler greedy "$@" >/dev/null 2>&1'
    const args = arm === 'ours' ? ['--logger', 'stemma'] : []
    const done = spawnSync('bash', ['-c', script, 'bash', ...args], { cwd: folder, env, encoding: 'utf8' })
    const [wall = NaN, user = NaN, system = NaN] = done.stderr.trim().split(' ').map(Number)
    if (done.status !== 0 || Number.isNaN(wall + user + system)) throw new Error(`the run failed: ${done.stderr}`)
    if (arm === 'ours') emitted.push(emitAgain(folder))
    return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function emitAgain(folder: string): Emitted {
  const spools = join(folder, '.snakemake', 'stemma')
  const [spool = ''] = readdirSync(spools)
  const env = { ...process.env, PYTHONPATH: PLUGIN }
  const done = spawnSync(join(BIN, 'python'), ['-c', EMIT, join(spools, spool)], { env, encoding: 'utf8' })
  const [events = NaN, ms = NaN] = done.stdout.trim().split(' ').map(Number)
  if (done.status !== 0 || Number.isNaN(events + ms)) throw new Error(`emitting failed: ${done.stderr}`)
  return { events, ms }
}

/** All arms in turns, each round in another order, so that all see the same neighbours; the middle of the rounds counts. */
function compare(): void {
  const rounds: Record<Arm, Cost>[] = []
  const emitted: Emitted[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const order: Arm[] = (['bare', 'ours', 'again'] as const).map((_, at, arms) => arms[(at + round) % 3] ?? 'bare')
    const costs = new Map(order.map((arm) => [arm, run(arm, emitted)]))
    const [bare, ours, again] = [costs.get('bare'), costs.get('ours'), costs.get('again')]
    if (bare !== undefined && ours !== undefined && again !== undefined) rounds.push({ bare, ours, again })
  }
  for (const kind of ['wallMs', 'cpuMs'] as const) {
    const middle = (figure: (round: Record<Arm, Cost>, bare: number) => number): number =>
      median(rounds.map((round) => figure(round, (round.bare[kind] + round.again[kind]) / 2)))
    report({
      bench: `snakemake.plugin.${kind === 'wallMs' ? 'wall' : 'cpu'}`,
      ratio: middle(({ ours }, bare) => ours[kind] / bare),
      target: 1.01,
      noise: middle(({ bare: first, again }, bare) => Math.abs(again[kind] - first[kind]) / bare),
      jobs: JOBS,
      ms: middle(({ ours }) => ours[kind]),
      bareMs: middle((_, bare) => bare),
    })
  }
  const bareMs = median(rounds.map(({ bare, again }) => (bare.wallMs + again.wallMs) / 2))
  const ms = median(emitted.map((one) => one.ms))
  const events = median(emitted.map((one) => one.events))
  // As if nothing of it ran beside Snakemake: it runs in a thread of its own.
  report({ bench: 'snakemake.plugin.emit', ratio: 1 + ms / bareMs, target: 1.01, jobs: JOBS, events, ms, bareMs })
}

if (existsSync(join(BIN, 'snakemake'))) compare()
else
  process.stderr.write(
    'bench: snakemake-plugin: skipped, there is no .venv-snakemake: run `bash .ci/engines snakemake`\n',
  )
