import { findReferences, sameTrace, traceOf } from '../../../core/adapter.ts'
import type { Reference, Trace } from '../../../core/adapter.ts'
import type { Edges } from '../history/mentions.ts'

/** Files that an attempt's arguments name, with what lay there when it began. */
export interface NamedFiles {
  readonly references: readonly Reference[]
  readonly traces: ReadonlyMap<string, Trace | undefined>
}

export function lookAtArguments(args: readonly unknown[]): NamedFiles {
  const references = findReferences(args, 'args')
  return { references, traces: new Map(references.map(({ uri }) => [uri, traceOf(uri)])) }
}

/**
 * What an attempt read and wrote, as sure as it can be said from inside one worker: by digests in references, and by the disk
 * where files are local. What neither decides is left to the workflow's history, which has seen every file before.
 */
export function liveEdges(named: NamedFiles, result: unknown, succeeded: boolean): Edges {
  const results = new Map(succeeded ? findReferences([result], 'result').map((one) => [one.uri, one]) : [])
  const consumed: Reference[] = []
  const produced: Reference[] = []
  for (const argument of named.references) {
    const returned = results.get(argument.uri)
    results.delete(argument.uri)
    if (argument.signed) continue
    const before = named.traces.get(argument.uri)
    // Nothing lay there and nothing does: what failed would have written it, perhaps.
    if (!succeeded && argument.type === 'file' && before === undefined && traceOf(argument.uri) === undefined) continue
    const { read, written } = directions(argument, returned, before)
    if (read) consumed.push(argument)
    if (written && succeeded) produced.push(returned ?? argument)
  }
  for (const returned of results.values()) if (!returned.signed) produced.push(returned)
  return { consumed, produced }
}

function directions(
  argument: Reference,
  returned: Reference | undefined,
  before: Trace | undefined,
): { readonly read: boolean; readonly written: boolean } {
  const [given, got] = [argument.digest, returned?.digest]
  if (given !== undefined && given.algorithm === got?.algorithm)
    return { read: true, written: given.value !== got.value }
  const now = traceOf(argument.uri)
  if (before === undefined && now !== undefined) return { read: false, written: true }
  if (before !== undefined && sameTrace(before, now)) return { read: true, written: false }
  if (returned === undefined) return { read: !argument.target, written: false }
  return { read: false, written: before !== undefined && now !== undefined }
}
