// Reading Snakemake's stores, against reading the same bytes alone. Memory is measured at two sizes: it must not grow.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import snakemake from '../adapters/snakemake/index.ts'
import { openFolder } from '../core/source/folder.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { makeRecordDatabase, makeRecordFiles } from './generate-snakemake.ts'
import { peakRssMb, report, timed } from './measure.ts'

const RECORDS = Number(process.env.BENCH_RECORDS ?? 100_000)
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000)

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

/** One store of one size, in this process alone: its peak of memory is that of the reading. */
async function measure(kind: Kind, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-snakemake-'))
  try {
    if (kind === 'records') makeRecordFiles(folder, count)
    else makeRecordDatabase(folder, count)
    const made = peakRssMb()
    const alone = await timed(() => (kind === 'records' ? readFilesAlone(folder) : readRowsAlone(folder)))
    const ours = await timed(() => readAll(folder))
    const figures = { records: count, ms: ours.ms, bareMs: alone.ms, facts: ours.value, madeRssMb: made }
    const target = count <= 100_000 ? { targetMs: 10_000, targetRssMb: 500 } : {}
    report({ bench: `snakemake.${kind}`, ratio: ours.ms / alone.ms, ...figures, rssMb: peakRssMb(), ...target })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Kind = 'records' | 'database'

const [kind, count] = process.argv.slice(2)
if (kind === 'records' || kind === 'database') await measure(kind, Number(count))
else {
  const measures: [Kind, number][] = [['records', RECORDS], ['database', RECORDS], ['database', ROWS]] // prettier-ignore
  for (const [kind, count] of measures) {
    const args = ['--expose-gc', '--import', 'tsx', import.meta.filename, kind, String(count)]
    const done = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (done.status !== 0) process.exitCode = 1
  }
}
