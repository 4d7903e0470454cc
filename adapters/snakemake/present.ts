/** Without the fields that are not known. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known: Partial<T> = {}
  for (const name in fields) if (fields[name] !== undefined) known[name] = fields[name]
  return known as { [K in keyof T]?: Exclude<T[K], undefined> } // every value that stays is not undefined
}
