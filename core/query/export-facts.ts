import type { Database } from '../db/database.ts'
import type { Fact } from '../fact/fact.ts'
import { readFacts } from './facts.ts'
import { readSelectedFacts } from './selected-facts.ts'
import { selectThings } from './selection.ts'
import type { Direction } from './view.ts'

/** What to export: these things with their lineage in this direction. */
export interface ExportChoice {
  readonly uids: readonly string[]
  readonly direction: Direction
}

/** Everything, or what is chosen, as one state of the database: an import that ends meanwhile does not show. */
export async function* exportFacts(database: Database, choice?: ExportChoice): AsyncGenerator<Fact> {
  const sql = await database.snapshot()
  try {
    if (choice === undefined) yield* readFacts(sql)
    else yield* readSelectedFacts(sql, await selectThings(sql, choice.uids, choice.direction))
  } finally {
    await sql.close()
  }
}
