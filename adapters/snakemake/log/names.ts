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

export interface SplitNames {
  readonly names: readonly string[]
  readonly notes: ReadonlyMap<string, readonly string[]>
  /** `false`: nothing but the commas says where a name ends, and one part looks like no path of its own. */
  readonly certain: boolean
}

/** More parts than this are not tried in all their combinations. */
const MOST_JOINED = 12

/**
 * The names in a log's list. ", " stands between names and may stand inside one: parts are put together where the
 * whole is a name known from elsewhere; `isKnown` tells.
 */
export function splitNames(names: Names, isKnown: (name: string) => boolean): SplitNames {
  if ('names' in names) return strip(names.names, true)
  const parts = names.text.split(', ')
  if (parts.length === 1) return strip(parts, true)
  if (parts.every((part) => isKnown(stripAnnotations(part).name))) return strip(parts, true)
  const best = bestSplit(parts, isKnown)
  return strip(best.names, best.unknown === 0 || best.names.every((name) => !/^[\s=]|^$/.test(name)))
}

interface Split {
  readonly names: readonly string[]
  readonly unknown: number
}

/** Fewest unknown names first, then fewest joins: from the end, the best split of every tail. */
function bestSplit(parts: readonly string[], isKnown: (name: string) => boolean): Split {
  const tails: { next: number; unknown: number; joins: number }[] = []
  tails[parts.length] = { next: parts.length, unknown: 0, joins: 0 }
  for (let at = parts.length - 1; at >= 0; at--) {
    let name = ''
    for (let end = at + 1; end <= Math.min(parts.length, at + MOST_JOINED); end++) {
      name = end === at + 1 ? (parts[at] ?? '') : `${name}, ${parts[end - 1] ?? ''}`
      const known = isKnown(stripAnnotations(name).name)
      const tail = tails[end]
      if (tail === undefined || (!known && end > at + 1)) continue
      const unknown = tail.unknown + (known ? 0 : 1)
      const joins = tail.joins + (end - at - 1)
      const best = tails[at]
      if (best === undefined || unknown < best.unknown || (unknown === best.unknown && joins < best.joins)) {
        tails[at] = { next: end, unknown, joins }
      }
    }
  }
  const names: string[] = []
  for (let at = 0; at < parts.length; at = tails[at]?.next ?? parts.length) {
    names.push(parts.slice(at, tails[at]?.next).join(', '))
  }
  return { names, unknown: tails[0]?.unknown ?? 0 }
}

function strip(names: readonly string[], certain: boolean): SplitNames {
  const notes = new Map<string, readonly string[]>()
  const stripped = names.map((text) => {
    const found = stripAnnotations(text)
    if (found.notes.length > 0) notes.set(found.name, found.notes)
    return found.name
  })
  return { names: [...new Set(stripped)].filter((name) => name !== '' && name !== '<TBD>'), notes, certain }
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
