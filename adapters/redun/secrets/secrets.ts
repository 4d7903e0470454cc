import { MASK } from '../values/pickle/python-text.ts'

/** Parameter names whose value is a credential. Words are split at underscores and at capitals. */
const SECRET_WORDS = new Set(['password', 'passwd', 'passphrase', 'pwd', 'secret', 'secrets', 'token', 'credential', 'credentials', 'apikey', 'authorization', 'bearer']) // prettier-ignore
const SECRET_PAIRS = /(^|_)(api|access|private|secret|auth|session|encryption|signing|ssh|account)_(key|code)($|_)/

const SHORTEST_LITERAL = 6

/** Whether a value under this name has to stay hidden. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-. ]/g, '_')
    .toLowerCase()
  return SECRET_PAIRS.test(words) || words.split('_').some((word) => SECRET_WORDS.has(word))
}

/**
 * Credentials met in arguments. redun keeps them in many places at once: the command line, values, expressions and the
 * source of a task; each literal found under a telling name is taken out of everything that is told.
 */
export class Secrets {
  private readonly literals = new Set<string>()
  private pattern: RegExp | undefined

  /** A value given under a secret's name. Short ones ("1", "none") would tear holes into every text and are left. */
  learn(value: unknown): void {
    if (typeof value !== 'string' || value.length < SHORTEST_LITERAL || value === MASK) return
    if (this.literals.has(value)) return
    this.literals.add(value)
    this.pattern = undefined
  }

  /** The text without any known credential. */
  clean(text: string): string {
    if (this.literals.size === 0) return text
    this.pattern ??= new RegExp(
      [...this.literals]
        .sort((a, b) => b.length - a.length)
        .map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
        .join('|'),
      'g',
    )
    return text.replace(this.pattern, MASK)
  }
}

/** Takes the default values of secret parameters and assignments out of Python source: `api_token: str = "…"`. */
export function cleanSource(source: string): string {
  return source.replace(
    /([\p{L}_][\p{L}\p{N}_]*)(\s*(?::[^=,()\n]*)?=\s*)([rbfu]{0,2})("[^"\n]*"|'[^'\n]*')/giu,
    (whole, name: string, between: string, prefix: string, literal: string) =>
      isSecretName(name) ? `${name}${between}${prefix}${literal.charAt(0)}${MASK}${literal.charAt(0)}` : whole,
  )
}

/** A command line in which the values of options with telling names are hidden. */
export function cleanArguments(args: readonly string[], learn: (secret: string) => void): readonly string[] {
  const clean: string[] = []
  let hideNext = false
  for (const text of args) {
    const option = /^--?([\w-]+)(?:=(.*))?$/s.exec(text)
    if (option !== null && isSecretName(option[1] ?? '')) {
      if (option[2] !== undefined) learn(option[2])
      clean.push(option[2] === undefined ? text : `--${option[1] ?? ''}=${MASK}`)
      hideNext = option[2] === undefined
      continue
    }
    if (hideNext) learn(text)
    clean.push(hideNext ? MASK : text)
    hideNext = false
  }
  return clean
}
