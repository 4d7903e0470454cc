/** What a lineage id means: a record of the store (with a path below it), or a file that has no record. */
export type LineageRef =
  | { readonly key: string; readonly relative?: string }
  /** Absolute path or uri; a relative one is relative to the run's work or launch folder. */
  | { readonly path: string }

const KEY = /^([0-9a-f]{32})(#\w+)?(?:\/(.*))?$/s

/**
 * Reads `lid://<key>[/path][#fragment]` with its quirks: `lid://lid:/<key>/…` (25.04 and 25.10, a stored output used in
 * the same run) and `lid://data/x/work/…`, an absolute path without its slash (25.04, when the file was moved away
 * before its record was made).
 */
export function parseLid(text: string): LineageRef | undefined {
  if (!text.startsWith('lid:')) return undefined
  const rest = text.replace(/^(?:lid:\/*)+/, '')
  const parts = KEY.exec(rest)
  if (parts === null) return rest === '' ? undefined : { path: `/${rest}` }
  const [, key = '', , relative] = parts
  return relative === undefined || relative === '' ? { key } : { key, relative }
}
