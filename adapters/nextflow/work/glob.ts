/** Most alternatives that braces may expand to; patterns are foreign text. */
const MOST_ALTERNATIVES = 256

/** A glob as Java's `PathMatcher` and Nextflow read it: `*` within a name, `**` over folders, `?`, `[a-z]`, `{a,b}`. */
export interface Glob {
  /** True when the text names one path and holds no wildcard. */
  readonly exact: boolean
  /** The folder that all matches lie in, `''` for the top. */
  readonly folder: string
  /** `**`: any depth, and files only. */
  readonly deep: boolean
  matches(path: string): boolean
}

type Token = { readonly kind: 'text' | 'set'; readonly text: string } | { readonly kind: 'one' | 'some' | 'all' }

/** A name without wildcard, escape or anything to put right: as most patterns are. */
const PLAIN_NAME = /^[\w-][\w.-]*$/

/** Parses a pattern relative to a task's folder. */
export function parseGlob(pattern: string): Glob {
  if (PLAIN_NAME.test(pattern)) return { exact: true, folder: '', deep: false, matches: (path) => path === pattern }
  const clean = pattern.replace(/^\.\//, '').replace(/\/+$/, '')
  const wild = clean.search(/[*?[{]/)
  const exact = wild < 0
  const head = exact ? clean : clean.slice(0, wild)
  const folder = head.includes('/') ? head.slice(0, head.lastIndexOf('/')) : ''
  const plain = clean.replace(/\\(.)/gs, '$1')
  const alternatives = exact ? [] : expandBraces(clean).map(tokens)
  return {
    exact,
    folder: folder.replace(/\\(.)/gs, '$1'),
    deep: clean.includes('**'),
    matches: (path) => (exact ? path === plain : alternatives.some((each) => matchTokens(each, path))),
  }
}

function expandBraces(pattern: string): string[] {
  let open = [pattern]
  for (let round = 0; round < MOST_ALTERNATIVES; round++) {
    const at = open.findIndex((text) => /(?<!\\)\{[^{}]*\}/.test(text))
    const text = open[at]
    if (text === undefined || open.length > MOST_ALTERNATIVES) return open
    const group = /(?<!\\)\{([^{}]*)\}/.exec(text)
    if (group === null) return open
    const [whole, inner = ''] = group
    const before = text.slice(0, group.index)
    const after = text.slice(group.index + whole.length)
    const each = inner.split(',').map((part) => before + part + after)
    open = [...open.slice(0, at), ...each, ...open.slice(at + 1)]
  }
  return open
}

function tokens(pattern: string): Token[] {
  const found: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    const set = character === '[' ? /^\[[^\]/]+\]/.exec(pattern.slice(at))?.[0] : undefined
    if (character === '*' && pattern.charAt(at + 1) === '*') {
      found.push({ kind: 'all' })
      at++
    } else if (character === '*') found.push({ kind: 'some' })
    else if (character === '?') found.push({ kind: 'one' })
    else if (set !== undefined) {
      found.push({ kind: 'set', text: set.slice(1, -1) })
      at += set.length - 1
    } else {
      if (character === '\\') at++
      found.push({ kind: 'text', text: pattern.charAt(at) })
    }
  }
  return found
}

/** Which positions of the path each token can reach: no backtracking, so that a hostile pattern stays cheap. */
function matchTokens(pattern: readonly Token[], path: string): boolean {
  let reach = new Set([0])
  for (const token of pattern) {
    const next = new Set<number>()
    for (const from of reach) {
      if (token.kind === 'some' || token.kind === 'all') {
        for (let at = from; at <= path.length && !next.has(at); at++) {
          next.add(at)
          if (token.kind === 'some' && path.charAt(at) === '/') break
        }
      } else if (from < path.length && matchOne(token, path.charAt(from))) next.add(from + 1)
    }
    if (next.size === 0) return false
    reach = next
  }
  return reach.has(path.length)
}

function matchOne(token: Token, character: string): boolean {
  if (token.kind === 'text') return token.text === character
  if (character === '/') return false
  return token.kind === 'one' || (token.kind === 'set' && inSet(token.text, character))
}

function inSet(set: string, character: string): boolean {
  const negated = set.startsWith('!')
  const members = negated ? set.slice(1) : set
  let found = false
  for (let at = 0; at < members.length; at++) {
    const last = members.charAt(at + 1) === '-' ? members.charAt(at + 2) : ''
    if (last === '') found ||= members.charAt(at) === character
    else {
      found ||= members.charAt(at) <= character && character <= last
      at += 2
    }
  }
  return found !== negated
}
