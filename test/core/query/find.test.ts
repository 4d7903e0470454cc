import { describe, expect, test } from '@jest/globals'
import { findThings } from '../../../core/query/find.ts'
import { resolveThing } from '../../../core/query/resolve.ts'
import { wordsOf } from '../../../core/query/search-index.ts'
import { artifact, consumed, minute, ordered, produced, run, stream, transform } from './make-facts.ts'
import { onBothDatabases } from './on-both.ts'

const step = transform('SALMON_QUANT')
const quant = run('SALMON_QUANT (s1)', { transform: step.uid, params: { genome: 'GRCh38' }, labels: { tag: 'liver' } })
const other = run('SALMON_QUANT (s2)', { transform: step.uid })
const html = artifact('/results/multiqc/multiqc_report.html')
const reads = artifact('/data/Ärger/s1_R1.fastq.gz')
const facts = ordered([
  stream, step, quant, other, html, reads, consumed(quant, reads), produced(quant, html),
]) // prettier-ignore

onBothDatabases('find', (bench) => {
  test.each([
    ['a word of a name', 'salmon', [step.uid, quant.uid, other.uid]],
    ['all words', 'salmon s1', [quant.uid]],
    ['the start of a word', 'fast', [reads.uid]],
    ['words between signs', 's1_R1.fastq.gz', [reads.uid]],
    ['a folder', 'multiqc html', [html.uid]],
    ['a parameter', 'grch38', [quant.uid]],
    ['a label', 'liver', [quant.uid]],
    ['letters of any language', 'ärger', [reads.uid]],
    ['a word that nothing holds', 'bowtie', []],
    ['no word', ' -- "*" ', []],
    ['a word in front that is only a beginning', 'sal s1', []],
    ['the index’s own words', 'AND OR NOT NEAR(', []],
    ['letters that stand for several', '⑴ ﬁ ½', []],
    ['hostile words', `') OR 1=1; DROP TABLE run; -- salmon*`, []],
  ])('%s', async (_title, words, uids) => {
    const database = await bench.filled(facts)
    const found = await findThings(database.sql, words, 10)
    expect(found.map(({ thing }) => thing.uid).sort()).toEqual([...uids].sort())
  })

  test('the shorter text that holds a word comes first, and a limit holds', async () => {
    const database = await bench.filled(facts)
    const found = await findThings(database.sql, 'salmon', 1)
    expect(found.map(({ thing }) => thing.uid)).toEqual([step.uid])
  })

  test('what reconciling has emptied is not found', async () => {
    const made = artifact('/results/table.csv', 'v1')
    const unstated = artifact('/results/table.csv')
    const maker = run('maker', { startedAt: minute(0), endedAt: minute(1) })
    const reader = run('reader', { startedAt: minute(5) })
    const database = await bench.filled(
      ordered([
        ...facts,
        transform('STEP'),
        maker,
        reader,
        made,
        unstated,
        produced(maker, made),
        consumed(reader, unstated),
      ]),
    )
    expect((await findThings(database.sql, 'table', 10)).map(({ thing }) => thing.uid)).toEqual([made.uid])
  })

  test('a name with one wrong word brings the right one', async () => {
    const database = await bench.filled(facts)
    const found = await resolveThing(database.sql, 'mulitqc_report.html', { workingFolder: '/' })
    expect(found).toEqual({ found: 'none', near: ['multiqc_report.html'] })
  })
})

describe('words', () => {
  test.each([
    ['s1_R1.fastq.gz', ['s1', 'R1', 'fastq', 'gz']],
    ['  ', []],
    ['a'.repeat(3) + ' '.repeat(3) + 'b', ['aaa', 'b']],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  test('are bounded', () => {
    expect(wordsOf('a '.repeat(1000))).toHaveLength(16)
  })
})
