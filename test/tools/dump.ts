// Everything that a database says about the lineage, sorted: two databases that know the same are equal.
import type { Database } from '../../core/db/database.ts'
import type { TableName } from '../../core/db/table.ts'
import { tables } from '../../core/db/table.ts'

const OF_THE_IMPORT: readonly TableName[] = ['import', 'reading', 'versioned_place']

/** Without what belongs to this machine and moment. */
export async function dump(database: Database): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const { name, columns } of Object.values(tables)) {
    if (OF_THE_IMPORT.includes(name)) continue
    const rows = await database.sql.all(`SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM "${name}"`)
    all[name] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return all
}
