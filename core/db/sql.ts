/** What a column holds. Numbers are whole and below 2^53: sizes, times in milliseconds, counts. */
export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, SqlValue>>
export type Provider = 'sqlite' | 'postgres'

/**
 * Reads below Prisma: recursive walks, full-text search, streams. Text is SQL that both databases know, or chosen by
 * `provider`; a parameter is written `?` in both. Text columns compare byte by byte in both.
 */
export interface Sql {
  readonly provider: Provider
  /** All rows: for queries with a limit. */
  all(text: string, params?: readonly SqlValue[]): Promise<SqlRow[]>
  /**
   * Rows as they come, from one snapshot, with bounded memory. Several may be open at once; leaving the loop early
   * frees what it held.
   */
  iterate(text: string, params?: readonly SqlValue[]): AsyncIterable<SqlRow>
}

/** `?` becomes `$1`, `$2` …; question marks in quotes stay. */
export function numberParameters(text: string): string {
  let count = 0
  return text.replace(/'(?:[^']|'')*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${String(++count)}` : part))
}
