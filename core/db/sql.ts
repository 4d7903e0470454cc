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

/** A column that always holds text. Throws a defect where it does not. */
export function textIn(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`no text in column ${column}`)
  return value
}

export function numberIn(row: SqlRow, column: string): number | undefined {
  const value = row[column]
  return typeof value === 'number' ? value : undefined
}

/** `?` becomes `$1`, `$2` …; question marks in quotes stay. */
export function numberParameters(text: string): string {
  let count = 0
  return text.replace(/'(?:[^']|'')*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${String(++count)}` : part))
}
