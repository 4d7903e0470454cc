import { toJsonText } from '../fact/json-text.ts'
import type { Terminal } from './terminal.ts'

/** One document, indented for a person, on one line for a pipe. */
export async function printJson(document: unknown, terminal: Terminal): Promise<void> {
  await terminal.write(`${toJsonText(document, terminal.isTerminal ? 2 : undefined)}\n`)
}
