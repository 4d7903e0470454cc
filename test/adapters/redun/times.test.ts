import { expect, test } from '@jest/globals'
import { inferShift, parseTime, zoneShift } from '../../../adapters/redun/jobs/times.ts'
import { toIso } from '../../../core/adapter.ts'
import { fixture, readFacts, runsOf } from './read-facts.ts'

test.each([
  ['2026-11-24 07:14:08.693040', '2026-11-24T07:14:08.693Z'],
  ['2026-11-24 01:27:41', '2026-11-24T01:27:41.000Z'],
  ['2026-11-24 02:15:12.482813-05:00', '2026-11-24T07:15:12.482Z'],
  ['2026-11-24T02:15:12Z', '2026-11-24T02:15:12.000Z'],
  ['yesterday', undefined],
  [undefined, undefined],
])('%s is %s', (text, iso) => {
  expect(toIso(parseTime(text))).toBe(iso)
})

const HOUR = 3_600_000

test('the offset of local times is the one that most calls agree with', () => {
  expect(inferShift([[0, 5 * HOUR + 1000], [1000, 5 * HOUR + 1200], [2000, 9000 * HOUR]])).toBe(5 * HOUR) // prettier-ignore
  expect(inferShift([[0, 7 * 60_000]])).toBeUndefined()
  expect(inferShift([])).toBeUndefined()
})

test('a zone that the user names', () => {
  expect(zoneShift('America/New_York', Date.parse('2026-11-24T00:00:00Z'))).toBe(5 * HOUR)
  expect(zoneShift('Asia/Kolkata', 0)).toBe(-5.5 * HOUR)
})

test('local times of schema 3.1 become UTC by the times of their calls', async () => {
  const [first] = runsOf(await readFacts(fixture('0.7.4/local-times')))
  expect(first?.startedAt).toBe('2026-11-24T01:27:41.897Z')
})
