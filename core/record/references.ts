import { fileUri, toUri } from '../fact/uri.ts'
import type { Digest } from '../fact/digest.ts'
import type { Uri } from '../fact/uri.ts'

/** A file or object that a value names. */
export interface Reference {
  readonly uri: Uri
  readonly type: 'file' | 'object'
  /** Where in the value it stands: `args[0].reads`, list positions below the first level left out. */
  readonly role: string
  readonly digest?: Digest
  readonly sizeBytes?: number
  /** A declared reference (an object with uri and digest, or our brand), not merely a text that looks like a path. */
  readonly declared: boolean
  /** The member's name says that it is written to: `target`, `outputPath`. */
  readonly target: boolean
  /** A signed link: leave to fetch or store something, which nobody says was used. */
  readonly signed: boolean
}

/** Marks a JSON object as a reference of ours; survives every payload converter. */
export const ARTIFACT_MARK = '$stemma'

export const referenceLimits = { depth: 16, values: 100_000, textLength: 4096 } as const

const STORES = /^(file|s3a?|s3n|gs|az|abfss?|wasbs?|hdfs):\/\//i
const SIGNED = /[?&](x-amz-signature|x-goog-signature|signature|sig|token|awsaccesskeyid|googleaccessid)=/i
const TARGET =
  /^(out(put|file)?s?|target|dest(ination)?|save(as|to)?|write(to)?|to)([-_]?(file|path|uri|url|name|dir|folder))?s?$/i

/** All files that some values name, each once, at any depth; `name` is `args` or `result`. Never throws. */
export function findReferences(values: readonly unknown[], name: string): Reference[] {
  const found = new Map<Uri, Reference>()
  const walk: Walk = { found, left: referenceLimits.values, seen: new Set() }
  const spread = name === 'args'
  values.forEach((value, at) => {
    visit(walk, value, spread ? `${name}[${at}]` : name, { target: false, depth: 0 })
  })
  return [...found.values()]
}

interface Walk {
  readonly found: Map<Uri, Reference>
  readonly seen: Set<object>
  left: number
}
interface Place {
  readonly target: boolean
  readonly depth: number
}

function visit(walk: Walk, value: unknown, role: string, place: Place): void {
  if (walk.left-- <= 0 || place.depth > referenceLimits.depth) return
  if (typeof value === 'string') keep(walk, textReference(value, role, place.target))
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || walk.seen.has(value)) return
  walk.seen.add(value)
  const depth = place.depth + 1
  if (Array.isArray(value)) {
    for (const item of value) visit(walk, item, `${role}[]`, { target: place.target, depth })
    return
  }
  const declared = declaredReference(value, role, place.target)
  keep(walk, declared)
  for (const [key, item] of Object.entries(value)) {
    if (declared !== undefined && typeof item === 'string') continue
    const below = place.depth === 0 && role === 'result' ? `result.${key}` : `${role}.${key}`
    visit(walk, item, below, { target: place.target || TARGET.test(key), depth })
  }
}

/** The first mention names the slot; a later one may add the digest. */
function keep(walk: Walk, reference: Reference | undefined): void {
  if (reference === undefined) return
  const before = walk.found.get(reference.uri)
  if (before === undefined) walk.found.set(reference.uri, reference)
  else if (before.digest === undefined && reference.digest !== undefined) {
    walk.found.set(reference.uri, { ...reference, role: before.role, target: before.target && reference.target })
  } else if (before.target && !reference.target) walk.found.set(reference.uri, { ...before, target: false })
}

/** A text that is a file's absolute path or uri: no white space, no glob, a file name with an extension. */
function textReference(text: string, role: string, target: boolean): Reference | undefined {
  if (text.length > referenceLimits.textLength || /[\s*{}<>|"\0]/.test(text)) return undefined
  const stored = STORES.test(text)
  if (!stored && !/^\/[^/]/.test(text)) return undefined
  const bare = stored ? text.replace(/[?#].*$/s, '') : text
  const last = bare.slice(bare.lastIndexOf('/') + 1)
  if (!/[^.]\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,16}$/.test(last)) return undefined
  return toReference(text, role, target, false)
}

function declaredReference(value: object, role: string, target: boolean): Reference | undefined {
  const place = textOf(value, ['uri', 'url', 'path', 'location'])
  if (place === undefined || place.length > referenceLimits.textLength) return undefined
  const digest = digestOf(value)
  if (digest === undefined && textOf(value, [ARTIFACT_MARK]) !== 'artifact') return undefined
  if (!/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(place) && !place.startsWith('/')) return undefined
  const sizeBytes = sizeOf(value)
  const reference = toReference(place, role, target, true)
  return reference === undefined
    ? undefined
    : {
        ...reference,
        ...(digest === undefined ? {} : { digest }),
        ...(sizeBytes === undefined ? {} : { sizeBytes }),
      }
}

function toReference(text: string, role: string, target: boolean, declared: boolean): Reference | undefined {
  const uri = text.startsWith('/') ? fileUri(text) : toUri(withoutQuery(withoutUser(text)))
  if (uri === undefined || uri.length > 32_000) return undefined
  const type = uri.startsWith('file:') ? 'file' : 'object'
  return { uri, type, role, declared, target, signed: type === 'object' && SIGNED.test(text) }
}

/** Drops query and fragment, which hold signatures; an object's version stays. */
function withoutQuery(uri: string): string {
  if (uri.startsWith('file:')) return uri
  const at = uri.search(/[?#]/)
  if (at < 0) return uri
  const version = /[?&](versionId=[A-Za-z0-9._-]+)/.exec(uri.slice(at))?.[1]
  return uri.slice(0, at) + (version === undefined ? '' : `?${version}`)
}

function withoutUser(uri: string): string {
  // abfss and wasbs write container@account: no user there.
  return /^(abfss?|wasbs?):/i.test(uri) ? uri : uri.replace(/^([a-z0-9+.-]+:\/\/)[^/@]*@/i, '$1')
}

function textOf(value: object, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text: unknown = Reflect.get(value, name)
    if (typeof text === 'string') return text
  }
  return undefined
}

function digestOf(value: object): Digest | undefined {
  const sha256 = textOf(value, ['sha256', 'digest', 'checksum', 'hash'])?.replace(/^sha256[:-]/i, '')
  if (sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256)) {
    return { algorithm: 'sha256', value: sha256.toLowerCase(), scope: 'full', evidence: 'recorded' }
  }
  const md5 = textOf(value, ['md5'])
  if (md5 === undefined || !/^[0-9a-f]{32}$/i.test(md5)) return undefined
  return { algorithm: 'md5', value: md5.toLowerCase(), scope: 'full', evidence: 'recorded' }
}

function sizeOf(value: object): number | undefined {
  for (const name of ['sizeBytes', 'size_bytes', 'size']) {
    const size: unknown = Reflect.get(value, name)
    if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  }
  return undefined
}
