/** Values of one section of a `redun.ini`, as Python's configparser reads it: `key = value`, comments, continuations. */
export function parseIniSection(text: string, section: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let inside = false
  let key: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const head = /^\[(.*)\]$/.exec(trimmed)
    if (head !== null) {
      inside = head[1] === section
      key = undefined
      continue
    }
    if (!inside) continue
    if (/^\s/.test(line) && key !== undefined) {
      values.set(key, `${values.get(key) ?? ''}\n${trimmed}`)
      continue
    }
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed)
    key = pair?.[1]?.toLowerCase()
    if (key !== undefined) values.set(key, pair?.[2] ?? '')
  }
  return values
}
