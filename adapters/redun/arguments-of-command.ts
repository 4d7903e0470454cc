import type { Execution } from './executions.ts'
import { parseArgs } from './executions.ts'
import type { Task } from './tasks.ts'

/**
 * Arguments of a root job that never finished, so that its call was never written down: those on the command line
 * (`redun run wf.py main --n 3`), and the defaults in the task's source for the others.
 */
export function argumentsOfCommand(execution: Execution, root: Task): ReadonlyMap<string, string> {
  const words = parseArgs(execution.args)
  const names = new Set([root.name, root.name.split('.').at(-1)])
  const at = words.findIndex((word, index) => names.has(word) && index > 1)
  if (at < 0) return new Map()
  const given = new Map(root.signature.defaults)
  for (let index = at + 1; index < words.length; index++) {
    const option = /^--([\w-]+)(?:=(.*))?$/s.exec(words[index] ?? '')
    if (option === null) continue
    const value = option[2] ?? words[index + 1]
    if (value !== undefined) given.set((option[1] ?? '').replaceAll('-', '_'), value)
    if (option[2] === undefined) index += 1
  }
  return given
}
