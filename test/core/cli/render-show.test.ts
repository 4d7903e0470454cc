import { expect, test } from '@jest/globals'
import { describeDetail } from '../../../core/cli/render-show.ts'
import { styleFor } from '../../../core/cli/style.ts'
import type { GapFact, RunFact, TransformFact } from '../../../core/fact/fact.ts'
import { runUid, transformUid } from '../../../core/fact/uid.ts'

const transform: TransformFact = {
  kind: 'transform',
  uid: transformUid('test', 'ALIGN'),
  name: 'ALIGN',
  type: 'process',
  engine: 'test',
}

function run(name: string, more: Partial<RunFact> = {}): RunFact {
  return {
    kind: 'run',
    uid: runUid('test', name),
    transform: transform.uid,
    engine: 'test',
    key: name,
    name,
    outcome: 'failed',
    ...more,
  }
}

function show(thing: RunFact, type: TransformFact['type'] = 'process', lost: readonly GapFact[] = []): string[] {
  const none = { total: 0, items: [] }
  const terminal = {
    workingFolder: '/p', environment: {}, width: 80, isTerminal: false, isErrorTerminal: false, color: false,
    signal: new AbortController().signal, write: () => Promise.resolve(), warn: () => undefined, holdInterrupts: () => undefined,
  } // prettier-ignore
  return describeDetail(
    {
      kind: 'run', thing, transform: { ...transform, type }, parent: run('main'), reusedBy: none, consumed: none, produced: none,
      children: { total: 0, byOutcome: {} }, ambiguous: [], imports: [], gaps: { total: lost.length, items: lost },
    }, // prettier-ignore
    { terminal, style: styleFor(false), full: false, place: (uri) => uri },
  )
}

test('labels stand below each other, whatever is behind them', () => {
  const [, ...lines] = show(run('ALIGN (s1)'))
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}part of {4}▸ ✗ main/))
  expect(lines.filter((line) => !line.startsWith('  '))).toEqual([])
})

test('an error of several lines is told as lines, one of a single line beside its label', () => {
  expect(show(run('A', { error: { message: 'no overlaps' } }))).toContain('  error      no overlaps')
  const lines = show(run('A', { error: { type: 'ENGINE', message: 'it ended:\n\n  exit 3\n\u001b[31mred' } }))
  const at = lines.indexOf('  error')
  expect(lines.slice(at, at + 5)).toEqual([
    '  error',
    '    ENGINE: it ended:',
    '    ',
    '      exit 3',
    '    \\u{1b}[31mred',
  ])
})

test('the command of an execution is no script', () => {
  expect(show(run('A', { command: 'engine run' }), 'pipeline').slice(-2)).toEqual(['  command', '    engine run'])
  expect(show(run('A', { command: 'cat a' })).slice(-2)).toEqual(['  script', '    cat a'])
})

test('of many gaps the first of each kind is told, with its place', () => {
  const gap = (code: string, place: string): GapFact => ({ kind: 'gap', code, place, message: 'lost' })
  const lines = show(run('A'), 'process', [gap('a.cut', 'x:1'), gap('b.zone', ''), gap('a.cut', 'y:2')])
  expect(lines.slice(-4)).toEqual([
    '  gaps of the import (3)',
    '    a.cut: lost (x:1)',
    '    b.zone: lost',
    '    … and 1 more',
  ])
})
