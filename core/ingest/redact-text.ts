import { Uri } from '../fact/uri.ts'
import { isSecretName } from './secret-name.ts'

/** Stands where a secret stood. */
export const REDACTED = '[redacted]'

/** A cheap look that lets nearly all text pass: only what matches is searched for the patterns below. */
const SUSPICIOUS =
  /pass|pwd|pw\b|secret|token|credential|key|bearer|authori[sz]ation|cookie|jwt|A[KS]IA|gh[pousr]_|github_pat|glpat|xox[abeprs]-|npm_|hf_|sk-|AIza|eyJ|-----BEGIN|@|[?&]/i

/** Text that is a secret wherever it stands. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b|\bglpat-[A-Za-z0-9_-]{20,255}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,255}|\bnpm_[A-Za-z0-9]{36}\b|\bhf_[A-Za-z0-9]{30,255}\b|\bsk-[A-Za-z0-9_-]{20,255}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
]

/** A password or a lone long token before the `@` of a url. */
const USERINFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?:([^\s/@:'"]{0,256}):([^\s@/'"]{1,512})|[^\s/@:'"]{20,512})@/gi
const QUERY = /([?&;])([A-Za-z0-9_.-]{1,64})=([^&;\s'"#\\]{1,2048})/g
const SIGNED = /^(x-(amz|goog)-(signature|credential|security-token)|sig|signature|awsaccesskeyid|googleaccessid)$/i
const BEARER = /\b(bearer\s+)(?=[^\s'"]*\d)[A-Za-z0-9._~+/=-]{8,2048}/gi
const AUTHORIZATION = /(authorization["']?\s*[:=]\s*["']?(?:basic|digest|token|bearer)?\s*)[^\s'",;]{6,2048}/gi
/** `--api-token X`, `--token=X`, `"--api-token", "X"`. */
const FLAG = /(--?[A-Za-z][\w.-]{0,64})(["']?\s*[=,\s]\s*)("[^"\n]{1,2048}"|'[^'\n]{1,2048}'|[^\s"',]{1,2048})/g
/** `NAME=value`, `name: "value"`, `"name":"value"`, `name: str = "value"`. */
const ASSIGNED =
  /([A-Za-z_][\w.-]{0,64})(\\?["']?(?:\s*:\s*[A-Za-z_][\w.[\]]{0,40})?\s*[=:]\s*)(\\?"[^"\n]{1,2048}"|\\?'[^'\n]{1,2048}'|[^\s"'$(){}[\],;<>\\]{1,2048}(?![\w([{.$]))/g
/** `401 for token 8f3a…`: words, then something that is no word. */
const SPOKEN =
  /\b((?:token|password|passwd|secret|api[ _-]?key)s?(?:\s+is|\s+was)?[\s:]\s*["']?)([A-Za-z0-9_./+=-]{8,512})/gi

/**
 * Text without what looks like a secret.
 *
 * @param found is told values that a name in the text makes secrets, and that look made: no words
 */
export function redactText(text: string, found?: (value: string) => void): string {
  if (!SUSPICIOUS.test(text)) return text
  let clean = text
  for (const shape of SHAPES) clean = clean.replace(shape, REDACTED)
  clean = clean.replace(USERINFO, (_all, scheme: string, user: string | undefined) =>
    user === undefined ? `${scheme}${REDACTED}@` : `${scheme}${user}:${REDACTED}@`,
  )
  clean = clean.replace(QUERY, (all, mark: string, name: string) =>
    SIGNED.test(name) || isSecretName(name) ? `${mark}${name}=${REDACTED}` : all,
  )
  clean = clean.replace(AUTHORIZATION, `$1${REDACTED}`).replace(BEARER, `$1${REDACTED}`)
  clean = clean.replace(FLAG, (all, flag: string, between: string, value: string) =>
    isSecretName(flag) && isValue(value) && !value.startsWith('-') ? flag + between + hide(value, found) : all,
  )
  clean = clean.replace(ASSIGNED, (all, name: string, between: string, value: string) =>
    (isSecretName(name) && isAssigned(between, value)) || callsItselfSecret(value)
      ? name + between + hide(value, found)
      : all,
  )
  return clean.replace(SPOKEN, (all, words: string, value: string) =>
    looksMade(value) && isValue(value) ? words + REDACTED : all,
  )
}

/** The secret out of a uri: userinfo and signatures in its query. Paths stay as they are. */
export function redactUri(uri: Uri): Uri {
  return uri.startsWith('file:') || !/[@?]/.test(uri) ? uri : Uri.parse(redactParts(uri))
}

function redactParts(uri: string): string {
  const [, before = uri, query = ''] = /^([^?]*)(\?.*)?$/s.exec(uri) ?? []
  const plain = before.replace(USERINFO, (_all, scheme: string, user: string | undefined) =>
    user === undefined ? `${scheme}redacted@` : `${scheme}${user}:redacted@`,
  )
  return (
    plain +
    query.replace(QUERY, (all, mark: string, name: string) =>
      SIGNED.test(name) || isSecretName(name) ? `${mark}${name}=redacted` : all,
    )
  )
}

/** A made-up value that says itself what it is: `MY_SECRET_1`. Names of variables like that have no digit at their end. */
export function callsItselfSecret(value: string): boolean {
  return /^\\?["']?[A-Z0-9_-]{4,64}[_-](?:SECRET|PASSWORD|PASSWD|TOKEN)[_-][A-Z0-9_-]{0,64}\d\\?["']?$/.test(value)
}

/** A reference to a variable, an empty or a masked value is nothing to hide. */
export function isValue(value: string): boolean {
  const bare = value.replace(/^\\?["']|\\?["']$/g, '')
  return bare !== '' && !/^(?:\$|%\w+%$|\{\{|<[^>]*>$|\*+$|\[\w+\]$|null$|none$|true$|false$|undefined$)/i.test(bare)
}

function isAssigned(between: string, value: string): boolean {
  if (!isValue(value)) return false
  if (/^\\?["']/.test(value)) return true
  // After a colon without quotes stands prose more often than a value: `password: required`.
  return between.includes('=') || between.startsWith('"') || looksMade(value)
}

/** Letters and digits, or cases mixed within: nothing that a person would write as a word. */
function looksMade(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value)
    ? true
    : /[a-z][A-Z].*[a-z][A-Z]/.test(value) || /^\d{8,}$/.test(value)
}

function hide(value: string, found: ((value: string) => void) | undefined): string {
  const quote = /^\\?["']/.exec(value)?.[0] ?? ''
  if (looksMade(value) && !value.includes('/')) found?.(value) // a path may stand elsewhere for itself
  return quote + REDACTED + quote
}
