import { findReferences } from './references.ts'
import type { Reference } from './references.ts'
import { sameTrace, traceOf } from './touched.ts'
import type { Touched } from './touched.ts'

/** Files that the arguments name and that are there, or that are declared references: inputs until the end says otherwise. */
export function noteArguments(touched: Touched, args: readonly unknown[]): void {
  for (const reference of findReferences(args, 'args')) {
    if (reference.signed || reference.target) continue
    if (reference.declared) touched.input(declared(reference))
    else if (traceOf(reference.uri)?.type === 'file') touched.input(seen(reference, 'path in argument, file was there'))
  }
}

/**
 * Files that the result names, and those that the arguments named and that are only there now. A detected input that
 * changed during the call was written by it, or by a call inside: it was not an input.
 */
export function noteResult(touched: Touched, result: unknown, args: readonly unknown[]): void {
  for (const reference of findReferences([result], 'result')) {
    if (!reference.signed) noteOutput(touched, reference)
  }
  for (const reference of findReferences(args, 'args')) {
    const before = touched.inputs.get(reference.uri)
    const now = traceOf(reference.uri)
    if (now?.type !== 'file' || reference.declared) continue
    if (before === undefined) touched.output(seen(reference, 'path in argument, file was made'))
    else if (before.evidence !== 'recorded' && !sameTrace(before.trace, now)) {
      touched.inputs.delete(reference.uri)
      touched.output(seen(reference, 'path in argument, file was changed'))
    }
  }
}

function noteOutput(touched: Touched, reference: Reference): void {
  const before = touched.inputs.get(reference.uri)
  const handedOn =
    before !== undefined &&
    (reference.digest === undefined
      ? sameTrace(before.trace, traceOf(reference.uri))
      : before.digest?.value === reference.digest.value)
  if (handedOn) return
  if (reference.declared) touched.output(declared(reference))
  else if (traceOf(reference.uri)?.type === 'file') touched.output(seen(reference, 'path in result, file is there'))
}

function declared(reference: Reference): Parameters<Touched['input']>[0] {
  const { uri, role, digest, sizeBytes } = reference
  return {
    uri,
    role,
    evidence: 'recorded',
    ...(digest === undefined ? {} : { digest }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }
}

function seen(reference: Reference, method: string): Parameters<Touched['input']>[0] {
  return { uri: reference.uri, role: reference.role, evidence: 'inferred', method }
}
