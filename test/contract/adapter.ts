import { cp, lstat, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { isStemmaError } from '../../core/adapter.ts'
import type { Adapter, Fact, Source } from '../../core/adapter.ts'
import { Fact as FactShape } from '../../core/fact/fact.ts'
import { openFolder } from '../../core/source/folder.ts'
import { fileHasher } from '../../core/source/hasher.ts'

/** One set of leftovers that the laws are tried on. */
export interface ContractCase {
  readonly name: string
  /** A folder or a file; it is copied before anything is read. */
  readonly place: string
  /** How the copy is opened; absent: as a folder or file. */
  readonly open?: (copy: string) => Promise<readonly Source[]>
  /** The adapter's own options, as they come from the command line. */
  readonly own?: Readonly<Record<string, unknown>>
  readonly timezone?: string
  /** Files (relative to the place) to damage; absent: all that are smaller than 1 MiB, at most 40, evenly chosen. */
  readonly damage?: readonly string[]
  /** Damage that must be told: this file cut in half gives a gap whose code matches. */
  readonly cut?: readonly { readonly path: string; readonly gap: RegExp }[]
  /** Edges that a product of inputs and outputs would add: name of the run, end of the artifact's uri. */
  readonly never?: readonly { readonly run: string; readonly artifact: string; readonly dir: 'in' | 'out' }[]
}

/** The laws of `core/adapter.ts`, as tests of one adapter over some leftovers. Call it at the top of a test file. */
export function adapterContract(adapter: Adapter<never> | Adapter, cases: readonly ContractCase[]): void {
  const tested = adapter as Adapter // the options are parsed by the adapter's own schema below
  describe.each(cases)(`contract of ${adapter.engine}: $name`, (leftovers) => {
    let scratch = ''
    let copy = ''
    beforeEach(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'contract-'))
      copy = join(scratch, basename(leftovers.place))
      await cp(leftovers.place, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    })
    afterEach(async () => rm(scratch, { recursive: true, force: true }))

    test('recognises its own leftovers', async () => {
      const [first] = await openCase(leftovers, copy)
      if (first === undefined) throw new Error('the case opens nothing')
      const found = await tested.detect(first)
      expect(found?.engine).toBe(adapter.engine)
      expect(found?.because).not.toBe('')
    })

    test('every fact is valid and every edge says its evidence', async () => {
      const facts = await readAll(tested, leftovers, copy)
      expect(facts.length).toBeGreaterThan(0)
      for (const fact of facts) expect(problemOf(fact)).toBeUndefined()
    })

    test('definitions come before uses', async () => {
      expect(danglingUses(await readAll(tested, leftovers, copy))).toEqual([])
    })

    test('a uid names one thing', async () => {
      expect(sharedUids(await readAll(tested, leftovers, copy))).toEqual([])
    })

    test('the same leftovers give the same facts in the same order', async () => {
      const first = await readAll(tested, leftovers, copy)
      const second = await readAll(tested, leftovers, copy)
      expect(second.map((fact) => JSON.stringify(fact))).toEqual(first.map((fact) => JSON.stringify(fact)))
    })

    test('another place gives the same uids', async () => {
      const elsewhere = join(scratch, 'elsewhere', basename(leftovers.place))
      await cp(leftovers.place, elsewhere, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
      const here = await readAll(tested, leftovers, copy)
      const there = await readAll(tested, leftovers, elsewhere)
      expect(runUids(there)).toEqual(runUids(here))
    })

    test('nothing is written and nothing is asked of the network', async () => {
      const before = await snapshot(copy)
      const guard = jest.spyOn(net.Socket.prototype, 'connect').mockImplementation(() => {
        throw new Error('an adapter opened a connection')
      })
      await readAll(tested, leftovers, copy).finally(() => {
        guard.mockRestore()
      })
      expect(await snapshot(copy)).toEqual(before)
    })

    test('damaged bytes give gaps or a clear refusal, never a crash', async () => {
      const files = leftovers.damage ?? (await filesToDamage(copy))
      for (const file of files) {
        const path = join(copy, file)
        const whole = await readFile(path)
        for (const damaged of damages(whole)) {
          await writeFile(path, damaged, { mode: 0o644 }).catch(() => undefined)
          const facts = await readAll(tested, leftovers, copy).catch((error: unknown) => {
            if (isStemmaError(error) && error.code.startsWith('source.')) return []
            throw new Error(`crashed on damaged ${file}`, { cause: error })
          })
          for (const fact of facts) expect(problemOf(fact)).toBeUndefined()
          expect(danglingUses(facts)).toEqual([])
        }
        await writeFile(path, whole)
      }
    }, 240_000)

    // Loops, not `test.each`: jest refuses an empty table.
    for (const { path, gap } of leftovers.cut ?? [])
      test(`a cut ${path} is told as a gap`, async () => {
        const whole = await readFile(join(copy, path))
        await writeFile(join(copy, path), whole.subarray(0, Math.floor(whole.length / 2)))
        const codes = (await readAll(tested, leftovers, copy)).flatMap((fact) =>
          fact.kind === 'gap' ? [fact.code] : [],
        )
        expect(codes.some((code) => gap.test(code))).toBe(true)
      })

    for (const { run, artifact, dir } of leftovers.never ?? [])
      test(`never ${dir}: ${run} and ${artifact}`, async () => {
        const facts = await readAll(tested, leftovers, copy)
        const runs = new Set(facts.flatMap((fact) => (fact.kind === 'run' && fact.name === run ? [fact.uid] : [])))
        const uris = facts.flatMap((fact) =>
          fact.kind === 'artifact' && fact.uri.endsWith(artifact) ? [fact.uid] : [],
        )
        const artifacts = new Set(uris)
        expect(runs.size).toBeGreaterThan(0)
        const kind = dir === 'in' ? 'consumed' : 'produced'
        const wrong = facts.filter((fact) => fact.kind === kind && runs.has(fact.run) && artifacts.has(fact.artifact))
        expect(wrong).toEqual([])
      })
  })
}

async function openCase(leftovers: ContractCase, copy: string): Promise<readonly Source[]> {
  return leftovers.open ? leftovers.open(copy) : [await openFolder(copy, fileHasher('small'))]
}

async function readAll(adapter: Adapter, leftovers: ContractCase, copy: string): Promise<Fact[]> {
  const own: unknown = adapter.options.parse(leftovers.own ?? {})
  const zone = leftovers.timezone === undefined ? {} : { timezone: leftovers.timezone }
  const facts: Fact[] = []
  for await (const fact of adapter.read(await openCase(leftovers, copy), { own, ...zone })) facts.push(fact)
  return facts
}

/** What is wrong with a single fact. */
function problemOf(fact: Fact): string | undefined {
  const parsed = FactShape.safeParse(fact)
  if (!parsed.success) return `${JSON.stringify(fact).slice(0, 400)}: ${parsed.error.message}`
  const edge = fact.kind === 'consumed' || fact.kind === 'produced'
  if (edge && fact.evidence === 'inferred' && fact.method === undefined) return `${fact.kind} inferred without a method`
  return undefined
}

/** Uses of a uid that nothing before has defined. */
export function danglingUses(facts: readonly Fact[]): string[] {
  const known = new Set<string>()
  const wrong: string[] = []
  for (const fact of facts) {
    for (const uid of usesOf(fact)) if (!known.has(uid)) wrong.push(`${fact.kind} uses ${uid} before it is defined`)
    if (fact.kind === 'transform' || fact.kind === 'run' || fact.kind === 'artifact') known.add(fact.uid)
  }
  return wrong
}

function usesOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'run':
      return [fact.transform, fact.parent, fact.reuses].flatMap((uid) => uid ?? [])
    case 'consumed':
    case 'produced':
      return [fact.run, fact.artifact]
    case 'copied':
      return [fact.from, fact.to]
    case 'ambiguous':
      return [fact.subject, ...fact.candidates]
    default:
      return []
  }
}

/** uids under which two different things were told. Facts may repeat; what they are about may not change. */
function sharedUids(facts: readonly Fact[]): string[] {
  const meaning = new Map<string, string>()
  const wrong: string[] = []
  for (const fact of facts) {
    if (fact.kind !== 'transform' && fact.kind !== 'run' && fact.kind !== 'artifact') continue
    const says = identityOf(fact)
    const before = meaning.get(fact.uid)
    if (before !== undefined && before !== says) wrong.push(`${fact.uid}: ${before} and ${says}`)
    meaning.set(fact.uid, says)
  }
  return wrong
}

function identityOf(fact: Extract<Fact, { kind: 'transform' | 'run' | 'artifact' }>): string {
  if (fact.kind === 'transform') return `transform ${fact.engine} ${fact.type} ${fact.name}`
  return fact.kind === 'run' ? `run ${fact.engine} ${fact.key}` : `artifact ${fact.uri}`
}

function runUids(facts: readonly Fact[]): string[] {
  return [...new Set(facts.flatMap((fact) => (fact.kind === 'run' ? [fact.uid] : [])))].sort()
}

async function snapshot(folder: string): Promise<string[]> {
  const lines: string[] = []
  for (const name of await namesBelow(folder)) {
    const stat = await lstat(join(folder, name))
    lines.push(`${name} ${String(stat.mode)} ${String(stat.size)} ${String(stat.mtimeMs)}`)
  }
  return lines
}

async function namesBelow(folder: string): Promise<string[]> {
  if (!(await lstat(folder)).isDirectory()) return ['']
  return (await readdir(folder, { recursive: true })).sort()
}

async function filesToDamage(folder: string): Promise<string[]> {
  const files: string[] = []
  for (const name of await namesBelow(folder)) {
    const stat = await lstat(join(folder, name))
    if (stat.isFile() && stat.size > 0 && stat.size < 1 << 20) files.push(name)
  }
  const step = Math.max(1, Math.ceil(files.length / 40))
  return files.filter((_, at) => at % step === 0)
}

/** Cut, emptied, bits flipped all over, text of another kind, and zeroes at the end as after a crash. */
function* damages(whole: Buffer): Iterable<Buffer> {
  yield whole.subarray(0, Math.floor(whole.length / 2))
  yield Buffer.alloc(0)
  const flipped = Buffer.from(whole)
  for (let at = 3; at < flipped.length; at += 97) flipped[at] = ((flipped[at] ?? 0) ^ 0x5a) & 0xff
  yield flipped
  yield Buffer.from('{"not": ["what", "was", "expected"]}\n\u0000\t')
  yield Buffer.concat([whole, Buffer.alloc(300)])
}
