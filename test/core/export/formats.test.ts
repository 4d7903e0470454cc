import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { quoteDot } from '../../../core/export/dot.ts'
import { formatFacts } from '../../../core/export/fact-formats.ts'
import { formatLineage } from '../../../core/export/lineage-formats.ts'
import { quoteMermaid } from '../../../core/export/mermaid.ts'
import type { Fact } from '../../../core/fact/fact.ts'
import type { Lineage } from '../../../core/query/view.ts'
import { artifact, consumed, copied, ordered, produced, run, stream, transform } from '../query/make-facts.ts'

const HOSTILE = '"]) --> x["</script><script>alert(1)</script>\n\\N\\"`**#34;end|&amp;%%{init}%%'
const align = run(HOSTILE, { outcome: 'failed' })
const again = run('again', { outcome: 'cached', reuses: align.uid })
const reads = artifact(`/data/${HOSTILE.replaceAll('/', '')}.fq`)
const folder = artifact('/work/out', undefined, { type: 'folder' })
const result = artifact('/results/out', 'v1')
const facts: Fact[] = ordered([
  stream, transform('STEP'), align, again, reads, folder, result,
  consumed(align, reads, HOSTILE), produced(align, folder), copied(folder, result),
]) // prettier-ignore

async function text(format: 'ndjson' | 'json' | 'dot' | 'mermaid', of: readonly Fact[] = facts): Promise<string> {
  const parts: string[] = []
  for await (const part of formatFacts(iterate(of), format)) parts.push(part)
  return parts.join('')
}

async function* iterate(of: readonly Fact[]): AsyncGenerator<Fact> {
  yield* of
  await Promise.resolve()
}

describe('export formats', () => {
  test('ndjson is one fact a line', async () => {
    const lines = (await text('ndjson')).trimEnd().split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(facts)
  })

  test('json is one document with a list for each sort of thing', async () => {
    const document: unknown = JSON.parse(await text('json'))
    expect(document).toEqual({
      transforms: facts.filter((fact) => fact.kind === 'transform'),
      nodes: facts.filter((fact) => fact.kind === 'run' || fact.kind === 'artifact'),
      edges: facts.filter((fact) => ['consumed', 'produced', 'copied'].includes(fact.kind)),
      ambiguous: [],
      gaps: [],
      truncated: false,
    })
  })

  test('json of nothing is a whole document too', async () => {
    expect(JSON.parse(await text('json', [stream]))).toEqual({
      transforms: [], nodes: [], edges: [], ambiguous: [], gaps: [], truncated: false,
    }) // prettier-ignore
  })

  test('dot draws runs, files and folders and arrows the way of the bytes', async () => {
    const source = await text('dot')
    expect(source).toContain(`"${reads.uid}" -> "${align.uid}"`)
    expect(source).toContain(`"${align.uid}" -> "${again.uid}" [label="reused", style=dashed]`)
    expect(source).toContain(`"${folder.uid}" -> "${result.uid}" [label="copy", style=dashed]`)
    expect(source).toContain(`"${folder.uid}" [shape=folder, label="out"`)
    expect(source).not.toContain('</script>')
    expect(source.endsWith('}\n')).toBe(true)
  })

  test('a hostile name stays inside its quotes in dot', async () => {
    // Outside of strings, DOT's own characters only.
    const outside = (await text('dot')).replace(/"(?:[^"\\\n]|\\.)*"/g, 'S')
    expect(outside).not.toMatch(/[<"\\`|#]/)
  })

  test('a hostile name stays inside its quotes in mermaid', async () => {
    const source = await text('mermaid')
    const outside = source.replace(/"[^"\n]*"/g, 'S').split('\n')
    expect(
      outside.filter(
        (line) =>
          !/^( {2}n\w+(\[S\]|\(\[S\]\)(:::\w+)?|\[\(S\)\])| {2}n\w+ (-->|-\.->)(\|S\|)? n\w+| {2}classDef .*|flowchart LR|)$/.test(
            line,
          ),
      ),
    ).toEqual([])
    expect(source).not.toMatch(/<|`|\\/)
    expect(source).toContain(':::failed')
  })

  test('any text quoted for dot or mermaid is one string without line ends or markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(quoteDot(name)).toMatch(/^"(?:[^"\\\p{Cc}<>]|\\["\\])*"$/u)
        expect(quoteMermaid(name)).toMatch(/^"(?:[\p{L}\p{N} ._/,:=+␣…-]|#\d+;)*"$/u)
      }),
    )
  })

  test('a long name is cut in the middle', async () => {
    const long = artifact(`/data/${'a'.repeat(200)}.fq`)
    const source = await text('mermaid', [stream, long])
    expect(source).toContain(`"${'a'.repeat(39)}…${'a'.repeat(37)}.fq"`)
  })

  test('a name that is badly encoded is shown as it is', async () => {
    const odd = { ...artifact('/x'), uri: 's3://bucket/100%' as never }
    expect(await text('dot', [stream, odd])).toContain('label="100%"')
  })

  test('a lineage is drawn with the folder edges that no engine wrote down', () => {
    const lineage: Lineage = {
      root: result.uid,
      direction: 'up',
      nodes: [result, folder],
      edges: [{ kind: 'contained', from: folder.uid, to: result.uid, evidence: 'inferred', method: 'same-folder' }],
      truncated: false,
      ambiguous: [],
    }
    expect(formatLineage(lineage, 'dot')).toContain(
      `"${folder.uid}" -> "${result.uid}" [label="contained", style=dashed]`,
    )
    expect(formatLineage(lineage, 'mermaid')).toContain(`n${folder.uid} -.->|"contained"| n${result.uid}`)
  })
})
