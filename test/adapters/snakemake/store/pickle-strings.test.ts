import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { findPickleStrings, findScript } from '../../../../adapters/snakemake/store/pickle-strings.ts'

const record = (name: string): string => {
  const at = new URL(
    `../../../../fixtures/snakemake/7.32.4/message-rules/source/.snakemake/metadata/${name}`,
    import.meta.url,
  )
  const { code } = JSON.parse(readFileSync(at, 'utf8')) as { code: string }
  return code
}

describe('texts inside a pickle', () => {
  test("a script's path is found without running anything", () => {
    const texts = findPickleStrings(record('cmVwb3J0L3N1bW1hcnkuaHRtbA=='))
    expect(texts).toContain('scripts/summary.py')
    expect(findScript(texts)).toBe('script: "scripts/summary.py"')
  })

  test("a shell rule's template is among them", () => {
    expect(findPickleStrings(record('bWFwL05BMDEuYmFt')).join('\n')).toContain('cat {input.ref} {input.r1} {input.r2}')
  })

  test('any bytes are only looked at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = `gA${Buffer.from(bytes).toString('base64')}`
        expect(Array.isArray(findPickleStrings(text))).toBe(true)
      }),
    )
    expect(findPickleStrings('not a pickle')).toEqual([])
  })
})
