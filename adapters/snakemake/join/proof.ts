import type { Workdir } from '../workdir.ts'
import type { RecordedJob } from '../store/group.ts'

/** From 8.26 on a failed job leaves records that look complete: 5 was written by 8.25.2 to 9.1.4, 6 by later ones. */
const FORMAT_OF_DOUBT = 5

/** Whether the record alone says that the job ended well. */
export function recordsSuccess(recorded: RecordedJob): boolean {
  return recorded.record.format < FORMAT_OF_DOUBT
}

/** Which outputs of jobs of unknown end are known to have been written. */
export interface Proofs {
  readonly wasWritten: (output: string, recorded: RecordedJob) => boolean
}

/**
 * An output was written when it lies there and no marker says that it is half done, or when a job that itself is known
 * to have ended well read it later. A job ended well when all its outputs were written.
 *
 * @param doubtful jobs of which no log and no old record tells the end
 * @param certain jobs that ended well
 */
export async function findProofs(
  workdir: Workdir,
  doubtful: readonly RecordedJob[],
  certain: readonly { readonly inputs: readonly string[]; readonly endMs?: number }[],
  exists: (output: string) => Promise<boolean>,
): Promise<Proofs> {
  const halfDone = new Set(workdir.incomplete.map(({ target }) => target))
  const makers = new Map<string, RecordedJob>()
  for (const recorded of doubtful) for (const output of recorded.outputs) makers.set(output, recorded)
  const written = new Set<string>()
  const queue = [...certain]
  const note = (output: string): void => {
    const recorded = makers.get(output)
    if (recorded === undefined || written.has(output)) return
    written.add(output)
    const whole = recorded.outputs.every((name) => written.has(name))
    if (whole) queue.push({ inputs: recorded.record.inputs, ...endOf(recorded) })
  }
  for (const output of makers.keys()) {
    if (!halfDone.has(output) && (await exists(output))) note(output)
  }
  for (let reader = queue.pop(); reader !== undefined; reader = queue.pop()) {
    for (const input of reader.inputs) if (endedBefore(makers.get(input), reader.endMs)) note(input)
  }
  return { wasWritten: (output) => written.has(output) }
}

function endOf(recorded: RecordedJob): { endMs?: number } {
  return recorded.endMs === undefined ? {} : { endMs: recorded.endMs }
}

function endedBefore(maker: RecordedJob | undefined, endMs: number | undefined): boolean {
  return maker?.endMs !== undefined && endMs !== undefined && maker.endMs <= endMs
}
