import type { Job } from '../workdir.ts'

/** Objects of one process lie close: a hash is an address divided by 16, and this is 4 GiB. */
const NEAR = 2n ** 28n
/** Before 5.20 a hash was made of texts and says nothing about the process. Addresses end here. */
const MOST = 2n ** 44n

/**
 * Jobs of which no log speaks, by the process that ran them: in the order in which they ended, a new process begins
 * where the hashes leap. Two executions never overlap in one folder, since Snakemake locks it.
 */
export class Processes {
  #address: bigint | undefined
  #isAny = false

  /** Whether the job is the first of its process, given in the order in which they ended. */
  begins(job: Job): boolean {
    const own = addressOf(job)
    const last = this.#address
    const leaps = own !== undefined && last !== undefined && (own > last ? own - last : last - own) > NEAR
    const begins = leaps || !this.#isAny
    this.#isAny = true
    this.#address = own ?? last
    return begins
  }
}

function addressOf(job: Job): bigint | undefined {
  const hash = job.recorded?.details.jobHash
  if (hash === undefined || !/^\d{1,15}$/.test(hash)) return undefined
  const address = BigInt(hash)
  return address < MOST ? address : undefined
}
