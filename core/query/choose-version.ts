import { ARTIFACT_STEM_LENGTH, UNSTATED_VERSION } from '../fact/uid.ts'

/** A version of a place and when its makers worked, as far as known. */
export interface Candidate {
  readonly uid: string
  readonly startedMs?: number
  readonly endedMs?: number
}

/**
 * Which of several versions a reader met who began at `readMs`: none when they all came later, one when it can be
 * told, several when it cannot. A version of the same name (made by the same run) is certain.
 */
export function chooseVersion(
  readerUid: string,
  readMs: number | undefined,
  candidates: readonly Candidate[],
): readonly string[] {
  const version = readerUid.slice(ARTIFACT_STEM_LENGTH)
  const named = candidates.filter(
    (candidate) => version !== UNSTATED_VERSION && candidate.uid.slice(ARTIFACT_STEM_LENGTH) === version,
  )
  if (named.length === 1) return named.map((candidate) => candidate.uid)
  const possible = candidates.filter(
    ({ startedMs }) => readMs === undefined || startedMs === undefined || startedMs < readMs,
  )
  if (possible.length < 2 || readMs === undefined) return possible.map((candidate) => candidate.uid)
  if (possible.some(({ endedMs }) => endedMs === undefined)) return possible.map((candidate) => candidate.uid)
  const before = possible.filter(({ endedMs }) => endedMs !== undefined && endedMs <= readMs)
  const latest = Math.max(...before.map(({ endedMs }) => endedMs ?? -Infinity))
  const last = before.filter(({ endedMs }) => endedMs === latest)
  return (last.length > 0 ? last : possible).map((candidate) => candidate.uid)
}
