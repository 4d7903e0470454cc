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

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let at = 1; at <= b.length; at++) {
      const same = a[row - 1] === b[at - 1] ? 0 : 1
      let least = Math.min((line[at - 1] ?? 0) + 1, (above[at] ?? 0) + 1, (above[at - 1] ?? 0) + same)
      if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]) {
        least = Math.min(least, (before[at - 2] ?? 0) + 1)
      }
      line.push(least)
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}
