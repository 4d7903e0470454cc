import { isSecretName } from './secret-name.ts'

const DEEPEST = 16
const MOST_LOOKED_AT = 10_000
const LONGEST = 2000

/** Texts and lists of texts in members of secret names, anywhere in a value; never throws, and looks at a bounded part of large ones. */
export function* secretsIn(value: unknown): Iterable<string> {
  const open: { readonly value: unknown; readonly secret: boolean; readonly depth: number }[] = [
    { value, secret: false, depth: 0 },
  ]
  const seen = new Set<object>()
  for (let left = MOST_LOOKED_AT; left > 0; left--) {
    const next = open.pop()
    if (next === undefined) return
    if (typeof next.value === 'string' && next.secret && next.value.length <= LONGEST) yield next.value
    if (typeof next.value !== 'object' || next.value === null || next.depth > DEEPEST) continue
    if (ArrayBuffer.isView(next.value) || seen.has(next.value)) continue
    seen.add(next.value)
    const inList = Array.isArray(next.value)
    for (const [name, member] of membersOf(next.value)) {
      if (open.length >= MOST_LOOKED_AT) break
      open.push({ value: member, secret: inList ? next.secret : isSecretName(name), depth: next.depth + 1 })
    }
  }
}

function membersOf(value: object): [string, unknown][] {
  try {
    return Object.entries(value)
  } catch {
    return [] // a getter or proxy that throws is not ours to report
  }
}
