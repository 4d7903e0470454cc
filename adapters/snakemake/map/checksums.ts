import type { SqliteFile } from '../../../core/adapter.ts'
import { SpillMap } from '../spill/spill-map.ts'
import type { InputChecksum } from '../store/record.ts'

const DIFFER = 'differ'

/** What the records of a file's readers say about its content, a version each. */
export class Checksums {
  /** `algorithm:value`, or that they differ. */
  readonly #known: SpillMap
  #isEmpty = true

  constructor(scratch: SqliteFile) {
    this.#known = new SpillMap(scratch, 'checksum')
  }

  /** @param version the artifact's uid */
  add(version: string, { algorithm, value }: InputChecksum): void {
    const told = `${algorithm}:${value}`
    const known = this.#known.get(version)
    if (known === told || known === DIFFER) return
    this.#isEmpty = false
    this.#known.set(version, known === undefined ? told : DIFFER)
  }

  find(version: string): { readonly algorithm: string; readonly value: string } | undefined {
    const [, algorithm, value] = /^([^:]+):(.+)$/.exec(this.#get(version) ?? '') ?? []
    return algorithm === undefined || value === undefined ? undefined : { algorithm, value }
  }

  /** Readers of what should be one version saw different contents: the file was changed in place. */
  differ(version: string): boolean {
    return this.#get(version) === DIFFER
  }

  #get(version: string): string | undefined {
    return this.#isEmpty ? undefined : this.#known.get(version)
  }
}
