/**
 * Splits a task name into process path and tag: `WF:ALIGN (s1)` -> `WF:ALIGN`, `s1`. The process part never holds a
 * blank, so the first ` (` divides; the tag is free text and may hold parentheses itself. A bare number may be the
 * engine's index instead of a tag: only the process says which.
 */
export function splitTaskName(name: string): { readonly process: string; readonly tag?: string } {
  const at = name.indexOf(' (')
  if (at < 0) return { process: name }
  const rest = name.slice(at + 2)
  return { process: name.slice(0, at), tag: rest.endsWith(')') ? rest.slice(0, -1) : rest }
}
