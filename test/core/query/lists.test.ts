import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Fact, RunFact } from '../../../core/fact/fact.ts'
import { fileUri } from '../../../core/fact/uri.ts'
import { eachPage } from '../../../core/query/each-page.ts'
import { listArtifacts } from '../../../core/query/list-artifacts.ts'
import { listRuns } from '../../../core/query/list-runs.ts'
import { listTransforms } from '../../../core/query/list-transforms.ts'
import type { ArtifactFilter, RunFilter, TransformFilter } from '../../../core/query/view.ts'
import { artifact, consumed, minute, ordered, produced, run, stream, transform } from './make-facts.ts'
import { onBothDatabases } from './on-both.ts'

const step = transform('STEP')
const main = transform('main', { type: 'pipeline', engine: 'other' })
const top = run('top', {
  transform: main.uid,
  engine: 'other',
  startedAt: minute(0),
  params: { input: 's.csv', genome: 'GRCh38', cores: 4, dry: true, list: [1] },
})
const failed = run('failed', {
  parent: top.uid,
  outcome: 'failed',
  startedAt: minute(3),
  labels: {
    callHash: 'ab12cd34',
    queue: 7,
    tags: { team: ['a-team', 'red'], user: 'ann', urgent: true },
    wildcards: { sample: 's1' },
  },
})
const fine = run('fine', { parent: top.uid, startedAt: minute(1) })
const undated = run('undated')
const place = transform('MAP:PLACE')
const placed = run('placed', { transform: place.uid, startedAt: '2020-01-01T00:00:00.000Z' })
const bam = artifact('/work/aa/s1.BAM', undefined, { modifiedAt: minute(5) })
const fastq = artifact('/data/s1.fastq.gz', undefined, {
  digests: [{ algorithm: 'md5', value: 'aa11', scope: 'full', evidence: 'recorded' }],
})
const folder = artifact('/work/aa', undefined, { type: 'folder' })
const other = artifact('/work/aab/x.bam')
const facts: Fact[] = ordered([
  stream, step, main, place, top, failed, fine, undated, placed, bam, fastq, folder, other,
  consumed(fine, fastq), produced(fine, bam), produced(fine, folder), produced(fine, other),
]) // prettier-ignore

onBothDatabases('lists', (bench) => {
  test.each<[string, RunFilter, RunFact[]]>([
    ['all, the latest first, those without a time last', {}, [failed, fine, top, placed, undated]],
    ['of an engine', { engine: 'other' }, [top]],
    ['with an outcome', { outcome: 'failed' }, [failed]],
    ['of a transform by name', { transform: 'main' }, [top]],
    ['of a transform by uid', { transform: step.uid }, [failed, fine, undated]],
    ['of a transform by the start of its uid', { transform: step.uid.slice(0, 8) }, [failed, fine, undated]],
    ['of a transform by too little of its uid', { transform: step.uid.slice(0, 7) }, []],
    ['of a transform by the last part of its name', { transform: 'PLACE' }, [placed]],
    ['since', { since: new Date(minute(1)) }, [failed, fine]],
    ['until, which is not within', { until: new Date(minute(1)) }, [top, placed]],
    ['with a text parameter', { param: { name: 'genome', value: 'GRCh38' } }, [top]],
    ['with a number parameter', { param: { name: 'cores', value: '4' } }, [top]],
    ['with a truth parameter', { param: { name: 'dry', value: 'true' } }, [top]],
    ['with another value', { param: { name: 'genome', value: 'GRCh37' } }, []],
    ['with a label', { labels: [{ name: 'callHash', value: 'ab12cd34' }] }, [failed]],
    ['with a label that is a number', { labels: [{ name: 'queue', value: '7' }] }, [failed]],
    ['with a tag', { labels: [{ name: 'user', value: 'ann' }] }, [failed]],
    ['with a tag that is a truth', { labels: [{ name: 'urgent', value: 'true' }] }, [failed]],
    ['with one of several tags of a name', { labels: [{ name: 'team', value: 'a-team' }] }, [failed]],
    ['with what another label has in it', { labels: [{ name: 'sample', value: 's1' }] }, [failed]],
    ['with a tag, whatever it says', { labels: [{ name: 'team' }] }, [failed]],
    [
      'with all of several labels',
      {
        labels: [
          { name: 'user', value: 'ann' },
          { name: 'queue', value: '8' },
        ],
      },
      [],
    ],
    ['with only the beginning of a label', { labels: [{ name: 'callHash', value: 'ab12' }] }, []],
    ['with another tag', { labels: [{ name: 'user', value: 'a-team' }] }, []],
    ['with a hostile label', { labels: [{ name: `a"]'`, value: `x'" OR 1=1; -- NEAR(` }] }, []],
    ['executions only', { top: true }, [top, placed, undated]],
    ['started by a run', { parent: top.uid }, [failed, fine]],
    ['with all filters at once', { parent: top.uid, outcome: 'succeeded', since: new Date(minute(0)) }, [fine]],
    ['with hostile words', { param: { name: `a"]'`, value: "'; DROP TABLE run; --" } }, []],
  ])('runs %s', async (_title, filter, expected) => {
    const database = await bench.filled(facts)
    const found = await listRuns(database.sql, filter, { limit: 100 })
    expect(found.map(({ name }) => name)).toEqual(expected.map(({ name }) => name))
  })

  test.each<[string, ArtifactFilter, Fact[]]>([
    ['with an extension, whatever its case', { extension: 'bam' }, [bam, other]],
    ['with a double extension', { extension: '.fastq.gz' }, [fastq]],
    ['of a type', { type: 'folder' }, [folder]],
    ['under a folder, and not beside it', { under: '/work/aa' }, [bam]],
    ['under a uri', { under: 'file:///work/' }, [bam, folder, other]],
    ['with a digest', { digest: 'aa11' }, [fastq]],
    ['modified since', { since: new Date(minute(5)) }, [bam]],
    ['modified until', { until: new Date(minute(5)) }, []],
  ])('artifacts %s', async (_title, filter, expected) => {
    const database = await bench.filled(facts)
    const found = await listArtifacts(database.sql, filter, { limit: 100 })
    expect(new Set(found)).toEqual(new Set(expected))
  })

  test.each<[string, TransformFilter, string[]]>([
    ['all, by name', {}, ['MAP:SORT', 'STEP', 'germline.main', 'main']],
    ['of an engine', { engine: 'other' }, ['main']],
    ['of a type', { type: 'pipeline' }, ['main']],
    ['of a name', { name: 'STEP' }, ['STEP']],
    ['of the last part of a name', { name: 'SORT' }, ['MAP:SORT']],
    ['of a name, not of those that end with it', { name: 'main' }, ['main']],
  ])('transforms %s', async (_title, filter, expected) => {
    const longNamed = [transform('MAP:SORT'), transform('germline.main')]
    const database = await bench.filled([stream, { ...main, engine: 'other' }, step, ...longNamed])
    expect((await listTransforms(database.sql, filter, { limit: 9 })).map(({ name }) => name)).toEqual(expected)
  })

  test('pages meet without gap or repetition, whatever the times', async () => {
    const times = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 4 }), async (starts, size) => {
        const runs = starts.map((at, number) => run(String(number), at === undefined ? {} : { startedAt: minute(at) }))
        const database = await bench.filled([stream, step, ...runs])
        const all = await listRuns(database.sql, {}, { limit: 100 })
        expect(all).toHaveLength(runs.length)
        const paged: RunFact[] = []
        for (let page = await listRuns(database.sql, {}, { limit: size }); page.length > 0;) {
          paged.push(...page)
          page = await listRuns(database.sql, {}, { limit: size, after: page.at(-1)?.uid ?? '' })
        }
        expect(paged).toEqual(all)
      }),
      { numRuns: bench.provider === 'sqlite' ? 20 : 3 },
    )
  })

  test('pages of artifacts and transforms meet too', async () => {
    const many = Array.from({ length: 2345 }, (_, at) => artifact(`/many/${String(at)}`))
    const code = Array.from({ length: 7 }, (_, at) => transform(`same`, { uid: transform(String(at)).uid }))
    const database = await bench.filled([stream, ...code, ...many])
    const artifacts: string[] = []
    for await (const { uid } of eachPage((page) => listArtifacts(database.sql, { under: '/many' }, page)))
      artifacts.push(uid)
    expect(artifacts).toEqual(many.map(({ uid }) => uid).sort())
    const first = await listTransforms(database.sql, {}, { limit: 4 })
    const rest = await listTransforms(database.sql, {}, { limit: 4, after: first[3]?.uid ?? '' })
    expect([...first, ...rest].map(({ uid }) => uid)).toEqual(code.map(({ uid }) => uid).sort())
  })

  test('a page after a uid that nobody has begins at the start', async () => {
    const database = await bench.filled(facts)
    expect(await listRuns(database.sql, {}, { limit: 1, after: 'x' })).toEqual([failed])
  })

  test('a folder whose path is longer than what is indexed', async () => {
    const deep = `/deep/${'folder-with-a-long-name/'.repeat(12)}`
    const [inside, beside] = [artifact(`${deep}a/x.txt`), artifact(`${deep}b/x.txt`)]
    const database = await bench.filled([stream, inside, beside])
    expect(await listArtifacts(database.sql, { under: `${deep}a` }, { limit: 9 })).toEqual([inside])
  })

  test('a path with a space or a percent sign is found under its folder', async () => {
    const odd = artifact('/odd folder/100%/x.txt')
    const database = await bench.filled([stream, odd])
    expect(await listArtifacts(database.sql, { under: '/odd folder/100%' }, { limit: 9 })).toEqual([odd])
    expect(await listArtifacts(database.sql, { under: fileUri('/odd folder') }, { limit: 9 })).toEqual([odd])
  })
})
