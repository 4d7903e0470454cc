import { describe, expect, test } from '@jest/globals'
import { describeLineage } from '../../../core/cli/render-lineage.ts'
import { findMaker } from '../../../core/cli/render-maker.ts'
import { styleFor } from '../../../core/cli/style.ts'
import { textWidth } from '../../../core/cli/text-width.ts'
import { placeOf } from '../../../core/cli/wording.ts'
import type { ArtifactFact, RunFact } from '../../../core/fact/fact.ts'
import { artifactUid, runUid, transformUid } from '../../../core/fact/uid.ts'
import { fileUri } from '../../../core/fact/uri.ts'
import type { Lineage, LineageEdge, LineageNode } from '../../../core/query/view.ts'

const file = (path: string): ArtifactFact => ({
  kind: 'artifact',
  uid: artifactUid(fileUri(path)),
  uri: fileUri(path),
  type: 'file',
})
const run = (name: string, more: Partial<RunFact> = {}): RunFact => ({
  kind: 'run',
  uid: runUid('test', name),
  transform: transformUid('test', name.replace(/ .*/, '')),
  engine: 'test',
  key: name,
  name,
  outcome: 'succeeded',
  ...more,
})
const reads = (by: RunFact, of: ArtifactFact): LineageEdge => ({
  kind: 'consumed',
  run: by.uid,
  artifact: of.uid,
  evidence: 'recorded',
})
const writes = (by: RunFact, of: ArtifactFact): LineageEdge => ({
  kind: 'produced',
  run: by.uid,
  artifact: of.uid,
  evidence: 'recorded',
})

function lines(
  nodes: readonly LineageNode[],
  edges: readonly LineageEdge[],
  more: Partial<Lineage> = {},
  width = 80,
): string[] {
  const lineage: Lineage = {
    root: nodes[0]?.uid ?? '',
    direction: 'up',
    nodes,
    edges,
    truncated: false,
    ambiguous: [],
    ...more,
  }
  const terminal = {
    workingFolder: '/p', environment: {}, width, isTerminal: false, isErrorTerminal: false, color: false,
    signal: new AbortController().signal, write: () => Promise.resolve(), warn: () => undefined, holdInterrupts: () => undefined,
  } // prettier-ignore
  return describeLineage(lineage, { terminal, style: styleFor(false), full: false, place: (uri) => placeOf(uri, '/p') })
}

/** Lines without the runs' uids. */
const bare = (found: readonly string[]): string[] =>
  found.map((line) => line.replace(/ {2}(\S+ · )*[0-9A-Za-z]{8}$/, ''))

describe('a lineage as a tree', () => {
  test('a diamond is told once and pointed to after', () => {
    const [a, b, c, d] = [file('/p/a'), file('/p/b'), file('/p/c'), file('/p/d')]
    const [left, right, join] = [run('LEFT'), run('RIGHT'), run('JOIN')]
    const edges = [
      writes(join, d),
      reads(join, b),
      reads(join, c),
      writes(left, b),
      writes(right, c),
      reads(left, a),
      reads(right, a),
    ]
    expect(bare(lines([d, join, b, c, left, right, a], edges))).toEqual([
      'd',
      '└─ ▸ ✓ JOIN',
      '   ├─ b',
      '   │  └─ ▸ ✓ LEFT',
      '   │     └─ a',
      '   └─ c',
      '      └─ ▸ ✓ RIGHT',
      '         └─ a',
    ])
  })

  test('many like branches are folded with their count and outcomes', () => {
    const out = file('/p/report')
    const merge = run('MERGE')
    const parts = Array.from({ length: 50 }, (_, at) => file(`/p/${at}.txt`))
    const tasks = parts.map((_, at) => run(`SPLIT (${at})`, at === 7 ? { outcome: 'failed' } : {}))
    const edges = [
      writes(merge, out),
      ...parts.map((part) => reads(merge, part)),
      ...tasks.flatMap((task, at) => { const part = parts[at]; return part === undefined ? [] : [writes(task, part)] }),
    ] // prettier-ignore
    const found = lines([out, merge, ...parts, ...tasks], edges)
    expect(found).toHaveLength(7)
    expect(found.at(-1)).toBe('   └─ … 48 files more like this')
  })

  test('what was concluded is said, what was recorded is not', () => {
    const [a, b] = [file('/p/a'), file('/p/b')]
    const maker = run('MAKE')
    const copied: LineageEdge = { kind: 'copied', from: a.uid, to: b.uid, method: 'copy', evidence: 'inferred' }
    expect(lines([b, a, maker], [copied, writes(maker, a)])).toEqual([
      'b',
      '└─ copy of a  inferred',
      expect.stringContaining('   └─ ▸ ✓ MAKE'),
    ])
  })

  test('ambiguity is listed and the cut is told', () => {
    const [a, b] = [file('/p/a'), file('/p/b')]
    const ambiguous = [
      {
        kind: 'ambiguous' as const,
        subject: a.uid,
        relation: 'copied' as const,
        candidates: [b.uid, a.uid],
        why: 'same size',
      },
    ]
    const found = lines([a, b], [], { ambiguous, truncated: true })
    expect(found).toContain('? a: copied is ambiguous, none is asserted: same size')
    expect(found.at(-1)).toContain('there is more')
  })

  test('a chain of thousands and a cycle end', () => {
    const files = Array.from({ length: 5000 }, (_, at) => file(`/p/${at}`))
    const runs = files.slice(1).map((_, at) => run(`STEP ${at}`))
    const edges = runs.flatMap((step, at) => {
      const [to, from] = [files[at], files[at + 1]]
      return to === undefined || from === undefined ? [] : [writes(step, to), reads(step, from)]
    })
    const chain = lines([...files, ...runs], edges)
    expect(chain.length).toBeLessThan(1500)
    expect(chain.filter((line) => line === 'goes on from')).toHaveLength(30)
    for (const line of chain) expect(textWidth(line)).toBeLessThanOrEqual(80)
    const short = lines([...files.slice(0, 60), ...runs.slice(0, 59)], edges.slice(0, 118))
    for (let at = 0; at < 60; at++) expect(short.some((line) => line.endsWith(` ${at}`) || line === `${at}`)).toBe(true)
    const [a, b] = [run('A'), run('B')]
    const [x, y] = [file('/p/x'), file('/p/y')]
    expect(lines([x, y, a, b], [writes(a, x), reads(a, y), writes(b, y), reads(b, x)]).length).toBeLessThan(10)
  })

  test.each([40, 80, 200])('fits %i columns, whatever the names', (width) => {
    const out = file(`/p/${'long/'.repeat(60)}日本\n.txt`)
    const maker = run(`TASK ${'name '.repeat(50)}`, { outcome: 'failed', exitCode: 1, attempt: 3 })
    for (const line of lines([out, maker], [writes(maker, out)], {}, width)) {
      expect(textWidth(line)).toBeLessThanOrEqual(width)
      expect(line).not.toContain('\n')
    }
  })

  test('cached runs that add nothing are one with the run that they reused', () => {
    const [a, b, c] = [file('/p/a'), file('/p/b'), file('/p/c')]
    const made = run('MAKE')
    const again = run('MAKE (2)', { outcome: 'cached', reuses: made.uid })
    const third = run('MAKE (3)', { outcome: 'cached', reuses: again.uid })
    const edges = [made, again, third].flatMap((each) => [writes(each, b), reads(each, a)])
    const whole = [b, made, again, third, a]
    expect(lines(whole, edges)).toEqual([
      'b',
      `└─ ▸ ✓ MAKE  ${made.uid.slice(0, 8)} · reused by 2 cached runs`,
      '   └─ a',
    ])
    expect(lines(whole, edges, { root: third.uid })[0]).toContain('MAKE (3)')
    // One that read something else has something to say.
    expect(bare(lines([...whole, c], [...edges, reads(again, c)]))).toContain('└─ ▸ ↺ MAKE (2)')
  })

  test('runs of an execution hang below it', () => {
    const top = run('main')
    const children = [run('A', { parent: top.uid }), run('B', { parent: top.uid })]
    expect(bare(lines([top, ...children], []))).toEqual(['▸ ✓ main', '├─ ▸ ✓ A', '└─ ▸ ✓ B'])
  })
})

describe('the maker', () => {
  test('is found behind copies and cached runs, and not guessed between two', () => {
    const [a, b] = [file('/p/a'), file('/p/b')]
    const made = run('MAKE')
    const cached = run('MAKE again', { outcome: 'cached', reuses: made.uid })
    const other = run('OTHER')
    const copied: LineageEdge = { kind: 'copied', from: a.uid, to: b.uid, method: 'link', evidence: 'recorded' }
    const lineage = (edges: LineageEdge[]): Lineage => ({
      root: b.uid, direction: 'up', nodes: [a, b, made, cached, other], edges, truncated: false, ambiguous: [],
    }) // prettier-ignore
    expect(findMaker(lineage([copied, writes(cached, a)]))?.name).toBe('MAKE')
    expect(findMaker(lineage([copied, writes(cached, a), writes(made, a)]))?.name).toBe('MAKE')
    expect(findMaker(lineage([copied, writes(other, a), writes(made, a)]))).toBeUndefined()
    expect(findMaker(lineage([]))).toBeUndefined()
  })
})
