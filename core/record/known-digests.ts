import type { Uri } from '../fact/uri.ts'
import type { Trace } from './touched.ts'

const MOST_KNOWN = 5000
/** File systems count time in steps of some milliseconds: a file may change within the step without looking changed. */
const SETTLED_MS = 2000

/** Digests of files that many calls read (a reference, a model), good for as long as size, time and identity stay. */
export class KnownDigests {
  readonly #known = new Map<string, string>()

  find(uri: Uri, trace: Trace): string | undefined {
    return this.#known.get(keyOf(uri, trace))
  }

  /** `hashedAt`: when the reading began; a file that had just been written then is not remembered. */
  remember(uri: Uri, trace: Trace, hashedAt: number, digest: string): void {
    if (hashedAt - trace.modifiedMs < SETTLED_MS) return
    const oldest = this.#known.size >= MOST_KNOWN ? this.#known.keys().next().value : undefined
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(keyOf(uri, trace), digest)
  }
}

function keyOf(uri: Uri, { sizeBytes, modifiedMs, fileId }: Trace): string {
  return `${fileId} ${sizeBytes} ${modifiedMs} ${uri}`
}
