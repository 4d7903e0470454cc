import type { GapGroup } from '../ingest/counts.ts'
import { MOST_DISTINCT } from '../ingest/tally.ts'
import { outcomes } from '../fact/outcome.ts'
import type { GroupResult } from './import-group.ts'
import type { Style } from './style.ts'
import type { Terminal } from './terminal.ts'
import { cutEnd, visible } from './text-width.ts'
import { count, duration, paintOutcome } from './wording.ts'

/** The summary of one group: what was recovered, from where, and every gap. */
export function describeImport(result: GroupResult, terminal: Terminal, style: Style): string[] {
  const from = result.places.map(visible).join(', ')
  if (result.unchanged)
    return [`${style.good('✓')} ${style.bold(result.engine)} from ${from}: nothing changed since the last import`]
  const lines = [
    `${style.good('✓')} ${style.bold(result.engine)} from ${from} ${style.faint(`in ${duration(result.tookMs)}`)}`,
  ]
  if (result.because !== undefined) lines.push(style.faint(`  read: ${visible(result.because)}`))
  lines.push(`  ${runsLine(result, style)}`, `  ${filesLine(result)}`)
  if (result.added !== undefined) lines.push(`  ${writtenLine(result)}`)
  if (result.ambiguous > 0) {
    lines.push(
      style.warning(`  ${count(result.ambiguous, 'ambiguity', 'ambiguities')}: several candidates, none is asserted`),
    )
  }
  lines.push(...gapLines(result.gaps, style).map((line) => cutEnd(line, terminal.width)))
  return lines
}

function runsLine({ executions, outcomes: byOutcome }: GroupResult, style: Style): string {
  const below = Object.values(byOutcome).reduce((sum, many) => sum + many, 0)
  const named = outcomes
    .filter((outcome) => (byOutcome[outcome] ?? 0) > 0)
    .map((outcome) => paintOutcome(`${(byOutcome[outcome] ?? 0).toLocaleString('en-US')} ${outcome}`, outcome, style))
  return `${count(executions, 'execution')}, ${count(below, 'task')}${named.length === 0 ? '' : `: ${named.toReversed().join(', ')}`}`
}

function filesLine({ counts, files, digested }: GroupResult): string {
  const edges = [
    count(counts.consumed ?? 0, 'read'),
    count(counts.produced ?? 0, 'write'),
    count(counts.copied ?? 0, 'copy', 'copies'),
  ]
  return `${files >= MOST_DISTINCT ? 'more than ' : ''}${count(files, 'file')} (${digested.toLocaleString('en-US')} hashed): ${edges.join(', ')}`
}

function writtenLine({ added = 0, changed = 0, reconciled = 0 }: GroupResult): string {
  if (added === 0 && changed === 0) return 'nothing new: all of it was in the database'
  const parts = [`${count(added, 'row')} added`]
  if (changed > 0) parts.push(`${changed.toLocaleString('en-US')} completed`)
  if (reconciled > 0)
    parts.push(`${count(reconciled, 'file')} joined to the run that made ${reconciled === 1 ? 'it' : 'them'}`)
  return parts.join(', ')
}

function gapLines(gaps: readonly GapGroup[], style: Style): string[] {
  const all = gaps.reduce((sum, gap) => sum + gap.count, 0)
  if (all === 0) return [style.good('  no gaps')]
  const lines = [style.warning(`  ${count(all, 'gap')}:`)]
  for (const gap of gaps) {
    lines.push(`    ${style.warning(gap.code)} × ${gap.count.toLocaleString('en-US')}`)
    for (const { place, message } of gap.examples)
      lines.push(`      ${visible(message)}${place === '' ? '' : style.faint(` (${visible(place)})`)}`)
    if (gap.count > gap.examples.length)
      lines.push(style.faint(`      … and ${count(gap.count - gap.examples.length, 'more', 'more')}`))
  }
  return lines
}
