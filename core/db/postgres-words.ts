import type { Row, SearchEntry } from './writer.ts'

/** Words are found here: Postgres' own parser takes a path or a file name for one word. */
const WORDS = /[\p{L}\p{N}]+/gu
/** The same in text that is nothing but ASCII and in lower case, as nearly all is. */
const PLAIN_WORDS = /[a-z0-9]+/g
const LONGEST_WORD = 200

export const searchColumns = ['uid', 'words'] as const

/** A row of `search`. */
export function searchRow({ uid, text }: SearchEntry): Row {
  return [uid, toWords(text)]
}

/** As SQLite's tokenizer does: no accents, no case, whatever the server's locale. A tsvector's text form. */
function toWords(text: string): string {
  const words = isAscii(text)
    ? text.toLowerCase().match(PLAIN_WORDS)
    : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(WORDS)
  let vector = ''
  for (const word of words ?? []) vector += `'${word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word}' `
  return vector
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}
