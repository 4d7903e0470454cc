import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Fact, RunFact } from '../../../core/adapter.ts'
import { edgesOf, fixture, readFacts, runsOf } from './read-facts.ts'

function named(facts: readonly Fact[], name: string): readonly RunFact[] {
  return runsOf(facts).filter((run) => run.name === name)
}

/** Which run made the version of a file that a run read. */
function makerOf(facts: readonly Fact[], run: RunFact | undefined, path: string): readonly (RunFact | undefined)[] {
  const uris = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, fact.uri] as const] : [])))
  const runs = new Map(runsOf(facts).map((each) => [each.uid, each]))
  const read = facts.flatMap((fact) =>
    fact.kind === 'consumed' && fact.run === run?.uid && uris.get(fact.artifact)?.endsWith(path) === true
      ? [fact.artifact]
      : [],
  )
  return facts.flatMap((fact) =>
    fact.kind === 'produced' && read.includes(fact.artifact) && runs.get(fact.run)?.outcome !== 'cached'
      ? [runs.get(fact.run)]
      : [],
  )
}

describe('killed and started again', () => {
  let facts: readonly Fact[] = []
  beforeAll(async () => {
    facts = await readFacts(fixture('0.46.0/killed-and-resumed'))
  })

  test('what has no end was aborted, and so was its execution', () => {
    const [killed, resumed] = runsOf(facts).filter((run) => run.parent === undefined)
    expect([killed?.outcome, resumed?.outcome]).toEqual(['aborted', 'succeeded'])
    expect(
      named(facts, 'slow.crunch')
        .map((run) => run.outcome)
        .sort(),
    ).toEqual([...Array<string>(3).fill('aborted'), ...Array<string>(3).fill('succeeded')])
  })

  test('a cached task leads to the run that made the bytes', () => {
    for (const run of named(facts, 'slow.prep').filter((each) => each.outcome === 'cached')) {
      const maker = runsOf(facts).find((each) => each.uid === run.reuses)
      expect(maker).toMatchObject({ name: 'slow.prep', outcome: 'succeeded', params: run.params })
    }
  })

  test('a cached caller without an earlier twin reuses nobody; what it called ran now', () => {
    const resumed = named(facts, 'slow.main').find((run) => run.outcome === 'cached')
    expect(resumed).toBeDefined()
    expect(resumed?.reuses).toBeUndefined()
  })

  test('what the killed tasks had been given is concluded from their caller, and says so', () => {
    const aborted = new Set(named(facts, 'slow.crunch').flatMap((run) => (run.outcome === 'aborted' ? [run.uid] : [])))
    const read = facts.filter((fact) => fact.kind === 'consumed' && aborted.has(fact.run))
    expect(read).toHaveLength(3)
    for (const edge of read) expect(edge).toMatchObject({ evidence: 'inferred', method: 'start-order' })
  })

  test('the parameters of an execution that never finished come from its command line and the defaults', () => {
    const [killed] = runsOf(facts)
    expect(killed?.params).toEqual({ n: 3 })
  })

  test('what a workflow only hands on it did not make', () => {
    const edges = edgesOf(facts, fixture('0.46.0/killed-and-resumed'))
    expect(edges).toContain('slow.total -> w/total.txt')
    expect(edges).not.toContain('slow.main -> w/total.txt')
  })
})

describe('script()', () => {
  test('its three jobs are one run with inputs, outputs and the command', async () => {
    const facts = await readFacts(fixture('0.46.0/script'))
    expect(named(facts, 'redun.script')).toHaveLength(4)
    expect(named(facts, 'redun.script_task')).toHaveLength(0)
    expect(named(facts, 'redun.postprocess_script')).toHaveLength(0)
    const [counting] = named(facts, 'redun.script').filter((run) => run.command?.includes('uniq -c') === true)
    const uris = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, fact.uri] as const] : [])))
    const ends = (kind: 'consumed' | 'produced'): readonly (string | undefined)[] =>
      facts
        .flatMap((fact) => (fact.kind === kind && fact.run === counting?.uid ? [uris.get(fact.artifact)] : []))
        .map((uri) => uri?.split('/').at(-1))
    expect(ends('consumed')).toEqual(['data.tsv'])
    expect([...ends('produced')].sort()).toEqual(['color-counts.txt', 'color-counts.txt.log'])
  })
})

describe('a path that is rewritten between executions', () => {
  test('readers have the version of their time', async () => {
    const facts = await readFacts(fixture('0.46.0/two-workflows'))
    const [first, second] = named(facts, 'ref.mask')
    const readers = named(facts, 'use.map_reads').filter((run) => run.outcome === 'succeeded')
    expect(readers).toHaveLength(4)
    for (const [at, reader] of readers.entries())
      expect(makerOf(facts, reader, 'bundle/masked.fa')).toEqual([at < 2 ? first : second])
    const edges = facts.filter((fact) => fact.kind === 'consumed' && fact.run === readers[0]?.uid)
    expect(edges).toContainEqual(expect.objectContaining({ evidence: 'inferred', method: 'equal-value' }))
  })
})

describe('sub-schedulers', () => {
  test('a nested one is below its caller; one of its own is an execution that files lead to', async () => {
    const facts = await readFacts(fixture('0.46.0/sub-run'))
    const own = runsOf(facts).find((run) => run.parent === undefined && run.name === 'sub.inner')
    expect(own?.params).toMatchObject({ arg0: 10 })
    const reader = named(facts, 'sub.use').find((run) => makerOf(facts, run, 'o10.txt').length > 0)
    const [maker] = makerOf(facts, reader, 'o10.txt')
    expect(maker).toMatchObject({ name: 'sub.inner', parent: own?.uid })
  })
})

describe('values outside the database', () => {
  test('are read from the value store', async () => {
    const facts = await readFacts(fixture('0.46.0/value-store'))
    const [merge] = named(facts, 'vs.merge')
    expect(facts.filter((fact) => fact.kind === 'consumed' && fact.run === merge?.uid).length).toBeGreaterThan(60)
  })
})

test('before redun 0.24 failed jobs have no end of their own: their call tells it', async () => {
  const facts = await readFacts(fixture('0.7.4/local-times'))
  const [boom] = named(facts, 'old.boom')
  expect(boom).toMatchObject({ outcome: 'failed', endedAt: expect.stringMatching(/^2026-11-24T01:27:43/) })
  expect(boom?.error?.type).toBe('ValueError')
  expect(named(facts, 'old.join').map((run) => run.outcome)).toEqual(['succeeded', 'aborted'])
})
