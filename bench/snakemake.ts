// Reading Snakemake's stores, against reading the same bytes alone; and what the plugin costs a run of 2,000 jobs.
// The last part needs `.ci/engines snakemake`.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import snakemake from '../adapters/snakemake/index.ts'
import { openFolder } from '../core/source/folder.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { makeRecordDatabase, makeRecordFiles } from './generate-snakemake.ts'
import { median, peakRssMb, report, timed } from './measure.ts'

const RECORDS = Number(process.env.BENCH_RECORDS ?? 100_000)
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000)
const JOBS = Number(process.env.BENCH_JOBS ?? 2000)
const ROUNDS = 3

async function readAll(folder: string): Promise<number> {
  const source = await openFolder(folder, fileHasher('none'))
  let facts = 0
  for await (const fact of snakemake.read([source], { own: {} })) facts += fact.kind === 'stream' ? 0 : 1
  return facts
}

function readFilesAlone(folder: string): number {
  const metadata = join(folder, '.snakemake', 'metadata')
  let bytes = 0
  for (const name of readdirSync(metadata)) {
    const text = readFileSync(join(metadata, name), 'utf8')
    bytes += text.length
    JSON.parse(text)
  }
  return bytes
}

function readRowsAlone(folder: string): number {
  const database = new BetterSqlite3(join(folder, '.snakemake', 'metadata.db'), { readonly: true })
  let rows = 0
  for (const row of database.prepare('SELECT * FROM snakemake_metadata').iterate()) rows += row === undefined ? 0 : 1
  database.close()
  return rows
}

async function stores(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-snakemake-'))
  try {
    makeRecordFiles(folder, RECORDS)
    const alone = await timed(() => readFilesAlone(folder))
    const ours = await timed(() => readAll(folder))
    const figures = { records: RECORDS, ms: ours.ms, bareMs: alone.ms, facts: ours.value, targetMs: 10_000 }
    report({ bench: 'snakemake.records', ratio: ours.ms / alone.ms, ...figures, rssMb: peakRssMb(), targetRssMb: 500 })
    rmSync(join(folder, '.snakemake'), { recursive: true })
    makeRecordDatabase(folder, ROWS)
    const bare = await timed(() => readRowsAlone(folder))
    const read = await timed(() => readAll(folder))
    const rows = { rows: ROWS, ms: read.ms, bareMs: bare.ms, facts: read.value, rssMb: peakRssMb() }
    report({ bench: 'snakemake.database', ratio: read.ms / bare.ms, ...rows })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const SNAKEFILE = `
rule all:
    input: expand("out/{i}", i=range(${JOBS - 1}))
rule one:
    output: "out/{i}"
    shell: "touch {output}"
`

/** Runs in turns with and without the plugin, so that both see the same noise; the middle of each counts. */
async function plugin(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const bin = join(root, '.venv-snakemake', 'bin')
  if (!existsSync(join(bin, 'snakemake'))) return
  const path = join(root, 'adapters', 'snakemake', 'plugin', 'src')
  const env = { ...process.env, PATH: [bin, process.env.PATH ?? ''].join(delimiter), PYTHONPATH: path }
  const run = async (args: readonly string[]): Promise<number> => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-plugin-'))
    writeFileSync(join(folder, 'Snakefile'), SNAKEFILE)
    const words = ['--cores', '2', ...args]
    const { ms } = await timed(() => execFileSync('snakemake', words, { cwd: folder, env, stdio: 'ignore' }))
    rmSync(folder, { recursive: true, force: true })
    return ms
  }
  const bare: number[] = []
  const ours: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await run([]))
    ours.push(await run(['--logger', 'stemma']))
  }
  const ratio = median(ours) / median(bare)
  report({ bench: 'snakemake.plugin', ratio, target: 1.01, jobs: JOBS, ms: median(ours), bareMs: median(bare) })
}

await stores()
await plugin()
