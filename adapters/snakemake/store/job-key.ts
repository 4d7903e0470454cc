import { hash } from 'node:crypto'
import type { OutputRecord } from './record.ts'

/**
 * Equal for records of one job, and for no others of its process: everything that Snakemake computes once a job. Inputs
 * alone never suffice: jobs that differ by a wildcard only differ in the hash of the job alone.
 */
export function jobKeyOf(record: OutputRecord): string {
  const { rule, shellcmd, code, condaEnv, container, stackHash, format, inputs, params, logs } = record
  // Without a hash (before 5.1) only an equal command, which names the outputs, shows that two records are of one job.
  const own = record.jobHash ?? `command ${shellcmd ?? `of ${record.target}`}`
  const parts = [own, rule, shellcmd, code, condaEnv, container, stackHash, format, inputs, params, logs]
  return hash('sha256', JSON.stringify(parts), 'base64')
}

/** Whether the keys of two records are equal: quicker than making them. */
export function isSameJob(a: OutputRecord, b: OutputRecord): boolean {
  const sameText = a.rule === b.rule && a.shellcmd === b.shellcmd && a.code === b.code && a.condaEnv === b.condaEnv
  const sameSoftware = a.container === b.container && a.stackHash === b.stackHash && a.format === b.format
  const same = a.jobHash !== undefined && a.jobHash === b.jobHash && sameText && sameSoftware
  return same && isEqual(a.inputs, b.inputs) && isEqual(a.params, b.params) && isEqual(a.logs, b.logs)
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at])
}
