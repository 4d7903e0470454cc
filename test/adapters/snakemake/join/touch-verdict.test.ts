import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import snakemake from '../../../../adapters/snakemake/index.ts'
import type { Fact } from '../../../../core/adapter.ts'
import { fixture, readFacts } from '../read-facts.ts'

const SECOND = '2026-11-28T212235.091014'

describe('an execution whose command line nothing tells', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'snakemake-touched-'))
    cpSync(fixture('7.32.4/touched'), folder, { recursive: true })
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  const read = async (logWrittenAt: string): Promise<Fact[]> => {
    utimesSync(join(folder, 'l', 'e.log'), new Date(logWrittenAt), new Date(logWrittenAt))
    return readFacts(snakemake, folder)
  }
  const outcomes = (facts: readonly Fact[]): string[] =>
    facts.flatMap((fact) => (fact.kind === 'run' && fact.key.startsWith(`${SECOND}/`) ? fact.outcome : []))

  test('was --touch when a log file of it is older than its job: nothing was read or written', async () => {
    const facts = await read('2026-11-28T21:22:31.384Z')
    expect(outcomes(facts)).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'skipped'])
    const touched = facts.flatMap((fact) => (fact.kind === 'run' && fact.outcome === 'skipped' ? fact.uid : []))
    expect(facts.filter((fact) => fact.kind === 'produced' && touched.includes(fact.run))).toEqual([])
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'gap', code: 'snakemake.touched' }))
  })

  test('was a run when its job wrote its log file', async () => {
    expect(outcomes(await read('2026-11-28T21:22:35.300Z'))).toEqual(Array(5).fill('succeeded'))
  })

  test('is taken for a run where nothing shows', async () => {
    const facts = await read('2026-11-29T10:00:00.000Z')
    expect(outcomes(facts)).toEqual(Array(5).fill('succeeded'))
    expect(facts.filter((fact) => fact.kind === 'gap')).toEqual([])
  })
})
