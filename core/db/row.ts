/**
 * The one place where facts become rows and rows become facts. Absent = null; times are milliseconds; JSON has its
 * keys sorted, so that equal content is equal text.
 */
import { createHash } from 'node:crypto'
import type { AmbiguousFact, ArtifactFact, ConsumedFact, CopiedFact, GapFact, ProducedFact, RootFact, RunFact, TransformFact } from '../fact/fact.ts' // prettier-ignore
import { filePath } from '../fact/uri.ts'
import type { Row } from './writer.ts'

/** Longest file name that is searched by name; a longer one is cut. */
const NAME_LENGTH = 255

export function transformRow(fact: TransformFact): Row {
  return [
    fact.uid, fact.name, fact.type, fact.engine, fact.version ?? null,
    fact.sourceDigest === undefined ? null : toJson(fact.sourceDigest), fact.sourcePath ?? null, fact.source ?? null,
  ] // prettier-ignore
}

export function runRow(fact: RunFact): Row {
  return [
    fact.uid, fact.transform, fact.parent ?? null, fact.engine, fact.engineVersion ?? null, fact.key, fact.name,
    fact.outcome, fact.attempt ?? null, fact.exitCode ?? null, millis(fact.startedAt), millis(fact.endedAt),
    fact.reuses ?? null, json(fact.params), fact.command ?? null, fact.container ?? null, json(fact.environment),
    fact.host ?? null, json(fact.requested), json(fact.used), fact.workDir ?? null, json(fact.error),
    json(fact.labels), fact.evidence ?? null,
  ] // prettier-ignore
}

export function artifactRow(fact: ArtifactFact): Row {
  const name = nameOf(fact.uri)
  return [fact.uid, fact.uri, name, extensionOf(name), fact.type, fact.sizeBytes ?? null, millis(fact.modifiedAt)]
}

export function digestRows(fact: ArtifactFact): Row[] {
  return (fact.digests ?? []).map((digest) => [fact.uid, digest.algorithm, digest.scope, digest.value, digest.evidence])
}

export function consumedRow(fact: ConsumedFact): Row {
  return [fact.run, fact.artifact, fact.role ?? '', fact.artifact, fact.evidence, fact.method ?? null, null]
}

export function producedRow(fact: ProducedFact): Row {
  return [fact.run, fact.artifact, fact.role ?? '', fact.evidence, fact.method ?? null]
}

export function copiedRow(fact: CopiedFact): Row {
  return [fact.from, fact.to, fact.method, fact.from, fact.evidence, millis(fact.at), null]
}

export function ambiguousRow(fact: AmbiguousFact): Row {
  const candidates = JSON.stringify([...new Set<string>(fact.candidates)].sort())
  return [rowUid(fact.subject, fact.relation, candidates, fact.why), fact.subject, fact.relation, candidates, fact.why]
}

export function gapRow(importUid: string, fact: GapFact): Row {
  const of = fact.import ?? importUid
  return [rowUid(of, fact.code, fact.place, fact.message), of, fact.code, fact.place, fact.message]
}

export function rootRow(importUid: string, fact: RootFact): Row {
  return [rowUid(importUid, fact.was, fact.now), importUid, fact.was, fact.now]
}

/** The key of a row whose columns are too long to be one. */
export function rowUid(...columns: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('base64url').slice(0, 24)
}

/** JSON with the keys of every object sorted. */
export function toJson(value: unknown): string {
  const flat = isPlainObject(value) ? flatJson(value) : undefined
  return flat ?? JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? sorted(part) : part))
}

/** Objects of texts and numbers, as nearly all are; `undefined` for others. */
function flatJson(value: Readonly<Record<string, unknown>>): string | undefined {
  let json = ''
  for (const key of sortedKeys(value)) {
    const part = value[key]
    if (part === undefined) continue
    if ((typeof part !== 'string' && typeof part !== 'number') || isNumbered(key)) return undefined
    json += (json === '' ? '{' : ',') + quotedKey(key) + (typeof part === 'string' ? quoted(part) : numeral(part))
  }
  return json === '' ? '{}' : `${json}}`
}

/** Most objects are made with their keys in order. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] ?? '') > (keys[at] ?? '')) return keys.sort()
  return keys
}

/** Keys like `7` come first in an object and in the order of their numbers, however they are put in. */
function isNumbered(key: string): boolean {
  const first = key.charCodeAt(0)
  return first >= 48 && first <= 57
}

const MOST_KEYS = 1000
const quotedKeys = new Map<string, string>()

/** Text of which nothing has to be escaped: all that `JSON.stringify` would do is put it in quotes. */
const PLAIN = /^[ !#-[\]-~]*$/

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

function numeral(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null'
}

/** With its colon. Keys are few and come again in every row. */
function quotedKey(key: string): string {
  let text = quotedKeys.get(key)
  if (text === undefined) {
    if (quotedKeys.size >= MOST_KEYS) quotedKeys.clear()
    quotedKeys.set(key, (text = `${JSON.stringify(key)}:`))
  }
  return text
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

function json(value: Readonly<Record<string, unknown>> | undefined): string | null {
  return value === undefined ? null : toJson(value)
}

function millis(time: string | undefined): number | null {
  return time === undefined ? null : Date.parse(time)
}

/** The last part of a uri as people write it. */
export function nameOf(uri: string): string {
  const path = (filePathQuietly(uri) ?? uri).replace(/\/+$/, '')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (name === '' ? path : name).slice(0, NAME_LENGTH).toWellFormed()
}

function filePathQuietly(uri: string): string | undefined {
  try {
    return uri.includes('%') ? (filePath(uri) ?? decodeURIComponent(uri)) : uri
  } catch {
    return undefined // a lone % in a foreign uri: it stays as it is
  }
}

/** `bam`, `fastq.gz`: lower case; `null` when there is none. */
export function extensionOf(name: string): string | null {
  const found = /[^.]\.((?:[A-Za-z0-9_-]{1,16}\.)?(?:gz|bz2|xz|zst|bgz|zip)|[A-Za-z0-9_-]{1,16})$/i.exec(name)
  return found?.[1]?.toLowerCase() ?? null
}
