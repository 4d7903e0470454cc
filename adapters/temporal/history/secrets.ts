import { secretsIn } from '../../../core/adapter.ts'

const SHORTEST = 4
const MOST = 1000

/**
 * Secret values seen in the payloads of one execution. Failure messages repeat arguments ("401 for token …"), where no
 * name tells that they are secret.
 */
export class SecretValues {
  readonly #values = new Set<string>()

  /** Remembers the values of secret-named members, at any depth. */
  collect(value: unknown): void {
    for (const text of secretsIn(value)) {
      if (text.length >= SHORTEST && this.#values.size < MOST) this.#values.add(text)
    }
  }

  /** The text with every secret seen so far replaced. */
  hide(text: string): string {
    let hidden = text
    for (const value of this.#values) hidden = hidden.replaceAll(value, '<secret>')
    return hidden
  }
}
