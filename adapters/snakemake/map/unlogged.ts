import type { Job } from '../workdir.ts'

/** Objects of one process lie close: a hash is an address divided by 16, and this is 4 GiB. */
const NEAR = 2n ** 28n
/** Before 5.20 a hash was made of texts and says nothing about the process. Addresses end here. */
const MOST = 2n ** 44n

/**
 * Jobs of which no log speaks, by the process that ran them: in the order in which they ended, a new process begins
 * where the hashes leap. Two executions never overlap in one folder, since Snakemake locks it.
 */
export function groupByProcess(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = []
  let address: bigint | undefined
  for (const job of jobs) {
    const own = addressOf(job)
    const leaps = own !== undefined && address !== undefined && (own > address ? own - address : address - own) > NEAR
    const group = groups.at(-1)
    if (group === undefined || leaps) groups.push([job])
    else group.push(job)
    address = own ?? address
  }
  return groups
}

function addressOf(job: Job): bigint | undefined {
  const hash = job.recorded?.record.jobHash
  if (hash === undefined || !/^\d{1,15}$/.test(hash)) return undefined
  const address = BigInt(hash)
  return address < MOST ? address : undefined
}
