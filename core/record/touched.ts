import { statSync } from 'node:fs'
import type { Digest } from '../fact/digest.ts'
import type { Evidence } from '../fact/evidence.ts'
import { filePath } from '../fact/uri.ts'
import type { Uri } from '../fact/uri.ts'
import type { Json } from './canonical.ts'

/** What was on disk at a moment; enough to see whether it changed since. */
export interface Trace {
  readonly type: 'file' | 'folder'
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly fileId: string
}

/** An artifact that a run read or wrote. */
export interface Place {
  readonly uri: Uri
  readonly role: string
  readonly evidence: Evidence
  readonly method?: string
  readonly digest?: Digest
  readonly sizeBytes?: number
  /** As it was when the run named it (inputs) or ended (outputs). */
  trace: Trace | undefined
}

/** What a run reads and writes, each place once. */
export class Touched {
  readonly inputs = new Map<Uri, Place>()
  readonly outputs = new Map<Uri, Place>()
  /** Parameters said by the code itself, beside the arguments. */
  readonly params = new Map<string, Json>()

  input(place: Omit<Place, 'trace'>): void {
    keepStronger(this.inputs, { ...place, trace: traceOf(place.uri) })
  }

  output(place: Omit<Place, 'trace'>): void {
    keepStronger(this.outputs, { ...place, trace: undefined })
  }
}

/** Declared beats detected. */
function keepStronger(places: Map<Uri, Place>, place: Place): void {
  const before = places.get(place.uri)
  if (before === undefined || (before.evidence !== 'recorded' && place.evidence === 'recorded'))
    places.set(place.uri, place)
}

/** What lies at a `file:` uri, or `undefined`: nothing, no right to look, or not a local place. */
export function traceOf(uri: Uri): Trace | undefined {
  const path = filePath(uri)
  if (path === undefined) return undefined
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || !(found.isFile() || found.isDirectory())) return undefined
    const type = found.isFile() ? 'file' : 'folder'
    return { type, sizeBytes: found.size, modifiedMs: found.mtimeMs, fileId: `${found.dev}:${found.ino}` }
  } catch {
    return undefined // recording never fails the work; an artifact without trace says no size
  }
}

export function sameTrace(a: Trace | undefined, b: Trace | undefined): boolean {
  return a?.modifiedMs === b?.modifiedMs && a?.sizeBytes === b?.sizeBytes && a?.fileId === b?.fileId
}
