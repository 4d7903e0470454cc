import type { Json } from '../store/python-literal.ts'
import { parsePythonLiteral } from '../store/python-literal.ts'
import type { ParamSource } from '../store/rule-params.ts'

/** A value of the configuration, and what it was told by. */
export interface InferredConfig {
  readonly name: string
  readonly value: string
}

const CONFIG = /^config(?:\[\s*(["'])([^"']+)\1\s*\]|\.get\(\s*(["'])([^"']+)\3\s*(?:,[^]*)?\))$/

/**
 * Logs before 9.22 say that the configuration was extended on the command line and not by what; records hold the values
 * of `params:` without names, sorted. Where a rule's literals are all found among the values, and one `config["x"]` and
 * one value are left over, that value is x.
 */
export function inferConfig(sources: readonly ParamSource[], values: readonly string[]): InferredConfig | undefined {
  if (sources.length !== values.length) return undefined
  const left = values.map(parsePythonLiteral)
  const open: string[] = []
  for (const { expression } of sources) {
    const literal = parsePythonLiteral(expression)
    const at = literal === expression ? -1 : left.findIndex((value) => isSame(value, literal))
    if (at >= 0) left.splice(at, 1)
    else open.push(expression)
  }
  const [expression = '', ...others] = open
  const found = CONFIG.exec(expression)
  const name = found?.[2] ?? found?.[4]
  const [value] = left
  if (others.length > 0 || name === undefined || value === undefined || typeof value === 'object') return undefined
  return { name, value: String(value) }
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
