import type { Detection, FileSource, Source } from '../../core/adapter.ts'
import { findStores, join } from './find-stores.ts'

/** Whether a source holds a working directory of Snakemake's, or a database of its records. */
export async function detectSnakemake(source: Source): Promise<Detection | undefined> {
  if (source.kind !== 'files') return undefined
  const found = await findStores(source)
  const [folder] = found.folders
  if (folder !== undefined) {
    const parts = await partsOf(found.source, join(folder, '.snakemake'))
    const confidence = parts.length > 0 ? 1 : 0.3
    return { engine: 'snakemake', confidence, because: parts.join(', ') || join(folder, '.snakemake') }
  }
  const [database] = found.databases
  if (database === undefined) return undefined
  return { engine: 'snakemake', confidence: 0.5, because: `a database of records: ${database}` }
}

async function partsOf(source: FileSource, store: string): Promise<string[]> {
  const parts: string[] = []
  for (const name of ['metadata', 'metadata.db', 'log', 'incomplete', 'stemma']) {
    if ((await source.stat(`${store}/${name}`)) !== undefined) parts.push(`${store}/${name}`)
  }
  return parts
}
