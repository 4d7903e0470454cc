import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { defineAdapter, type Adapter } from '../../../core/adapter.ts'
import { detectEngines, placeName } from '../../../core/ingest/detect-engines.ts'
import { memorySource } from '../../../core/source/memory.ts'
import { toUri } from '../../../core/fact/uri.ts'

const sure = (engine: string, confidence: number | undefined): Adapter =>
  defineAdapter({
    engine,
    version: 1,
    options: z.object({}),
    detect: () => Promise.resolve(confidence === undefined ? undefined : { engine, confidence, because: engine }),
    read: () => nothing(),
  })

async function* nothing(): AsyncIterable<never> {
  // no facts
}

const source = memorySource({ 'a.txt': '' })
const engines = async (...adapters: Adapter[]): Promise<string[]> =>
  (await detectEngines(source, adapters)).map(({ adapter }) => adapter.engine)

describe('whose leftovers these are', () => {
  test('the surest comes first, and all that are sure count', async () => {
    expect(await engines(sure('a', 0.6), sure('b', 1), sure('c', undefined))).toEqual(['b', 'a'])
  })

  test('a guess counts only when nobody is sure', async () => {
    expect(await engines(sure('a', 0.2), sure('b', 1))).toEqual(['b'])
    expect(await engines(sure('a', 0.2), sure('b', 0.3))).toEqual(['b'])
  })

  test('nobody’s are an error that names the engines asked', async () => {
    await expect(engines(sure('a', undefined), sure('b', 0))).rejects.toMatchObject({
      code: 'source.not-recognised',
      message: expect.stringContaining('a, b'),
    })
  })

  test('an address is named without its password', () => {
    const uri = toUri('postgres://me:secret@host/db')
    if (uri === undefined) throw new Error('a uri')
    expect(placeName({ kind: 'address', address: 'postgres://me:secret@host/db', uri })).toBe('postgres://me@host/db')
  })
})
