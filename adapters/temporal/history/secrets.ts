import { isSecretName } from '../../../core/adapter.ts'

const SHORTEST = 4
const MOST = 1000
const DEEPEST = 8

/**
 * Secret values seen in the payloads of one execution. Failure messages repeat arguments ("401 for token …"), where no
 * name tells that they are secret.
 */
export class SecretValues {
  readonly #values = new Set<string>()

  /** Remembers the values of secret-named members, at any depth. */
  collect(value: unknown, depth = 0): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > DEEPEST) return
    for (const [name, item] of Object.entries(value)) {
      if (typeof item === 'string' && item.length >= SHORTEST && isSecretName(name) && this.#values.size < MOST) {
        this.#values.add(item)
      } else this.collect(item, depth + 1)
    }
  }

  /** The text with every secret seen so far replaced. */
  hide(text: string): string {
    let hidden = text
    for (const value of this.#values) hidden = hidden.replaceAll(value, '<secret>')
    return hidden
  }
}
