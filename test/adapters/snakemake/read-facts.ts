import type { Adapter, Fact, FileSource } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

/** All facts of a folder or source. */
export async function readFacts<Own>(
  adapter: Adapter<Own>,
  place: string | FileSource,
  timezone?: string,
): Promise<Fact[]> {
  const source = typeof place === 'string' ? await openFolder(place, fileHasher('small')) : place
  const facts: Fact[] = []
  const options = { own: adapter.options.parse({}), ...(timezone === undefined ? {} : { timezone }) }
  for await (const fact of adapter.read([source], options)) facts.push(fact)
  return facts
}

/** A folder of the fixtures. */
export function fixture(scenario: string): string {
  return new URL(`../../../fixtures/snakemake/${scenario}/source`, import.meta.url).pathname
}
