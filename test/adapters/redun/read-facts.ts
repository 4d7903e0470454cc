import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import redun from '../../../adapters/redun/index.ts'
import type { Fact, RunFact, Source } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

/** A project of the fixtures. */
export function fixture(scenario: string): string {
  return new URL(`../../../fixtures/redun/${scenario}/source`, import.meta.url).pathname
}

/** A copy of one that a test may change. */
export async function copyOf(scenario: string): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'redun-test-')), 'project')
  await cp(fixture(scenario), folder, { recursive: true, preserveTimestamps: true })
  return folder
}

export async function open(place: string): Promise<Source> {
  return openFolder(place, fileHasher('small'))
}

/** All facts of a folder, a file or another source. */
export async function readFacts(
  place: string | Source,
  options: { readonly timezone?: string; readonly cwd?: string } = {},
): Promise<Fact[]> {
  const source = typeof place === 'string' ? await open(place) : place
  const { timezone, cwd } = options
  const own = redun.options.parse(cwd === undefined ? {} : { cwd })
  const facts: Fact[] = []
  for await (const fact of redun.read([source], { own, ...(timezone === undefined ? {} : { timezone }) }))
    facts.push(fact)
  return facts
}

/** The last word on each run: facts that follow only add to it. */
export function runsOf(facts: readonly Fact[]): readonly RunFact[] {
  return [...new Map(facts.flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact] as const] : []))).values()]
}

/** Edges as people would write them: `slow.prep <- in/0.txt`, with paths below the project. */
export function edgesOf(facts: readonly Fact[], project: string): readonly string[] {
  const uris = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, fact.uri] as const] : [])))
  const names = new Map(runsOf(facts).map((run) => [run.uid, run.name]))
  return facts.flatMap((fact) => {
    if (fact.kind !== 'consumed' && fact.kind !== 'produced') return []
    const path = (uris.get(fact.artifact) ?? '?').replace(`file://${project}/`, '')
    return [`${names.get(fact.run) ?? '?'} ${fact.kind === 'consumed' ? '<-' : '->'} ${path}`]
  })
}
