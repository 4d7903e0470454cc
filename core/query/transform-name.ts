import type { Sql } from '../db/sql.ts'
import { endsWith } from './statement.ts'

/**
 * Whether `transform t` is meant by a name: by its own, or where nothing is called exactly so by the last part of it,
 * `ALIGN` for `RNASEQ:MAP:ALIGN` and `align` for `germline.align`. Parameters: `transformName`. There are few transforms.
 */
export function hasTransformName(sql: Sql): string {
  const end = endsWith(sql, 't.name')
  return `t.name = ? OR (${end} OR ${end}) AND NOT EXISTS (SELECT 1 FROM transform o WHERE o.name = ?)`
}

export function transformName(name: string): string[] {
  const [process, task] = [`:${name}`, `.${name}`]
  return [name, process, process, task, task, name]
}
