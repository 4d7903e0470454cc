import { join } from 'node:path'
import temporal from '../../../adapters/temporal/index.ts'
import type { ArtifactFact, Fact, RunFact } from '../../../core/fact/fact.ts'
import { filePath } from '../../../core/fact/uri.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

export const fixtures = join(import.meta.dirname, '../../../fixtures/temporal/server-1.32')

/** All facts of a fixture's folder or file. */
export async function readFixture(path: string, own: Record<string, unknown> = {}): Promise<Fact[]> {
  const source = await openFolder(join(fixtures, path), fileHasher('none'))
  const facts: Fact[] = []
  for await (const fact of temporal.read([source], { own: temporal.options.parse(own) })) facts.push(fact)
  return facts
}

export function runsOf(facts: readonly Fact[]): RunFact[] {
  return facts.filter((fact) => fact.kind === 'run')
}

/** Runs that are no stubs, by name; the last one where several share it. */
export function runNamed(facts: readonly Fact[], name: string): RunFact {
  const run = runsOf(facts).findLast((fact) => fact.name === name && fact.evidence === undefined)
  if (run === undefined) throw new Error(`no run "${name}"`)
  return run
}

/** File names that a run consumed or produced. */
export function filesOf(facts: readonly Fact[], run: RunFact, kind: 'consumed' | 'produced'): string[] {
  const artifacts = new Map(
    facts.filter((fact): fact is ArtifactFact => fact.kind === 'artifact').map((fact) => [fact.uid, fact]),
  )
  const names = facts.flatMap((fact) => {
    if ((fact.kind !== 'consumed' && fact.kind !== 'produced') || fact.kind !== kind || fact.run !== run.uid) return []
    const uri = artifacts.get(fact.artifact)?.uri ?? '?'
    return [(filePath(uri) ?? uri).split('/').at(-1) ?? uri]
  })
  return [...new Set(names)].sort()
}
