import type { Execution } from '../jobs/executions.ts'
import { parseArgs } from '../jobs/executions.ts'
import type { Task } from '../jobs/tasks.ts'

type Given = string | number | boolean

/**
 * Arguments of a root job that never finished, so that its call was never written down: those on the command line
 * (`redun run wf.py main --n 3`), and the defaults in the task's source for the others.
 */
export function argumentsOfCommand(execution: Execution, root: Task): ReadonlyMap<string, Given> {
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
  return new Map([...given].map(([name, text]) => [name, toGiven(text, root.signature.types.get(name))]))
}

/** As the annotation of the parameter makes redun read it. */
function toGiven(text: string, type: string | undefined): Given {
  if (type === 'int' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (type === 'float' && /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (type === 'bool' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return text
}
