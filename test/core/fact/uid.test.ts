import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  artifactStem,
  artifactUid,
  ArtifactUid,
  RunUid,
  runUid,
  TransformUid,
  transformUid,
} from '../../../core/fact/uid.ts'

describe('uids', () => {
  test('have the promised lengths and alphabet', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, version) => {
        expect(TransformUid.safeParse(transformUid('nextflow', key, version)).success).toBe(true)
        expect(RunUid.safeParse(runUid('nextflow', key)).success).toBe(true)
        expect(ArtifactUid.safeParse(artifactUid(`file:///${key}`, version)).success).toBe(true)
      }),
    )
  })

  test('are the same on every machine', () => {
    expect(runUid('nextflow', 'session/happy_bell/ab12')).toBe(runUid('nextflow', 'session/happy_bell/ab12'))
    expect(runUid('nextflow', 'a')).not.toBe(runUid('redun', 'a'))
  })

  test('versions of one place share the stem, and only an unstated version ends in 0000', () => {
    const first = artifactUid('file:///results/a.txt', 'run 1')
    const second = artifactUid('file:///results/a.txt', 'run 2')
    expect(artifactStem(first)).toBe(artifactStem(second))
    expect(first).not.toBe(second)
    expect(artifactUid('file:///results/a.txt').endsWith('0000')).toBe(true)
    fc.assert(fc.property(fc.string(), (version) => !artifactUid('file:///a', version).endsWith('0000')))
  })
})
