import type { Names } from './execution.ts'

/** What Snakemake appends to a name it prints or sends, beside those with an `(access: …)` or storage part. */
const ANNOTATION =
  / \((?:pipe|service|nodelocal|update|before update|cached|in storage|send to storage|retrieve from storage|keep local, (?:retrieve from|send to) storage|only provide storage uri|access: [^()]*|(?:[a-z -]+, )+(?:retrieve from storage|send to storage|only provide storage uri))\)$/

/** A name without Snakemake's annotations, and which they were. Only exact endings: `x (x).txt` is a name. */
export function stripAnnotations(name: string): { readonly name: string; readonly notes: readonly string[] } {
  const notes: string[] = []
  let rest = name
  for (let found = ANNOTATION.exec(rest); found !== null && rest !== found[0]; found = ANNOTATION.exec(rest)) {
    notes.push(found[0].slice(2, -1))
    rest = rest.slice(0, found.index)
  }
  return { name: rest, notes }
}

/** Most names have none: one map for all of them. */
export const NO_NOTES: ReadonlyMap<string, readonly string[]> = new Map()

export interface SplitNames {
  readonly names: readonly string[]
  readonly notes: ReadonlyMap<string, readonly string[]>
  /** `false`: some part is neither a name known from elsewhere nor begins as names here do. */
  readonly certain: boolean
}

/** What is known about names, to tell them apart. */
export interface NameKnowledge {
  /** A whole name, known from a record, the live events or the disk. */
  isKnown(name: string): boolean
  /** It begins as names of this workflow do. */
  isNatural(part: string): boolean
}

/** More parts than this are not put together to one name. */
export const MOST_JOINED = 6

/**
 * The names in a log's list. ", " stands between names and may stand inside one, unquoted: parts are put together
 * where the whole is a known name.
 */
export function splitNames(names: Names, knowledge: NameKnowledge): SplitNames {
  if ('names' in names) return strip(names.names, true)
  const parts = names.text.split(', ')
  if (parts.length === 1) return strip(parts, true)
  if (parts.every((part) => knowledge.isKnown(stripAnnotations(part).name))) return strip(parts, true)
  const best = bestSplit(parts, knowledge)
  return strip(best.names, best.doubtful === 0)
}

interface Tail {
  readonly next: number
  readonly doubtful: number
  readonly unknown: number
}

/** Fewest doubtful names first, then fewest unknown ones: from the end, the best split of every tail. */
function bestSplit(
  parts: readonly string[],
  knowledge: NameKnowledge,
): { readonly names: readonly string[]; readonly doubtful: number } {
  const tails: Tail[] = []
  tails[parts.length] = { next: parts.length, doubtful: 0, unknown: 0 }
  for (let at = parts.length - 1; at >= 0; at--) {
    for (const { name, end } of joins(parts, at)) {
      const known = knowledge.isKnown(stripAnnotations(name).name)
      const tail = tails[end]
      if (tail === undefined || (!known && end > at + 1)) continue
      // A list begins with a name, so its first part begins one.
      const doubtful = tail.doubtful + (known || at === 0 || knowledge.isNatural(name) ? 0 : 1)
      const found = { next: end, doubtful, unknown: tail.unknown + (known ? 0 : 1) }
      const best = tails[at]
      if (best === undefined || isBetter(found, best)) tails[at] = found
    }
  }
  const names: string[] = []
  for (let at = 0; at < parts.length; at = tails[at]?.next ?? parts.length) {
    names.push(parts.slice(at, tails[at]?.next).join(', '))
  }
  return { names, doubtful: tails[0]?.doubtful ?? 0 }
}

function isBetter(a: Tail, b: Tail): boolean {
  return a.doubtful < b.doubtful || (a.doubtful === b.doubtful && a.unknown < b.unknown)
}

/** The names that could begin with a part. */
export function* joins(
  parts: readonly string[],
  at: number,
): Iterable<{ readonly name: string; readonly end: number }> {
  let name = ''
  for (let end = at + 1; end <= Math.min(parts.length, at + MOST_JOINED); end++) {
    name = end === at + 1 ? (parts[at] ?? '') : `${name}, ${parts[end - 1] ?? ''}`
    yield { name, end }
  }
}

function strip(names: readonly string[], certain: boolean): SplitNames {
  const notes = new Map<string, readonly string[]>()
  const stripped = names.map((text) => {
    const found = stripAnnotations(text)
    if (found.notes.length > 0) notes.set(found.name, found.notes)
    return found.name
  })
  return {
    names: [...new Set(stripped)].filter((name) => name !== '' && name !== '<TBD>'),
    notes: notes.size === 0 ? NO_NOTES : notes,
    certain,
  }
}

/** `a=1, b=2` as pairs; a comma inside a value is kept unless a name and `=` follow it. */
export function parseWildcards(text: string): Record<string, string> {
  const starts = [...text.matchAll(/(?:^|, )([A-Za-z_]\w*)=/g)]
  const pairs = starts.map((start, at): [string, string] => {
    const value = text.slice(start.index + start[0].length, starts[at + 1]?.index ?? text.length)
    return [start[1] ?? '', value]
  })
  return Object.fromEntries(pairs)
}
