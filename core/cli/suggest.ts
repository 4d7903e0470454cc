import { editDistance } from '../query/edit-distance.ts'

/** The candidates that a person may have meant, nearest first: at most three, none that is far off. */
export function suggest(typed: string, candidates: Iterable<string>): string[] {
  const near: { candidate: string; distance: number }[] = []
  for (const candidate of candidates) {
    const most = Math.max(1, Math.floor(Math.max(typed.length, candidate.length) * 0.4))
    const distance = candidate.startsWith(typed) && typed.length > 1 ? 0.5 : editDistance(typed, candidate)
    if (distance <= most) near.push({ candidate, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  return near.slice(0, 3).map(({ candidate }) => candidate)
}

/** "Did you mean x, y or z?", or nothing. */
export function didYouMean(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const [last] = names.slice(-1)
  return `Did you mean ${names.length === 1 ? '' : `${names.slice(0, -1).join(', ')} or `}${last ?? ''}?`
}
