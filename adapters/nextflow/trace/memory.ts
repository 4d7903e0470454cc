const UNITS = 'KMGTPEZ'
const PATTERN = /^(\d{1,16}(?:[.,]\d{1,6})?) ?(?:([KMGTPEZ]?)B?)$/i

/** Bytes of `6.7 GB`, `838 B`, `0`, `1,1 TB` (some locales), or a raw number: base 1024 as the engine counts. */
export function parseMemory(text: string): number | undefined {
  if (text === '0') return 0
  const parts = PATTERN.exec(text)
  if (parts === null) return undefined
  const [, digits = '', unit = ''] = parts
  const power = unit === '' ? 0 : UNITS.indexOf(unit.toUpperCase()) + 1
  return Math.round(Number(digits.replace(',', '.')) * 1024 ** power)
}
