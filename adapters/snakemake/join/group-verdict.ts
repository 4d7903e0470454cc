import type { TracedJob } from './traced-jobs.ts'

/**
 * A failed group reports an error for each of its members, also for those that ended well and those that never ran.
 * A member whose outputs all lie there ended well; one that reads what a failed member should have made never ran.
 */
export async function judgeGroups(
  traced: readonly TracedJob[],
  exists: (output: string) => Promise<boolean>,
): Promise<void> {
  const groups = new Map<string, TracedJob[]>()
  for (const job of traced) {
    const { group, status } = job.trace
    if (group === undefined || status !== 'failed') continue
    const key = `${job.executionIndex}/${group.number}`
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [job])
    else members.push(job)
  }
  for (const members of groups.values()) if (members.length > 1) await judge(members, exists)
}

async function judge(members: readonly TracedJob[], exists: (output: string) => Promise<boolean>): Promise<void> {
  for (const { outputs, trace } of members) {
    const there = await Promise.all(outputs.names.map(exists))
    if (there.length > 0 && there.every(Boolean)) trace.status = 'finished'
  }
  const missing = new Set<string>()
  for (const { outputs, trace } of members) {
    if (trace.status === 'finished') continue
    for (const name of outputs.names) {
      const notes = outputs.notes.get(name) ?? []
      // The reader of a pipe or of a service runs beside its maker.
      if (!notes.includes('pipe') && !notes.includes('service')) missing.add(name)
    }
  }
  for (const { inputs, trace } of members) {
    if (trace.status === 'failed' && inputs.names.some((name) => missing.has(name))) trace.status = 'skipped'
  }
}
