// Reading Snakemake's stores, against reading the same bytes alone.
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

await stores()
