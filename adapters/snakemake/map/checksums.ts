import type { InputChecksum } from '../store/record.ts'

/** Readers' checksums of one version of a file: the value, or that they differ. */
type Known = InputChecksum | 'differ'

/** What the records of a file's readers say about its content, a version each. */
export class Checksums {
  readonly #known = new Map<string, Known>()

  /** @param version the artifact's uid */
  add(version: string, checksum: InputChecksum): void {
    const known = this.#known.get(version)
    if (known === undefined) this.#known.set(version, checksum)
    else if (known !== 'differ' && (known.value !== checksum.value || known.algorithm !== checksum.algorithm)) {
      this.#known.set(version, 'differ')
    }
  }

  find(version: string): InputChecksum | undefined {
    const known = this.#known.get(version)
    return known === 'differ' ? undefined : known
  }

  /** Readers of what should be one version saw different contents: the file was changed in place. */
  differ(version: string): boolean {
    return this.#known.get(version) === 'differ'
  }
}
