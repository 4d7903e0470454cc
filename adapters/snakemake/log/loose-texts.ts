import type { Execution } from './execution.ts'
import type { JobTable } from './job-table.ts'

const SUBMITTED = /^Submitted (group )?job (\S+) with external jobid '(.*)'\.$/
const REMOVED = /^Removing output files of failed job (.+) since they might be corrupted:$/
const RESTARTED = /^Trying to restart job (\d+)\.$/
const COMPLETE = /^Complete log(?:\(s\))?: (.+)$/
// The second: with --touch, or where clocks differ; it ends with code 1 all the same.
const FAILED = /^(Exiting because a job execution failed|BUG: Out of jobs ready to be started)/
const STOPPED = /^(Terminating processes on user request|Will exit after finishing currently running jobs)/
const NOT_RUN = /^(Unlock(ed|ing) working directory|Cleaning up (conda|container))/
const EXTENDED = /^Config file (.+) is extended by additional config specified via the command line\.$/
const TEMPORARY = /^Removing temporary output (?:file )?(.+)\.$/
const PROTECTED = /^Write-protecting output file (.+)\.$/
const FATAL = /^(?:[A-Z][A-Za-z]*)?(?:Exception|Error)\b(?: in (?:rule|file) .*)?:?$/

/** Errors inside a job, which may be tried again. */
const OF_A_JOB = /^(RuleException|CalledProcessError)/

/** Sentences that Snakemake prints between its blocks; the live events carry the same as plain text. */
export class LooseTexts {
  readonly #execution: Execution
  readonly #jobs: JobTable
  /** The rule whose removed outputs the next line names. */
  #removedOf: string | undefined

  constructor(execution: Execution, jobs: JobTable) {
    this.#execution = execution
    this.#jobs = jobs
  }

  line(line: string, stampMs: number | undefined): void {
    if (this.#removedOf !== undefined) this.#jobs.removed(this.#removedOf, line, stampMs)
    this.#removedOf = REMOVED.exec(line)?.[1]
    const submitted = SUBMITTED.exec(line)
    if (submitted !== null) this.#jobs.submitted(submitted[1] !== undefined, submitted[2] ?? '', submitted[3] ?? '')
    const restarted = RESTARTED.exec(line)?.[1]
    if (restarted !== undefined) this.#jobs.restart(restarted, stampMs)
    this.#ending(line)
  }

  #ending(line: string): void {
    const { temporary, protectedFiles } = this.#execution
    const log = COMPLETE.exec(line)?.[1]
    if (log !== undefined) {
      this.#execution.closed = true
      const folder = /^(\/.*)\/\.snakemake\/log\/[^/]+$/.exec(log)?.[1]
      if (folder !== undefined) this.#execution.logFolder = folder
    }
    const extended = EXTENDED.exec(line)?.[1]
    if (extended !== undefined) this.#execution.extendedConfig ??= extended
    const temporaryFile = TEMPORARY.exec(line)?.[1]
    const protectedFile = PROTECTED.exec(line)?.[1]
    if (temporaryFile !== undefined) temporary.add(temporaryFile)
    else if (protectedFile !== undefined) protectedFiles.add(protectedFile)
    else if (FAILED.test(line)) this.#execution.failed = true
    else if (STOPPED.test(line)) this.#execution.cancelled = true
    else if (NOT_RUN.test(line)) this.#execution.notRun = true
    else if (FATAL.test(line) && !OF_A_JOB.test(line)) {
      this.#execution.errorText ??= line.replace(/:$/, '')
    }
  }
}
