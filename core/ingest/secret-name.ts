/** A name of which any one of these words makes a secret. */
const WORDS = new Set(
  (
    'password passwords passwd pwd pw passphrase passcode secret secrets token tokens credential credentials apikey ' +
    'apikeys secretkey accesskey privatekey authkey accountkey authorization bearer cookie jwt userpass dbpass'
  ).split(' '),
)
/** What makes a key, or a pass, a secret: `api_key`, `DB_PASS`; a primary key is none. */
const BEFORE_KEY = new Set(
  'api access private secret account auth encryption signing shared master ssh storage'.split(' '),
)
const BEFORE_PASS = new Set('db user smtp ftp http mysql pg postgres redis mongo login admin root auth'.split(' '))
/** Last words that say what is told about a secret: a file that holds it, how many there are. */
const ABOUT = new Set(
  (
    'file files path paths dir directory folder name names count counts length limit limits type types size ttl expiry ' +
    'expires expiration endpoint provider manager store enabled required format version method class policy arn per ' +
    'budget usage used total price cost rate url uri host port env id ids'
  ).split(' '),
)
/** First words that make tokens countable things. */
const COUNTED = new Set('max min num n total count input output prompt completion'.split(' '))

const MOST_REMEMBERED = 5_000
const remembered = new Map<string, boolean>()

/** Whether a parameter, variable, flag or key of this name holds a secret: `apiToken`, `--api-token`, `DB_PASSWORD`. */
export function isSecretName(name: string): boolean {
  const known = remembered.get(name)
  if (known !== undefined) return known
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  const secret = name.length <= 200 && judge(wordsOf(name))
  remembered.set(name, secret)
  return secret
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

function judge(words: readonly string[]): boolean {
  const last = words.at(-1) ?? ''
  const before = words.at(-2) ?? ''
  if (last === 'id' && before === 'secret') return true
  if (ABOUT.has(last)) return false
  if (last === 'tokens' && words.some((word) => COUNTED.has(word))) return false
  if (words.some((word) => WORDS.has(word))) return true
  return words.some((word, at) => {
    const previous = words[at - 1] ?? ''
    if (word === 'key' || word === 'keys') return BEFORE_KEY.has(previous)
    return word === 'pass' && BEFORE_PASS.has(previous)
  })
}
