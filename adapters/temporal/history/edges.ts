import type { Reference } from '../../../core/adapter.ts'
import type { Edges, Mentions } from './mentions.ts'

/** What is known of an attempt when it has closed. */
export interface Exchange {
  /** Files named in the arguments; `undefined` where the history does not keep them (local activities). */
  readonly args: readonly Reference[] | undefined
  /** Files named in the result; nothing when there is none. */
  readonly results: readonly Reference[]
  readonly activityType: string
  readonly succeeded: boolean
}

/**
 * Reads from payloads what an attempt read and wrote. A file in the arguments was read, one in the result was written; one in
 * both was handed on unchanged (same digest), written in place (other digest), or, without digests, named first
 * by whoever knew it first: a file known before was read, a new name is the place to write to.
 */
export function decideEdges(exchange: Exchange, mentions: Mentions): Edges {
  const results = new Map(exchange.results.map((reference) => [reference.uri, reference]))
  const consumed: Reference[] = []
  const produced: Reference[] = []
  for (const argument of exchange.args ?? []) {
    const result = results.get(argument.uri)
    results.delete(argument.uri)
    if (argument.signed) continue
    if (result === undefined) {
      if (!argument.target && !mayBePlace(argument, exchange, mentions)) consumed.push(argument)
      continue
    }
    const { read, written } = directions(argument, result, exchange, mentions)
    if (read) consumed.push(argument)
    if (written) produced.push(result)
  }
  for (const result of results.values()) if (isNew(result, exchange, mentions)) produced.push(result)
  return { consumed, produced }
}

/**
 * An attempt that did not succeed does not say what it would have written: a bare path behind other files, which nobody
 * had named before, may be the place for it, `merge(parts, '/out/all.vcf')`. Then it is left out.
 */
function mayBePlace(argument: Reference, exchange: Exchange, mentions: Mentions): boolean {
  if (exchange.succeeded || argument.declared || mentions.has(argument.uri)) return false
  if (!/^args\[[1-9]\d*\]$/.test(argument.role)) return false
  return (exchange.args ?? []).some((other) => other.uri !== argument.uri && mentions.has(other.uri))
}

interface Directions {
  readonly read: boolean
  readonly written: boolean
}
const READ: Directions = { read: true, written: false }
const WRITTEN: Directions = { read: false, written: true }
const BOTH: Directions = { read: true, written: true }

/** A file that arguments and result both name. */
function directions(argument: Reference, result: Reference, exchange: Exchange, mentions: Mentions): Directions {
  if (result.digest === undefined) {
    if (argument.target) return WRITTEN
    return mentions.has(argument.uri) || argument.digest !== undefined ? READ : WRITTEN
  }
  const before = argument.digest ?? mentions.digestOf(argument.uri)
  if (before?.algorithm === result.digest.algorithm) return before.value === result.digest.value ? READ : BOTH
  if (argument.target) return WRITTEN
  if (mentions.wasUsed(argument.uri)) return READ
  const others = (exchange.args ?? []).filter((other) => other.uri !== argument.uri && !other.target && !other.signed)
  return others.length > 0 || !mentions.has(argument.uri) ? WRITTEN : READ
}

/** A file that only the result names: new, or handed on from what the execution knew already. */
function isNew(result: Reference, exchange: Exchange, mentions: Mentions): boolean {
  if (result.signed) return false
  const before = mentions.digestOf(result.uri)
  if (before !== undefined && result.digest?.algorithm === before.algorithm) return before.value !== result.digest.value
  if (exchange.args === undefined) return !mentions.has(result.uri)
  const maker = mentions.makerOf(result.uri)
  return result.digest !== undefined || maker === undefined || maker === exchange.activityType
}
