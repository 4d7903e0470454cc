import type { FileSource, GapFact } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'
import { findStores, join } from '../find-stores.ts'
import { readSpools } from './read-spools.ts'

/** `running`: its process lives on this machine. `unknown`: it has not said that it is done, and nobody can ask. */
export type RunState = 'running' | 'ended' | 'unknown'

/** Where the newest run of a source stands, by its live events. */
export async function findRunState(asked: FileSource): Promise<RunState> {
  const { source, folders } = await findStores(asked)
  let state: RunState = 'ended'
  for (const folder of folders) {
    const newest = await newestSpool(source, join(folder, '.snakemake'))
    if (newest === undefined || newest.ended || newest.process === 'gone') continue
    if (newest.process === 'alive') return 'running'
    state = 'unknown'
  }
  return state
}

async function newestSpool(source: FileSource, store: string): Promise<Execution | undefined> {
  const gaps: GapFact[] = []
  let newest: Execution | undefined
  for await (const execution of readSpools(source, store, gaps)) newest = execution
  return newest
}
