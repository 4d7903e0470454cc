import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import snakemake from '../../../../adapters/snakemake/index.ts'
import type { Fact } from '../../../../core/adapter.ts'
import { fixture, readFacts } from '../read-facts.ts'

const SECOND = '2026-11-28T215040.198314'

describe('leftovers of a run that was recorded live', () => {
  let folder: string
  let spool: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'snakemake-damaged-'))
    cpSync(fixture('9.27.1/live-and-logged'), folder, { recursive: true })
    spool = join(folder, '.snakemake', 'stemma', `${SECOND}.jsonl`)
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  /** Runs and edges, without what is said of them. */
  const skeleton = (facts: readonly Fact[]): string[] =>
    facts
      .flatMap((fact) => {
        if (fact.kind === 'run') return `${fact.uid} ${fact.outcome}`
        if (fact.kind === 'consumed' || fact.kind === 'produced') return `${fact.kind} ${fact.run} ${fact.artifact}`
        return []
      })
      .sort()
  const codes = (facts: readonly Fact[]): string[] => facts.flatMap((fact) => (fact.kind === 'gap' ? fact.code : []))

  test('a spool that was cut gives no job twice: the log knows the rest', async () => {
    const whole = skeleton(await readFacts(snakemake, folder))
    // The rule with a message is not in the log: all before its first job is cut away.
    const lines = readFileSync(spool, 'utf8').split('\n')
    const until = lines.findIndex((line) => line.includes('"rule_name": "leaf"'))
    writeFileSync(spool, lines.slice(0, until - 8).join('\n'))
    const cut = skeleton(await readFacts(snakemake, folder))
    expect(cut.filter((line) => !whole.includes(line))).toEqual([])
    expect(cut.length).toBeGreaterThan(whole.length - 24)
  })

  test('events of another shape are counted, and name no files', async () => {
    const text = readFileSync(spool, 'utf8')
    writeFileSync(spool, text.replaceAll('"output": ["', '"output": [null, 5, "'))
    const facts = await readFacts(snakemake, folder)
    const names = facts.flatMap((fact) => (fact.kind === 'artifact' ? (fact.uri.split('/').at(-1) ?? '') : []))
    expect(names).not.toContain('null')
    expect(names).not.toContain('5')
    expect(codes(facts)).toContain('snakemake.damaged-spool')
  })

  test('a log that is no text is told, and what is no log is passed over', async () => {
    const logs = join(folder, '.snakemake', 'log')
    const [first = ''] = readdirSync(logs).sort()
    writeFileSync(join(logs, first), Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)))
    writeFileSync(join(logs, 'mine.snakemake.log'), 'notes\n')
    const facts = await readFacts(snakemake, folder)
    expect(codes(facts).sort()).toEqual(expect.arrayContaining(['snakemake.damaged-log', 'snakemake.unknown-log']))
    expect(facts.filter((fact) => fact.kind === 'run' && fact.parent === undefined)).toHaveLength(3)
  })
})
