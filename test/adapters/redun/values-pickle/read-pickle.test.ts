import Database from 'better-sqlite3'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { filesIn } from '../../../../adapters/redun/values/file-refs.ts'
import { encodePlain } from '../../../../adapters/redun/values/pickle/encode-plain.ts'
import { readPickle } from '../../../../adapters/redun/values/pickle/read-pickle.ts'
import { toParameter, toPythonText } from '../../../../adapters/redun/values/pickle/python-text.ts'
import type { PythonValue } from '../../../../adapters/redun/values/pickle/python-value.ts'
import { isSecretName } from '../../../../adapters/redun/secrets/secrets.ts'
import { fixture } from '../read-facts.ts'

const STYLE = { maxLength: 4000, isSecretName }
const HASH = '2d4dcb084f4c4c673d818c83209b8b0d0daa709d'
const FILE = `credun.file\nFile\nq\x01)\x81q\x02}q\x03(X\x04\0\0\0pathq\x04X\x05\0\0\0x.txtq\x05X\x04\0\0\0hashq\x06X(\0\0\0${HASH}q\x07ub`

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

function decode(text: string): PythonValue {
  const read = readPickle(bytes(`\x80\x03${text}.`))
  if (!read.ok) throw new Error(read.why)
  return read.value
}

describe('values', () => {
  test.each([
    ['N', 'None'],
    ['\x88', 'True'],
    ['K\xff', '255'],
    ['J\xff\xff\xff\xff', '-1'],
    ['\x8a\x09\0\0\0\0\0\0\0\0\x01', '18446744073709551616'],
    ['G?\xf8\0\0\0\0\0\0', '1.5'],
    ['X\x03\0\0\0abcq\0', "'abc'"],
    ['C\x02\0\xff', "b'\\x00ÿ'"],
    ['](K\x01X\x03\0\0\0twoq\x01e', "[1, 'two']"],
    ['K\x01\x85', '(1,)'],
    ['cbuiltins\nset\nq\0]q\x01(K\x01K\x02e\x85q\x02Rq\x03', '{1, 2}'],
    ['}q\0(X\x01\0\0\0aq\x01K\x01u', "{'a': 1}"],
    [FILE, 'File(path=x.txt, hash=2d4dcb08)'],
    ['cwf\nRed\nq\0)Rq\x01', 'Red()'],
    ['cbuiltins\nint\nq\0', "<class 'builtins.int'>"],
    // Protocol 4, which redun never writes: frame, memoize, short text, class from the stack.
    ['\x95\x0a\0\0\0\0\0\0\0\x8c\x02wf\x94\x8c\x01T\x94\x93\x94)\x81\x94', 'T()'],
  ])('%j is %s', (pickle, text) => {
    expect(toPythonText(decode(pickle), STYLE)).toBe(text)
  })

  test('a value under a telling name is not shown', () => {
    expect(toPythonText(decode('}q\0(X\x09\0\0\0api_tokenq\x01X\x06\0\0\0hunterq\x02u'), STYLE)).toBe(
      "{'api_token': '<redacted>'}",
    )
  })

  test('a long list is cut, not written out', () => {
    const value: PythonValue = { kind: 'list', items: Array.from({ length: 100_000 }, (_, at) => at) }
    expect(toPythonText(value, STYLE).length).toBeLessThan(30_000)
    expect(String(toParameter(value, STYLE)).length).toBeLessThanOrEqual(4001)
  })
})

describe('files', () => {
  test.each([
    ['a list', `]${FILE}a`],
    ['a dict as key', `}${FILE}K\x01s`],
    ['a frozenset', `cbuiltins\nfrozenset\n](${FILE}e\x85R`],
    ['a plain object', `cwf\nPlain\n)\x81}X\x01\0\0\0f${FILE}sb`],
    ['slots', `cwf\nSlots\n)\x81N}X\x01\0\0\0b${FILE}s\x86b`],
    ['an ordered dict', `ccollections\nOrderedDict\n)RX\x01\0\0\0a${FILE}s`],
  ])('are found in %s', (_, pickle) => {
    expect(filesIn(decode(pickle))).toEqual([{ path: 'x.txt', hash: HASH, kind: 'file', stamped: true }])
  })

  test('are not taken out of a call that was not yet made', () => {
    expect(filesIn(decode(`credun.expression\nQuotedExpression\n)\x81}X\x01\0\0\0x${FILE}sb`))).toEqual([])
  })

  test('a value that contains itself ends', () => {
    expect(filesIn(decode(`]q\x0ah\x0aa`))).toEqual([])
    expect(toPythonText(decode(`]q\x0ah\x0aa`), STYLE)).toContain('…')
  })
})

describe('damage', () => {
  const values = (): readonly Uint8Array[] => {
    const database = new Database(`${fixture('0.46.0/script')}/.redun/redun.db`, { readonly: true })
    const rows = database.prepare<[], { value: Uint8Array }>('select value from value where length(value) > 0').all()
    database.close()
    return rows.map((row) => row.value)
  }

  test('every recorded value is read', () => {
    const all = values()
    expect(all.length).toBeGreaterThan(50)
    for (const value of all) expect(readPickle(value)).toMatchObject({ ok: true })
  })

  test('cut and changed pickles give a result, never an exception', () => {
    const all = values()
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(),
        (which, edits, cut) => {
          const damaged = Buffer.from(all[which % all.length] ?? [])
          for (const [at, byte] of edits) damaged[at % damaged.length] = byte
          const read = readPickle(damaged.subarray(0, damaged.length - (cut % 3 === 0 ? cut % damaged.length : 0)))
          if (!read.ok) return read.why !== ''
          filesIn(read.value)
          toPythonText(read.value, STYLE)
          return true
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('any bytes behind the magic give a result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
        const read = readPickle(Buffer.concat([Buffer.from([0x80, 3]), rest]))
        if (read.ok) toPythonText(read.value, STYLE)
        return true
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['a file name of a FileCache', 'value-0123', 'no pickle'],
    ['a class without an end', `\x80\x03c${'x'.repeat(10_000)}`, 'a name without an end'],
    ['a length of 4 GB', '\x80\x03X\xff\xff\xff\xffab.', 'a length beyond the end'],
    ['a length of 2^63', `\x80\x03\x8e\xff\xff\xff\xff\xff\xff\xff\x7fab.`, 'a length beyond the end'],
    ['a negative length', '\x80\x03\x8b\xff\xff\xff\xff.', 'a length beyond the end'],
    ['an empty stack', '\x80\x03.', 'takes from an empty stack'],
    ['an opcode of old protocols', '\x80\x03i.', 'unknown opcode 0x69'],
  ])('%s: %#', (_, pickle, why) => {
    expect(readPickle(bytes(pickle))).toEqual({ ok: false, why })
  })

  test('a pickle of many opcodes stops', () => {
    const endless = bytes(`\x80\x03${'N0'.repeat(5000)}`)
    expect(readPickle(endless, { maxBytes: 1e6, maxOpcodes: 1000 })).toEqual({
      ok: false,
      why: 'more than 1000 opcodes',
    })
  })

  test('plain values are written as Python writes them', () => {
    for (const value of [null, true, 0, 255, 256, 65_536, -1, 'naïve 你好', ''] as const) {
      const pickle = encodePlain(value)
      expect(pickle && readPickle(pickle)).toEqual({ ok: true, value })
    }
  })
})
