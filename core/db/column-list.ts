/** Columns as SQL lists them. */
export function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ')
}

/** Each column against a parameter. */
export function equals(columns: readonly string[], between: ', ' | ' AND '): string {
  return columns.map((column) => `"${column}" = ?`).join(between)
}
