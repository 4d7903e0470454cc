import { parseTenths } from './number.ts'

const UNITS = 'KMGTPEZ'
const PATTERN = /^(\d{1,16}(?:[.,]\d{1,6})?) ?(?:([KMGTPEZ]?)B?)$/i

/** Bytes of `6.7 GB`, `838 B`, `0`, `1,1 TB` (some locales), or a raw number: base 1024 as the engine counts. */
export function parseMemory(text: string): number | undefined {
  if (text === '0') return 0
  const usual = parseUsual(text)
  if (usual !== undefined) return usual
  const parts = PATTERN.exec(text)
  if (parts === null) return undefined
  const [, digits = '', unit = ''] = parts
  const power = unit === '' ? 0 : UNITS.indexOf(unit.toUpperCase()) + 1
  return Math.round(Number(digits.replace(',', '.')) * 1024 ** power)
}

/** `6.7 GB` and `838 B`, as the engine prints them: most of a trace's values, read without a pattern. */
function parseUsual(text: string): number | undefined {
  const { length } = text
  if (length > 12 || text.charCodeAt(length - 1) !== B) return undefined
  const blank = text.charCodeAt(length - 2) === BLANK ? length - 2 : length - 3
  if (blank < 1 || text.charCodeAt(blank) !== BLANK) return undefined
  const power = blank === length - 2 ? 0 : UNITS.indexOf(text.charAt(length - 2)) + 1
  const number = parseTenths(text, blank)
  if (number === undefined || (power === 0 && blank !== length - 2)) return undefined
  return Math.round(number * 1024 ** power)
}

const B = 66
const BLANK = 32
