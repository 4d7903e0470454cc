import type { FileSource, GapFact } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'
import { readLogs } from '../log/read-logs.ts'
import { byCodePoint } from '../store/group.ts'
import { mergeExecutions } from './merge-executions.ts'
import { readSpools } from './read-spools.ts'

/** All executions that logs and live events in a `.snakemake` folder tell, oldest first. */
export async function readExecutions(
  source: FileSource,
  store: string,
): Promise<{ readonly executions: Execution[]; readonly gaps: GapFact[] }> {
  const gaps: GapFact[] = []
  const byStem = new Map<string, Execution>()
  for await (const execution of readLogs(source, store, gaps)) byStem.set(execution.stem, execution)
  for await (const execution of readSpools(source, store, gaps)) {
    const log = byStem.get(execution.stem)
    byStem.set(execution.stem, log === undefined ? execution : mergeExecutions(execution, log))
  }
  const executions = [...byStem.values()].sort((a, b) => byCodePoint(a.stem, b.stem))
  return { executions, gaps }
}
