import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** A record of a workflow that maps samples: what Snakemake 9.27 writes about one output. */
function record(at: number): { readonly target: string; readonly fields: Record<string, unknown> } {
  const sample = Math.floor(at / 2)
  const target = `map/sample_${sample}${at % 2 === 0 ? '.bam' : '.bam.bai'}`
  const end = 1_795_500_000 + sample * 0.01
  const fields = {
    rule: 'map',
    input: [`trim/sample_${sample}_1.fq`, `trim/sample_${sample}_2.fq`, 'ref/genome.fa'],
    log: [`logs/map/sample_${sample}.log`],
    shellcmd: `bwa mem -t 2 ref/genome.fa trim/sample_${sample}_1.fq trim/sample_${sample}_2.fq > map/sample_${sample}.bam`,
    params: [`'@RG\\\\tID:${sample}'`, '20', 'True'],
    code: 'bwa mem -t {threads} {input.ref} {input.r1} {input.r2} > {output.bam}',
    record_format_version: 4,
    conda_env: null,
    container_img_url: null,
    software_stack_hash: 'd41d8cd98f00b204e9800998ecf8427e',
    job_hash: 8_774_844_616_135 + sample,
    starttime: end - 1,
    endtime: end,
    incomplete: false,
    external_jobid: null,
    input_checksums: { 'ref/genome.fa': `sha256:${'ab'.repeat(32)}` },
  }
  return { target, fields }
}

/** A working directory with records of `count` outputs, two a job, as files. */
export function makeRecordFiles(folder: string, count: number): void {
  const metadata = join(folder, '.snakemake', 'metadata')
  mkdirSync(metadata, { recursive: true })
  for (let at = 0; at < count; at++) {
    const { target, fields } = record(at)
    const name = Buffer.from(target).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    writeFileSync(join(metadata, name), JSON.stringify(fields))
  }
}

/** The same as a database. */
export function makeRecordDatabase(folder: string, count: number): void {
  mkdirSync(join(folder, '.snakemake'), { recursive: true })
  const database = new BetterSqlite3(join(folder, '.snakemake', 'metadata.db'))
  const columns = ['namespace', 'target', ...Object.keys(record(0).fields)]
  database.exec(`CREATE TABLE snakemake_metadata (${columns.join(', ')}, PRIMARY KEY (namespace, target));
    CREATE TABLE snakemake_locks (namespace, file_path, lock_type);`)
  const insert = database.prepare(`INSERT INTO snakemake_metadata VALUES (${columns.map(() => '?').join(', ')})`)
  database.transaction(() => {
    for (let at = 0; at < count; at++) {
      const { target, fields } = record(at)
      insert.run('/data/project/.snakemake', target, ...Object.values(fields).map(toColumn))
    }
  })()
  database.close()
}

function toColumn(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
