/** `98.6%`, `97,3%` (locales before 21.04), `97.0` (raw). `undefined`: not a percentage. */
export function parsePercent(text: string): number | undefined {
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

const ZERO = 48
const MINUS = 45
