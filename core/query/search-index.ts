import type { Sql } from '../db/sql.ts'

/** A thing that the index found, better things with a higher score. */
interface Hit {
  readonly uid: string
  readonly score: number
}

/** Words of one question. */
const MOST_WORDS = 16
/** Hits that are ranked: a word that everything holds would rank everything. */
const MOST_RANKED = 10_000

/** The words of a text: what stands between signs. */
export function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS)
}

/**
 * Things that hold all of the words (the last one may be the start of a word), or any of them. `words` come from
 * `wordsOf`: letters and digits only, so nothing in them has a meaning to the index.
 */
export async function searchIndex(
  sql: Sql,
  words: readonly string[],
  which: 'all' | 'any',
  limit: number,
): Promise<Hit[]> {
  if (words.length === 0) return []
  const rows = await sql.all(sql.provider === 'sqlite' ? SQLITE : POSTGRES, [
    ...(sql.provider === 'sqlite' ? [toMatch(words, which)] : [toQuery(words, which)]),
    MOST_RANKED,
    limit,
  ])
  return rows.map((row) => ({ uid: String(row.uid), score: Number(row.score) }))
}

/** bm25 is the smaller the better. A thing is entered again when more is learnt of it: its best entry counts. */
const SQLITE = `SELECT uid, MAX(score) AS score FROM (
    SELECT uid, -bm25(search) AS score FROM search WHERE search MATCH ? LIMIT ?
  ) GROUP BY uid ORDER BY 2 DESC, 1 LIMIT ?`
/** 1: divided by the logarithm of the length, so that a name beats a long command that holds the word too. */
const POSTGRES = `SELECT uid, MAX(score) AS score FROM (
    SELECT s.uid, ts_rank(s.words, q.query, 1) AS score
    FROM search s, (SELECT to_tsquery('simple', ?) AS query) q WHERE s.words @@ q.query LIMIT ?
  ) AS found GROUP BY uid ORDER BY 2 DESC, 1 LIMIT ?`

export function toMatch(words: readonly string[], which: 'all' | 'any'): string {
  const quoted = words.map((word) => `"${word}"`)
  return `${quoted.join(which === 'all' ? ' AND ' : ' OR ')}${which === 'all' ? '*' : ''}`
}

/** Postgres compares letters as they are: case and accents are taken off on both sides, as SQLite's index does. */
export function toQuery(words: readonly string[], which: 'all' | 'any'): string {
  // Once more split into words: taken apart, `⑴` is `(1)`.
  const plain = words.flatMap((word) => wordsOf(word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()))
  return `${plain.join(which === 'all' ? ' & ' : ' | ')}${which === 'all' ? ':*' : ''}`
}
