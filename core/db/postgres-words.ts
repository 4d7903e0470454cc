import type { Row, SearchEntry } from './writer.ts'

/** Words are split here: Postgres' own parser takes a path or a file name for one word. */
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u
const LONGEST_WORD = 200

export const searchColumns = ['uid', 'words'] as const

/** A row of `search`. */
export function searchRow({ uid, text }: SearchEntry): Row {
  return [uid, toWords(text)]
}

/** As SQLite's tokenizer does: no accents, no case, whatever the server's locale. A tsvector's text form. */
function toWords(text: string): string {
  const plain = isAscii(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')
  const words = new Set(plain.toLowerCase().split(BETWEEN_WORDS))
  words.delete('')
  return [...words].map((word) => `'${word.slice(0, LONGEST_WORD)}'`).join(' ')
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}
