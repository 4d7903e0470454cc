import { expect, test } from '@jest/globals'
import { readConnection } from '../../../core/query/connect.ts'
import { readLineage } from '../../../core/query/lineage.ts'
import type { Direction, Lineage } from '../../../core/query/view.ts'
import type { Database } from '../../../core/db/database.ts'
import type { Fact } from '../../../core/fact/fact.ts'
import { artifact, consumed, copied, minute, ordered, produced, run, stream, transform, uidsOf } from './make-facts.ts'
import { onBothDatabases } from './on-both.ts'

const step = transform('STEP')
const reads = artifact('/data/s1.fq')
const reference = artifact('/data/genome.fa')
const bam = artifact('/work/aa/s1.bam')
const calls = artifact('/work/bb/s1.vcf')
const stats = artifact('/work/cc/s1.stats')
const report = artifact('/work/dd/report.html')
const published = artifact('/results/report.html', 'run 1')
const align = run('align', { startedAt: minute(0), endedAt: minute(5) })
const call = run('call', { startedAt: minute(6), endedAt: minute(9) })
const count = run('count', { startedAt: minute(6), endedAt: minute(8) })
const summary = run('summary', { startedAt: minute(10), endedAt: minute(11) })

/** Two ways from the alignment to the report, which is then published: a diamond and a copy. */
const diamond: Fact[] = ordered([
  stream, step, align, call, count, summary, reads, reference, bam, calls, stats, report, published,
  consumed(align, reads, 'reads'), consumed(align, reference, 'genome'), produced(align, bam),
  consumed(call, bam), produced(call, calls), consumed(count, bam), produced(count, stats),
  consumed(summary, calls), consumed(summary, stats), produced(summary, report), copied(report, published),
]) // prettier-ignore

async function lineage(database: Database, uid: string, direction: Direction, more = {}): Promise<Lineage> {
  return await readLineage(database.sql, uid, [uid], { direction, limit: 1000, ...more })
}

onBothDatabases('lineage', (bench) => {
  test('goes up through a copy and a diamond to the inputs, each thing once', async () => {
    const database = await bench.filled(diamond)
    const found = await lineage(database, published.uid, 'up')
    expect(found.nodes.map((node) => node.uid)).toEqual([
      published.uid, report.uid, summary.uid, ...uidsOf([calls, stats]), ...uidsOf([call, count]), bam.uid, align.uid,
      ...uidsOf([reads, reference]),
    ]) // prettier-ignore
    expect(found.edges).toHaveLength(11)
    expect(found).toMatchObject({ root: published.uid, direction: 'up', truncated: false, ambiguous: [] })
  })

  test('goes down to everything that was made', async () => {
    const database = await bench.filled(diamond)
    const found = await lineage(database, bam.uid, 'down')
    expect(uidsOf(found.nodes)).toEqual(uidsOf([bam, call, count, calls, stats, summary, report, published]))
  })

  test('both is what lies above and below, not what lies beside', async () => {
    const database = await bench.filled(diamond)
    const found = await lineage(database, calls.uid, 'both')
    expect(uidsOf(found.nodes)).toEqual(uidsOf([calls, call, bam, align, reads, reference, summary, report, published]))
    expect(found.nodes[0]?.uid).toBe(calls.uid)
  })

  test('counts a run and a file as a step each, and says when there is more', async () => {
    const database = await bench.filled(diamond)
    const two = await lineage(database, report.uid, 'up', { depth: 2 })
    expect(uidsOf(two.nodes)).toEqual(uidsOf([report, summary, calls, stats]))
    expect(two.truncated).toBe(true)
    const all = await lineage(database, report.uid, 'up', { depth: 6 })
    expect(all.truncated).toBe(false)
  })

  test('keeps the nearest nodes within a limit, and edges only among them', async () => {
    const database = await bench.filled(diamond)
    const found = await lineage(database, report.uid, 'up', { limit: 3 })
    expect(found.nodes).toHaveLength(3)
    expect(found.truncated).toBe(true)
    expect(found.edges.map((edge) => edge.kind).sort()).toEqual(['consumed', 'produced'])
  })

  test('ends in a ring', async () => {
    const again = run('again')
    const facts = ordered([...diamond, again, consumed(again, report), produced(again, reads)])
    const database = await bench.filled(facts)
    const found = await lineage(database, reads.uid, 'up')
    expect(found.nodes).toHaveLength(11)
    expect(found.edges).toHaveLength(12)
  })

  test('a cached run leads to the run whose bytes it reused, and back', async () => {
    const cached = run('align again', { outcome: 'cached', reuses: align.uid })
    const database = await bench.filled(ordered([...diamond, cached]))
    expect(uidsOf((await lineage(database, cached.uid, 'up')).nodes)).toEqual(uidsOf([cached, align, reads, reference]))
    expect(uidsOf((await lineage(database, align.uid, 'down')).nodes)).toContain(cached.uid)
  })

  test('lists what is ambiguous about its nodes', async () => {
    const why = 'two files of the same size'
    const doubt: Fact = {
      kind: 'ambiguous',
      subject: published.uid,
      relation: 'copied',
      candidates: uidsOf([report, stats]) as never,
      why,
    }
    const database = await bench.filled(ordered([...diamond, doubt]))
    expect((await lineage(database, published.uid, 'up')).ambiguous).toEqual([doubt])
  })

  test('the shortest connection of two things, whichever comes first', async () => {
    const database = await bench.filled(diamond)
    const down = await readConnection(database.sql, reads.uid, published.uid, 1000)
    expect(down?.direction).toBe('down')
    expect(down?.nodes.map((node) => node.uid).filter((uid) => uid !== call.uid && uid !== count.uid)).toHaveLength(7)
    expect(down?.edges).toHaveLength(7)
    expect((await readConnection(database.sql, published.uid, reads.uid, 1000))?.direction).toBe('up')
    const beside = await readConnection(database.sql, calls.uid, stats.uid, 1000)
    expect(beside?.direction).toBe('both')
    expect(beside?.nodes.map((node) => node.uid)).toEqual([calls.uid, summary.uid, stats.uid])
  })

  test('the connection through a reused run has an edge for it, either way', async () => {
    const cached = run('align again', { outcome: 'cached', reuses: align.uid })
    const database = await bench.filled(ordered([...diamond, cached]))
    const edge = { kind: 'reused', from: align.uid, to: cached.uid }
    expect((await readConnection(database.sql, cached.uid, reads.uid, 1000))?.edges[0]).toEqual(edge)
    expect((await readConnection(database.sql, reads.uid, cached.uid, 1000))?.edges[1]).toEqual(edge)
  })

  test('a transform is connected through any of its runs, an execution through those below it', async () => {
    const execution = run('execution', { transform: transform('PIPELINE').uid })
    const below = run('align below', { parent: execution.uid, transform: transform('ALIGNER').uid })
    const own = artifact('/data/own.bam')
    const database = await bench.filled(
      ordered([...diamond, transform('PIPELINE'), transform('ALIGNER'), execution, below, own, produced(below, own)]),
    )
    for (const from of [transform('ALIGNER'), execution]) {
      expect(await readConnection(database.sql, from.uid, own.uid, 1000)).toMatchObject({
        from: from.uid,
        direction: 'down',
        nodes: [{ uid: below.uid }, { uid: own.uid }],
        edges: [{ kind: 'produced' }],
      })
    }
    expect((await readConnection(database.sql, own.uid, execution.uid, 1000))?.direction).toBe('up')
  })

  test('a search that meets too many nodes ends', async () => {
    const database = await bench.filled(diamond)
    expect(await readConnection(database.sql, reads.uid, published.uid, 2)).toBeUndefined()
  })

  test('there is no connection to a thing that nothing joins', async () => {
    const lonely = artifact('/data/lonely.txt')
    const database = await bench.filled(ordered([...diamond, lonely]))
    expect(await readConnection(database.sql, lonely.uid, published.uid, 1000)).toBeUndefined()
  })
})
