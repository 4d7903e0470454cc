import { hostname } from 'node:os'
import type { FileSource, GapFact } from '../../../core/adapter.ts'
import { findStores, join } from '../find-stores.ts'
import { readSpools } from './read-spools.ts'
import type { Spool } from './read-spools.ts'

/** `running`: its process lives on this machine. `unknown`: it has not said that it is done, and nobody can ask. */
export type RunState = 'running' | 'ended' | 'unknown'

/** Where the newest run of a source stands, by its live events. */
export async function findRunState(asked: FileSource): Promise<RunState> {
  const { source, folders } = await findStores(asked)
  let state: RunState = 'ended'
  for (const folder of folders) {
    const newest = await newestSpool(source, join(folder, '.snakemake'))
    if (newest === undefined || newest.execution.ended) continue
    const here = stateOf(newest)
    if (here === 'running') return 'running'
    if (here === 'unknown') state = 'unknown'
  }
  return state
}

async function newestSpool(source: FileSource, store: string): Promise<Spool | undefined> {
  const gaps: GapFact[] = []
  let newest: Spool | undefined
  for await (const spool of readSpools(source, store, gaps)) newest = spool
  return newest
}

function stateOf({ writer }: Spool): RunState {
  if (writer?.host !== hostname()) return 'unknown'
  try {
    process.kill(writer.pid, 0) // asks only whether it is there
    return 'running'
  } catch (cause) {
    const denied = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'EPERM'
    return denied ? 'running' : 'ended' // another user's process is there
  }
}
