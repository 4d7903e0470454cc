import type { FileSource, GapFact } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'
import { readLogs } from '../log/read-logs.ts'

/** All executions that logs and live events in a `.snakemake` folder tell, oldest first. */
export async function readExecutions(
  source: FileSource,
  store: string,
): Promise<{ readonly executions: Execution[]; readonly gaps: GapFact[] }> {
  const executions: Execution[] = []
  for await (const execution of readLogs(source, store)) executions.push(execution)
  return { executions, gaps: [] }
}
