import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSource } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'

const ROOT = join(import.meta.dirname, '../../../fixtures/nextflow')

/** Opens `fixtures/nextflow/<scenario>/source`. */
export function openFixture(scenario: string): Promise<FileSource> {
  return openFolder(join(ROOT, scenario, 'source'), () => Promise.resolve(undefined))
}

export function fixtureBytes(scenario: string, path: string): Buffer {
  return readFileSync(join(ROOT, scenario, 'source', path))
}

/** What a reader yields, gaps apart. */
export async function collect<T extends { readonly kind: string }>(
  items: AsyncIterable<T>,
): Promise<{ records: Exclude<T, { kind: 'gap' }>[]; gaps: Extract<T, { kind: 'gap' }>[] }> {
  const records: Exclude<T, { kind: 'gap' }>[] = []
  const gaps: Extract<T, { kind: 'gap' }>[] = []
  for await (const item of items) {
    if (isGap(item)) gaps.push(item)
    else records.push(item as Exclude<T, { kind: 'gap' }>) // the other half of the check above
  }
  return { records, gaps }
}

function isGap<T extends { readonly kind: string }>(item: T): item is Extract<T, { kind: 'gap' }> {
  return item.kind === 'gap'
}
