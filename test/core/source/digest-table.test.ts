import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { DigestTable } from '../../../core/source/digest-table.ts'

test('answers as a Map does, and what is set later counts', () => {
  const table = new DigestTable()
  const map = new Map<string, Buffer>()
  const keys = Array.from({ length: 5000 }, (_, at) => {
    const key = Buffer.alloc(16, at % 7) // many share their beginning
    key.writeUInt16BE(at % 4000, 14)
    return key
  })
  for (const key of keys) {
    const value = randomBytes(32)
    map.set(key.toString('hex'), value)
    table.add(Buffer.concat([key, value]))
  }
  const wrong = keys.filter((key) => table.get(key)?.equals(map.get(key.toString('hex')) ?? key) !== true)
  expect(wrong).toEqual([])
  expect(table.get(Buffer.alloc(16, 9))).toBeUndefined()
})
