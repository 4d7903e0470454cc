import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import type { ProcessState } from '../log/execution.ts'

/** The process that writes a spool. */
export interface Writer {
  readonly pid: number
  readonly host: string
  /** When it began to write. */
  readonly openedMs: number
}

/** Linux counts a process's start in hundredths of a second since boot, whatever its clock's frequency is. */
const TICK_MS = 10
/** Boot time is known by a clock that may have been set since. */
const SLACK_MS = 60_000

/** Whether the writer of a spool still lives; `undefined` = it ran on another machine, where nobody can ask. */
export function processState(writer: Writer | undefined): ProcessState | undefined {
  if (writer?.host !== hostname()) return undefined
  try {
    process.kill(writer.pid, 0) // asks only whether it is there
  } catch (cause) {
    const denied = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'EPERM'
    if (!denied) return 'gone'
  }
  const begunMs = processStart(writer.pid)
  return begunMs !== undefined && begunMs > writer.openedMs + SLACK_MS ? 'gone' : 'alive' // its number was given anew
}

/** When a process of this machine began, where /proc tells. The name in brackets can hold anything, brackets too. */
function processStart(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    return Number.isFinite(ticks) ? Date.now() - uptime() * 1000 + ticks * TICK_MS : undefined
  } catch {
    return undefined // no /proc here, or it has just ended
  }
}
