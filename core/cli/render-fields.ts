import { cutEnd, textWidth, visible, wrap } from './text-width.ts'
import type { Look } from './look.ts'
import type { RunFact } from '../fact/fact.ts'
import { count, moment, took } from './wording.ts'

/** Columns of a label. */
export const LABEL_WIDTH = 11
/** Lines that one value may take. */
const MOST_FIELD_LINES = 4

/** `label      text`, or nothing where nothing is known. The text may be anything. */
export function fieldLine(label: string, text: string | undefined, look: Look): string[] {
  if (text === undefined || text === '') return []
  const [first = '', ...more] = wrap(visible(text), look.terminal.width - LABEL_WIDTH - 2, MOST_FIELD_LINES)
  return [...paintedLine(label, first, look), ...more.map((line) => ' '.repeat(LABEL_WIDTH + 2) + line)]
}

/** The same for text that is safe and may be painted. */
export function paintedLine(label: string, text: string, { style }: Look): string[] {
  return [`  ${style.faint(label.padEnd(LABEL_WIDTH))}${text}`]
}

/** When something ran: `2026-11-24 07:00, took 2m 03s`. */
export function timesOf(run: RunFact): string {
  return [moment(run.startedAt), took(run) === '' ? '' : `took ${took(run)}`].filter((text) => text !== '').join(', ')
}

export function listRoom({ terminal }: Look): number {
  return terminal.width - 4
}

export function nodeList(label: string, total: number, lines: readonly string[], { style }: Look): string[] {
  if (total === 0) return []
  const more = total > lines.length ? [style.faint(`    … and ${count(total - lines.length, 'more', 'more')}`)] : []
  return [
    `  ${style.faint(`${label} (${total.toLocaleString('en-US')})`)}`,
    ...lines.map((line) => `    ${line}`),
    ...more,
  ]
}

export function namedValues(
  label: string,
  values: Readonly<Record<string, unknown>> | undefined,
  look: Look,
): string[] {
  const entries = Object.entries(values ?? {})
  if (entries.length === 0) return []
  const width = Math.min(30, Math.max(...entries.map(([name]) => textWidth(visible(name)))))
  const lines = entries.map(([name, value]) => {
    const text = visible(typeof value === 'string' ? value : JSON.stringify(value))
    return cutEnd(`${cutEnd(visible(name), width).padEnd(width)}  ${text}`, listRoom(look))
  })
  return nodeList(label, lines.length, lines, look)
}

/** The first lines of a script, without the indent that all of them share. */
export function scriptLines(
  label: string,
  script: string | undefined,
  most: number,
  { terminal, style }: Look,
): string[] {
  if (script === undefined || script.trim() === '') return []
  const lines = dedent(script)
  const shown = lines.slice(0, most).map((line) => `    ${cutEnd(visible(line), terminal.width - 4)}`)
  const more =
    lines.length > shown.length ? [style.faint(`    … ${count(lines.length - shown.length, 'more line')}`)] : []
  return [`  ${style.faint(label)}`, ...shown, ...more]
}

function dedent(script: string): string[] {
  const lines = script
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trimEnd())
  while (lines[0] === '') lines.shift()
  while (lines.at(-1) === '') lines.pop()
  const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length)
  return lines.map((line) => line.slice(Math.min(...indents)))
}
