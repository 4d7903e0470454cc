/** How a run ended, or where it stands. `unknown` = the leftovers cannot tell. */
export const outcomes = [
  'scheduled',
  'running',
  'unknown',
  'succeeded',
  'failed',
  'cached',
  'skipped',
  'cancelled',
  'aborted',
] as const
export type Outcome = (typeof outcomes)[number]

/**
 * Where two statements about one run differ, the later of these holds: open states first, then the less telling. A
 * cached run also succeeded.
 */
export const outcomeRanks: readonly Outcome[] = [
  'scheduled',
  'running',
  'unknown',
  'skipped',
  'aborted',
  'cancelled',
  'failed',
  'succeeded',
  'cached',
]

/** `true` once nothing more will happen to the run. */
export function isEnded(outcome: Outcome): boolean {
  return outcome !== 'scheduled' && outcome !== 'running' && outcome !== 'unknown'
}
