import { expect, test } from '@jest/globals'
import { argumentsOfCommand } from '../../../adapters/redun/facts/arguments-of-command.ts'
import type { Execution } from '../../../adapters/redun/jobs/executions.ts'
import { parseSignature } from '../../../adapters/redun/jobs/signature.ts'
import type { Task } from '../../../adapters/redun/jobs/tasks.ts'

const source =
  'def main(n: int, rate: float = 0.5, dry: bool = False, name: str = "7", file: File = File("a.txt")): ...'
const root: Task = {
  hash: '0'.repeat(40),
  name: 'live.main',
  source,
  version: undefined,
  isScript: false,
  onlyNames: false,
  signature: parseSignature(source),
}

function execution(...words: readonly string[]): Execution {
  return {
    id: 'x',
    args: JSON.stringify(['redun', 'run', 'wf.py', ...words]),
    rootJobId: 'j',
    heartbeatMs: undefined,
    rootEnded: false,
    lastMs: undefined,
  }
}

test('arguments of a run at work are those that it will have when it is done', () => {
  const given = argumentsOfCommand(execution('main', '--n', '150', '--dry=true', '--name', '007'), root)
  expect(Object.fromEntries(given)).toEqual({ n: 150, rate: 0.5, dry: true, name: '007', file: 'File("a.txt")' })
})

test('what does not read like its type stays as it was typed', () => {
  const given = argumentsOfCommand(execution('live.main', '--n', 'many', '--rate', '0x1'), root)
  expect(Object.fromEntries(given)).toMatchObject({ n: 'many', rate: '0x1' })
})
