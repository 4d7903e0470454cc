import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseRecord } from '../../../../adapters/snakemake/store/parse-record.ts'

const place = { target: 'a.txt', place: '.snakemake/metadata/YS50eHQ=' }

describe('a record', () => {
  test('a hash with more digits than a double holds stays exact', () => {
    const text = '{"rule": "a", "shellcmd": "echo \\"job_hash\\": 1", "job_hash": 7157572957774684684}'
    expect(parseRecord(text, place)).toMatchObject({ kind: 'record', record: { jobHash: '7157572957774684684' } })
  })

  test('lists and times may be null', () => {
    const text = '{"rule": "a", "input": null, "params": null, "log": null, "starttime": null, "endtime": null}'
    expect(parseRecord(text, place)).toMatchObject({ kind: 'record', record: { inputs: [], params: [], format: 0 } })
  })

  test.each([
    ['0123abcd'.repeat(8), { algorithm: 'sha256', value: '0123abcd'.repeat(8) }],
    [`sha256:${'ab'.repeat(32)}`, { algorithm: 'sha256', value: 'ab'.repeat(32) }],
    [`MD5:${'cd'.repeat(16)}`, { algorithm: 'md5', value: 'cd'.repeat(16) }],
  ])('checksum %s', (text, checksum) => {
    const item = parseRecord(JSON.stringify({ rule: 'a', input_checksums: { 'in.txt': text, bad: 3 } }), place)
    expect(item).toMatchObject({ record: { checksums: [{ path: 'in.txt', ...checksum }] } })
  })

  test('up to 5.26 a running job has a marker here', () => {
    expect(parseRecord('{"incomplete": true, "external_jobid": "7"}', place)).toEqual({
      kind: 'incomplete',
      output: { target: 'a.txt', externalJobId: '7' },
    })
  })

  test.each(['', '{"rule": "a", "inp', '[]', '{"rule": 3}', '{"input": [3], "rule": "a"}', '{}'])(
    '%s is damage',
    (text) => {
      expect(parseRecord(text, place).kind).toBe('damaged')
    },
  )

  test('nothing makes it fail', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(['record', 'incomplete', 'damaged']).toContain(parseRecord(text, place).kind)
      }),
    )
  })
})
