import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { scanJson } from '../../../adapters/temporal/history/scan-json.ts'
import type { JsonPiece } from '../../../adapters/temporal/history/scan-json.ts'

async function* chunksOf(text: string, size: number): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function scan(text: string, size = 1 << 16): Promise<JsonPiece[]> {
  const pieces: JsonPiece[] = []
  for await (const piece of scanJson(chunksOf(text, size))) pieces.push(piece)
  return pieces
}

const event = (id: number): object => ({
  eventId: String(id),
  note: 'a "quoted" {text} \\',
  x: { events: [{ eventId: '9' }] },
})

describe('events in JSON', () => {
  const outer: [string, (events: object[]) => string][] = [
    ['{events}', (events) => JSON.stringify({ events })],
    ['{history: {events}}', (events) => JSON.stringify({ nextPageToken: 'x', history: { events } })],
    ['batches', (events) => JSON.stringify(events.map((one) => ({ events: [one] })))],
    ['items', (events) => JSON.stringify({ items: [{ history: { events } }] })],
    ['one document a line', (events) => events.map((one) => JSON.stringify({ events: [one] })).join('\n')],
  ]
  test.each(outer)('are cut out of %s', async (_, wrap) => {
    const pieces = await scan(wrap([event(1), event(2)]))
    expect(pieces.map(({ kind, text }) => [kind, JSON.parse(text) as unknown])).toEqual([
      ['event', event(1)],
      ['event', event(2)],
    ])
  })

  test('objects that hold none come out whole', async () => {
    const pieces = await scan(JSON.stringify([event(1), { info: { activityId: 'x' } }]))
    expect(pieces.map(({ kind }) => kind)).toEqual(['event', 'object'])
  })

  test('a member called events in the user’s own data is left alone', async () => {
    const mine = { eventId: '1', activityTaskScheduledEventAttributes: { input: [{ events: [{ eventId: '7' }] }] } }
    const pieces = await scan(JSON.stringify([mine]))
    expect(pieces.map(({ text }) => JSON.parse(text) as unknown)).toEqual([mine])
  })

  test('what is cut is told', async () => {
    const text = JSON.stringify({ events: [event(1), event(2)] })
    expect((await scan(text.slice(0, -20))).map(({ kind }) => kind)).toEqual(['event', 'cut'])
    expect((await scan(`${text}\0\0`)).map(({ kind }) => kind)).toEqual(['event', 'event', 'cut'])
  })

  test('where the chunks end does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.json(), { maxLength: 5 }),
        async (size, values) => {
          const events = values.map((text, at) => ({ eventId: String(at + 1), data: JSON.parse(text) as unknown }))
          const text = JSON.stringify({ events })
          expect(await scan(text, size)).toEqual(await scan(text))
        },
      ),
    )
  })

  test('no text crashes it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect(Array.isArray(await scan(text))).toBe(true)
      }),
    )
  })
})
