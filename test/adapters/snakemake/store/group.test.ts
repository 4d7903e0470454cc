import { describe, expect, test } from '@jest/globals'
import type { OutputRecord } from '../../../../adapters/snakemake/store/record.ts'
import { RecordSpill } from '../../../../adapters/snakemake/store/record-spill.ts'
import { RecordedJobs } from '../../../../adapters/snakemake/store/recorded-jobs.ts'
import { StoreContent } from '../../../../adapters/snakemake/store/store-content.ts'

const record = (target: string, more: Partial<OutputRecord> = {}): OutputRecord => ({
  target,
  rule: 'split',
  inputs: ['in.txt'],
  logs: [],
  params: [],
  format: 6,
  checksums: [],
  jobHash: '8774844616135',
  endMs: 1_795_506_621_000,
  ...more,
})

/** The jobs of the records, each by its outputs, in the order of their ends. */
async function outputs(...stores: (readonly OutputRecord[])[]): Promise<string[][]> {
  const spill = await RecordSpill.open()
  try {
    const [first = new StoreContent(spill), ...others] = stores.map((records) => {
      const content = new StoreContent(spill)
      for (const one of records) content.add({ kind: 'record', record: one })
      return content
    })
    for (const other of others) first.merge(other)
    return [...new RecordedJobs(spill, first.ranges).placedIn(undefined)].map(({ outline }) => [...outline.outputs])
  } finally {
    spill.close()
  }
}

describe('which records are of one job', () => {
  test('those that agree in everything that is computed once a job, and end together', async () => {
    expect(await outputs([record('b'), record('a', { endMs: 1_795_506_621_800 })])).toEqual([['a', 'b']])
  })

  test('not jobs that read the same and differ in a wildcard only', async () => {
    expect(await outputs([record('a'), record('b', { jobHash: '8774844616136' })])).toEqual([['a'], ['b']])
  })

  test('not an output that an earlier execution made', async () => {
    expect(await outputs([record('a'), record('b', { endMs: 1_795_500_000_000 })])).toEqual([['b'], ['a']])
  })

  test('before 5.1, without a hash, only those with one command', async () => {
    const old = { shellcmd: 'split in.txt a b', format: 0 }
    const noHash = ({ jobHash: _, ...rest }: OutputRecord): OutputRecord => rest
    expect(await outputs([noHash(record('a', old)), noHash(record('b', old))])).toEqual([['a', 'b']])
    expect(await outputs([noHash(record('a')), noHash(record('b'))])).toEqual([['a'], ['b']])
  })

  test('a job may have written a hundred thousand files', async () => {
    const many = Array.from({ length: 150_000 }, (_, at) => record(`out/${at}`))
    expect(await outputs(many)).toHaveLength(1)
  })

  test('also where a folder has two stores; a record that both hold is one', async () => {
    expect(await outputs([record('a'), record('c', { jobHash: '7' })], [record('a'), record('b')])).toEqual([
      ['a', 'b'],
      ['c'],
    ])
  })
})
