import { describe, expect, test } from '@jest/globals'
import { groupRecords } from '../../../../adapters/snakemake/store/group.ts'
import type { OutputRecord } from '../../../../adapters/snakemake/store/record.ts'

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
const outputs = (records: readonly OutputRecord[]): string[][] => groupRecords(records).map((job) => [...job.outputs])

describe('which records are of one job', () => {
  test('those that agree in everything that is computed once a job, and end together', () => {
    expect(outputs([record('b'), record('a', { endMs: 1_795_506_621_800 })])).toEqual([['a', 'b']])
  })

  test('not jobs that read the same and differ in a wildcard only', () => {
    expect(outputs([record('a'), record('b', { jobHash: '8774844616136' })])).toEqual([['a'], ['b']])
  })

  test('not an output that an earlier execution made', () => {
    expect(outputs([record('a'), record('b', { endMs: 1_795_500_000_000 })])).toEqual([['b'], ['a']])
  })

  test('before 5.1, without a hash, only those with one command', () => {
    const old = { shellcmd: 'split in.txt a b', format: 0 }
    const noHash = ({ jobHash: _, ...rest }: OutputRecord): OutputRecord => rest
    expect(outputs([noHash(record('a', old)), noHash(record('b', old))])).toEqual([['a', 'b']])
    expect(outputs([noHash(record('a')), noHash(record('b'))])).toEqual([['a'], ['b']])
  })

  test('a job may have written a hundred thousand files', () => {
    const many = Array.from({ length: 150_000 }, (_, at) => record(`out/${at}`))
    expect(groupRecords(many)).toHaveLength(1)
  })
})
