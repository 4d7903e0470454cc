/** `98.6%`, `97,3%` (locales before 21.04), `97.0` (raw). `undefined`: not a percentage. */
export function parsePercent(text: string): number | undefined {
  const usual = text.endsWith('%') ? parseTenths(text, text.length - 1) : undefined
  if (usual !== undefined) return usual
  return parseDecimal(text.endsWith('%') ? text.slice(0, -1).trimEnd() : text)
}

/** A plain decimal, with `.` or `,` before its fraction. */
export function parseDecimal(text: string): number | undefined {
  if (!/^-?\d{1,15}(?:[.,]\d{1,15})?(?:E-?\d{1,3})?$/i.test(text)) return undefined
  return Number(text.includes(',') ? text.replace(',', '.') : text)
}

/** A whole number of at most 15 digits, with its sign. */
export function parseInteger(text: string): number | undefined {
  const { length } = text
  if (length === 0 || length > 15) return undefined
  let value = 0
  const negative = text.charCodeAt(0) === MINUS
  for (let at = negative ? 1 : 0; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (negative) return length === 1 ? undefined : -value
  return value
}

/** Digits with at most one after a point, up to `end`: as the engine rounds. `undefined`: written otherwise. */
export function parseTenths(text: string, end: number): number | undefined {
  if (end < 1 || end > 15) return undefined
  const isWhole = end < 3 || text.charCodeAt(end - 2) !== POINT
  let value = 0
  for (let at = 0; at < (isWhole ? end : end - 2); at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (isWhole) return value
  const tenth = text.charCodeAt(end - 1) - ZERO
  return tenth < 0 || tenth > 9 ? undefined : (value * 10 + tenth) / 10 // exact: what Number() makes of the text
}

const ZERO = 48
const MINUS = 45
const POINT = 46
