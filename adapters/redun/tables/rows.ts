import type { z } from 'zod'
import type { Row, Tables } from './tables.ts'

/** Rows that could not be understood, counted by what they are. */
export class DamagedRows {
  private readonly counts = new Map<string, number>()

  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  /** What was lost, one line a kind. */
  lines(): readonly string[] {
    return [...this.counts].map(([what, count]) => `${String(count)} damaged rows of ${what}`)
  }
}

/** A query whose rows are parsed one by one: a damaged row is counted and left out. */
export interface RowReader {
  read<T extends z.ZodType>(shape: T, what: string, sql: string, parameters?: readonly unknown[]): z.infer<T>[]
}

export function rowReader(tables: Tables, damaged: DamagedRows): RowReader {
  return {
    read(shape, what, sql, parameters) {
      return tables.all(sql, parameters).flatMap((row: Row) => {
        const parsed = shape.safeParse(row)
        if (parsed.success) return [parsed.data]
        damaged.add(what)
        return []
      })
    },
  }
}
