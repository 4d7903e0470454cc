/**
 * The value that Nextflow makes of a parameter's text on the command line: `true` and `false`, whole and decimal numbers
 * become values of their own, all else stays text.
 */
export function toParamValue(text: string): string | number | boolean {
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text)
  if (/^[+-]?(?:\d{1,15}\.\d{1,15}|\.\d{1,15})(?:[eE][+-]?\d{1,3})?$/.test(text)) return Number(text)
  return text
}

/** Sets `a.b.c` in nested records; a dot that would go through a value of another kind makes a plain name. */
export function setParam(params: Record<string, unknown>, name: string, value: unknown): void {
  const parts = name.split('.')
  let here = params
  if (parts.includes('__proto__')) {
    define(params, name, value)
    return
  }
  for (const part of parts.slice(0, -1)) {
    const inner = Object.hasOwn(here, part) ? here[part] : {}
    if (!isRecord(inner)) {
      define(params, name, value)
      return
    }
    define(here, part, inner)
    here = inner
  }
  define(here, parts.at(-1) ?? name, value)
}

/** Foreign names may be `__proto__`: they are data, never a prototype. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
