import type { HashPolicy } from '../source/hash-policy.ts'
import type { Outcome } from '../fact/outcome.ts'
import { importFacts } from '../ingest/import-facts.ts'
import { placeName } from '../ingest/detect-engines.ts'
import { importLeftovers, readLeftovers, type ImportRequest } from '../ingest/import-leftovers.ts'
import type { ImportSummary, IngestOptions } from '../ingest/ingest.ts'
import type { GapGroup } from '../ingest/counts.ts'
import { Redactor } from '../ingest/redact.ts'
import { Tally } from '../ingest/tally.ts'
import { readFactsFrom } from '../ingest/import-facts.ts'
import type { Hasher } from '../source/folder.ts'
import type { ImportTarget } from '../db/database.ts'
import type { Group } from './choose-adapters.ts'

/** What became of one group of sources; printed as it is with `--json`. */
export interface GroupResult {
  readonly engine: string
  readonly places: readonly string[]
  readonly because?: string
  readonly import?: string
  /** Nothing was read: all looks as the last import left it. */
  readonly unchanged: boolean
  /** Facts read, by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Runs that no other run started; a run that was told of twice counts once. */
  readonly executions: number
  /** Of the runs below an execution. */
  readonly outcomes: Partial<Readonly<Record<Outcome, number>>>
  /** Artifacts, and those of which every byte was hashed; counted up to a million. */
  readonly files: number
  readonly digested: number
  /** Rows; absent after a dry run. */
  readonly added?: number
  readonly changed?: number
  readonly reconciled?: number
  readonly ambiguous: number
  readonly gaps: readonly GapGroup[]
  readonly tookMs: number
}

/** How to read, for all groups of one command. */
export interface Reading {
  readonly hasher: Hasher
  readonly hash: HashPolicy
  readonly timezone: string | undefined
  readonly stemmaFolder: string | undefined
  readonly ingest: IngestOptions
}

/** Imports one group. */
export async function importGroup(database: ImportTarget, group: Group, reading: Reading): Promise<GroupResult> {
  const began = performance.now()
  if (group.kind === 'facts') {
    const tally = new Tally()
    const summary = await importFacts(database, group.source, tally, reading.ingest)
    return { ...described(group), ...tallied(tally), ...written(summary), ...timed(began) }
  }
  const done = await importLeftovers(database, toRequest(group, reading))
  if (done.kind === 'unchanged') {
    return { ...described(group), ...tallied(new Tally()), unchanged: true, import: done.import, ...timed(began) }
  }
  return { ...described(group), ...tallied(done.tally), ...written(done.summary), ...timed(began) }
}

/** Reads one group and writes nothing. */
export async function readGroup(group: Group, reading: Reading): Promise<GroupResult> {
  const began = performance.now()
  const tally = new Tally()
  const facts = group.kind === 'facts' ? readFactsFrom(group.source) : readLeftovers(toRequest(group, reading))
  for await (const { kind } of tally.watch(new Redactor().watch(facts)))
    if (kind !== 'stream') reading.ingest.onProgress?.(tally.counts)
  return { ...described(group), ...tallied(tally), ...timed(began) }
}

function toRequest(group: Extract<Group, { kind: 'leftovers' }>, reading: Reading): ImportRequest {
  return { ...reading, adapter: group.adapter, own: group.own, sources: group.sources }
}

function described(group: Group): Pick<GroupResult, 'engine' | 'places' | 'because' | 'unchanged'> {
  if (group.kind === 'facts') return { engine: 'facts', places: [placeName(group.source)], unchanged: false }
  const because = group.because === undefined ? {} : { because: group.because }
  return { engine: group.adapter.engine, places: group.sources.map(placeName), ...because, unchanged: false }
}

function tallied(
  tally: Tally,
): Pick<GroupResult, 'counts' | 'executions' | 'outcomes' | 'files' | 'digested' | 'ambiguous' | 'gaps'> {
  const { counts, executions, outcomes, files, digested, gaps } = tally
  return { counts, executions, outcomes, files, digested, ambiguous: counts.ambiguous ?? 0, gaps }
}

function written(
  summary: ImportSummary,
): Pick<GroupResult, 'import' | 'added' | 'changed' | 'reconciled' | 'ambiguous' | 'gaps'> {
  const { added, changed, reconciled, ambiguous, gaps } = summary
  return { import: summary.import, added, changed, reconciled, ambiguous, gaps }
}

function timed(began: number): Pick<GroupResult, 'tookMs'> {
  return { tookMs: Math.round(performance.now() - began) }
}
