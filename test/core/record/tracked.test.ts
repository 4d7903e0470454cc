import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { input, output, param } from '../../../core/record/declare.ts'
import { artifactRef } from '../../../core/record/artifact-ref.ts'
import { carry, continueIn } from '../../../core/record/carry.ts'
import { closeRecorder, configureRecorder, flushRecorder } from '../../../core/record/process-recorder.ts'
import { run, step } from '../../../core/record/script.ts'
import { tracked } from '../../../core/record/tracked.ts'
import type { Fact, RunFact } from '../../../core/fact/fact.ts'
import { filePath } from '../../../core/fact/uri.ts'
import { lastRuns, spooled } from './record-script.ts'

let folder = ''
const facts = async (): Promise<Fact[]> => {
  await flushRecorder()
  return spooled({ folder, spool: folder })
}
const runNamed = async (name: string): Promise<RunFact> => {
  const found = lastRuns(await facts()).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no run "${name}"`)
  return found
}
/** `consumed s1.fq`, `produced s1.bam` of a run, sorted. */
const edgesOf = async (name: string): Promise<string[]> => {
  const all = await facts()
  const uris = new Map(all.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid as string, fact.uri]] : [])))
  const { uid } = await runNamed(name)
  return all.flatMap((fact) => {
    if ((fact.kind !== 'consumed' && fact.kind !== 'produced') || fact.run !== uid) return []
    return [`${fact.kind} ${(filePath(uris.get(fact.artifact) ?? '') ?? uris.get(fact.artifact) ?? '').split('/').at(-1) ?? ''}`]
  }).sort() // prettier-ignore
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracked-'))
  configureRecorder({ spool: folder, deliver: false, strict: false, detect: true })
})
afterEach(async () => closeRecorder())

describe('a tracked function', () => {
  test('keeps name, length, this and what it returns', () => {
    const counter = {
      by: 2,
      add: tracked(function add(this: { by: number }, a: number, b: number): number {
        return (a + b) * this.by
      }),
    }
    expect([counter.add.name, counter.add.length, counter.add(1, 2)]).toEqual(['add', 2, 6])
  })

  test('throws the very error that was thrown, sync and async', async () => {
    const error = new RangeError('too far')
    const sync = tracked(function sync(): never {
      throw error
    })
    const later = tracked(async function later(): Promise<never> {
      await Promise.resolve()
      throw error
    })
    expect(() => sync()).toThrow(error)
    await expect(later()).rejects.toBe(error)
    expect(await runNamed('sync')).toMatchObject({
      outcome: 'failed',
      error: { type: 'RangeError', message: 'too far' },
    })
    expect(await runNamed('later')).toMatchObject({ outcome: 'failed' })
  })

  test('has all parameters by name, large ones by digest, none dropped', async () => {
    const many = tracked(function many(_reads: string, { q }: { q: number }, _rest = 3, ..._more: unknown[]): number {
      return q
    })
    many('a', { q: 1 }, 4, 'x'.repeat(10_000), undefined)
    const { params } = await runNamed('many')
    expect(params).toEqual({
      _reads: 'a',
      arg1: { q: 1 },
      _rest: 4,
      _more: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sizeBytes: 10_000 },
      arg4: null,
    })
  })

  test('secrets among its parameters are not written down', async () => {
    const login = tracked(function login(_user: string, _password: string): void {
      // nothing to do
    })
    login('ana', 'correct horse battery')
    expect(JSON.stringify(await facts())).not.toMatch(/correct horse/)
    expect((await runNamed('login')).params).toMatchObject({ _user: 'ana' })
  })

  test('secrets in parameters that are kept by digest are not repeated by errors', async () => {
    const fail = tracked(function fail(config: { apiToken: string; rows: string[] }): void {
      throw new Error(`401 for ${config.apiToken}`)
    })
    const rows = Array.from({ length: 1000 }, (_, at) => `row ${at}`)
    expect(() => { fail({ apiToken: 'SENTINEL_SECRET_7', rows }) }).toThrow(/SENTINEL/) // prettier-ignore
    const recorded = await runNamed('fail')
    expect(recorded.params).toMatchObject({ config: { sha256: expect.any(String) } })
    expect(JSON.stringify(await facts())).not.toMatch(/SENTINEL/)
  })

  test('a class is refused', () => {
    class Thing {
      readonly x = 1
    }
    expect(() => tracked(Thing as never)).toThrow(expect.objectContaining({ code: 'usage.not-a-function' }))
  })

  test('has source digest and version; another source is another version', async () => {
    const one = tracked(function same(): number { return 1 }) // prettier-ignore
    const two = tracked(function same(): number { return 2 }) // prettier-ignore
    one()
    two()
    const transforms = (await facts()).filter((fact) => fact.kind === 'transform')
    const [a, b] = transforms.map(({ uid }) => uid)
    expect(a?.slice(0, 12)).toBe(b?.slice(0, 12))
    expect(a).not.toBe(b)
    expect(transforms[0]?.sourceDigest).toMatchObject({ algorithm: 'sha256', scope: 'full' })
  })
})

describe('calls inside calls', () => {
  test('belong to the call around them, also when many run at once', async () => {
    const leaf = tracked(async function leaf(n: number): Promise<number> {
      await new Promise((resolve) => setTimeout(resolve, 5 - n))
      return n
    })
    const branch = tracked(async function branch(n: number): Promise<number> {
      await leaf(n)
      return leaf(n)
    })
    await Promise.all([0, 1, 2, 3].map(async (n) => branch(n)))
    const runs = lastRuns(await facts())
    const branches = new Map(runs.filter(({ name }) => name === 'branch').map((one) => [one.uid, one.params?.n]))
    const leaves = runs.filter(({ name }) => name === 'leaf')
    expect(leaves).toHaveLength(8)
    for (const one of leaves) expect(one.parent && branches.get(one.parent)).toBe(one.params?.n)
  })

  test('generators are one call, from the first step to the last', async () => {
    const inside = tracked(function inside(): void {
      // a step
    })
    const lines = tracked(function* lines(): Generator<string, number> {
      inside()
      yield 'a'
      yield 'b'
      return 2
    })
    const laterLines = tracked(async function* laterLines(): AsyncGenerator<string> {
      await Promise.resolve()
      yield 'c'
    })
    expect([...lines()]).toEqual(['a', 'b'])
    const got: string[] = []
    for await (const line of laterLines()) got.push(line)
    expect(got).toEqual(['c'])
    const outer = await runNamed('lines')
    expect(outer.outcome).toBe('succeeded')
    expect((await runNamed('inside')).parent).toBe(outer.uid)
    expect((await runNamed('laterLines')).outcome).toBe('succeeded')
  })

  test('a step can be carried to elsewhere and back', async () => {
    const far = tracked(function far(): void {
      // elsewhere
    })
    const carried = await run('here', async () => Promise.resolve(carry()))
    continueIn(structuredClone(carried), () => { far() }) // prettier-ignore
    expect((await runNamed('far')).parent).toBe((await runNamed('here')).uid)
  })
})

describe('files', () => {
  const put = (name: string, text = name): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test('in arguments and results are found: what was there was read, what is new was written', async () => {
    const reads = put('s1.fq')
    const align = tracked(function align(from: string, to: string): string {
      writeFileSync(to, readFileSync(from))
      return to
    })
    align(reads, join(folder, 's1.bam'))
    expect(await edgesOf('align')).toEqual(['consumed s1.fq', 'produced s1.bam'])
    const artifact = (await facts()).find((fact) => fact.kind === 'artifact' && fact.uri.endsWith('s1.bam'))
    expect(artifact).toMatchObject({ sizeBytes: 5, digests: [{ algorithm: 'sha256', evidence: 'observed' }] })
  })

  test('a path that is only handed on is no output; one that changed is', async () => {
    const path = put('a.txt')
    const look = tracked(function look(file: string): { file: string } {
      return { file }
    })
    const change = tracked(function change(file: string): void {
      writeFileSync(file, 'changed, and longer')
    })
    look(path)
    change(path)
    expect(await edgesOf('look')).toEqual(['consumed a.txt'])
    expect(await edgesOf('change')).toEqual(['produced a.txt'])
  })

  test('declared by input() and output(), by options, and as references', async () => {
    const reads = put('r.fq')
    await step('declared', async () => {
      readFileSync(input(reads))
      writeFileSync(output(join(folder, 'out')), 'no extension')
      param('threads', 4)
      return Promise.resolve()
    })
    expect(await edgesOf('declared')).toEqual(['consumed r.fq', 'produced out'])
    expect((await runNamed('declared')).params).toEqual({ threads: 4 })

    const named = tracked((sample: string) => sample.length, {
      name: 'named',
      inputs: (sample) => [join(folder, `${sample}.fq`)],
      outputs: (_length, sample) => [`s3://bucket/${sample}.bam?X-Amz-Signature=SENTINEL_SECRET`],
    })
    named('r')
    expect(await edgesOf('named')).toEqual(['consumed r.fq', 'produced r.bam'])

    const passOn = tracked((ref: ReturnType<typeof artifactRef>) => ref.uri, { name: 'passOn' })
    passOn(artifactRef('s3://bucket/x', { sha256: 'a'.repeat(64) }))
    expect(await edgesOf('passOn')).toEqual(['consumed x'])
    expect(JSON.stringify(await facts())).not.toMatch(/SENTINEL/)
  })

  test('can be left alone', async () => {
    configureRecorder({ detect: false })
    const look = tracked((file: string) => file, { name: 'unseen' })
    look(put('b.txt'))
    expect(await edgesOf('unseen')).toEqual([])
  })
})

describe('a spool that cannot be written', () => {
  test('does not touch the work, unless it was asked to', async () => {
    await closeRecorder()
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, 'a file where a folder should be')
    configureRecorder({ spool: blocked, strict: false })
    const add = tracked((a: number, b: number) => a + b, { name: 'add' })
    expect(add(1, 2)).toBe(3)
    await expect(flushRecorder()).rejects.toMatchObject({ code: 'storage.unavailable' })
    expect(add(3, 4)).toBe(7)
    await closeRecorder().catch(() => undefined)
  })
})
