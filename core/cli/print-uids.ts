import { openDatabase } from '../db/open-database.ts'
import { findUids } from '../query/find-uids.ts'
import { findDatabase } from './open-project.ts'
import { visible } from './text-width.ts'
import type { Call, CliContext } from './verb.ts'

/** As many as a person looks at. */
const MOST = 50

/** Lines `uid, tab, name` of things whose uid starts so: for shells, while somebody types. Changes nothing. */
export async function printUids(start: string, call: Call, context: CliContext): Promise<number> {
  const choice = await findDatabase(call, context)
  if (choice === undefined) return 0
  const database = await openDatabase(choice.url, { readOnly: true })
  try {
    const found = await findUids(database.sql, start, MOST)
    await context.terminal.write(found.map(({ uid, name }) => `${uid}\t${visible(name)}\n`).join(''))
    return 0
  } finally {
    await database.close()
  }
}
