import { z } from 'zod'
import type { Database } from '../db/database.ts'
import { factLine } from '../fact/ndjson.ts'
import { readFacts } from '../query/facts.ts'
import { readSelectedFacts } from '../query/selected-facts.ts'
import { selectThings } from '../query/selection.ts'
import type { Direction } from '../query/view.ts'
import type { Fact } from '../fact/fact.ts'
import { exportFormats } from './formats.ts'
import { withDatabase } from './open-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import { requireThing } from './require-thing.ts'
import { writeOut } from './write-out.ts'
import type { Call, CliContext } from './verb.ts'

const Options = SharedOptions.extend({
  format: z.enum(exportFormats, `is none of ${exportFormats.join(', ')}`).optional(),
  out: z.string().min(1).optional(),
  up: z.boolean().default(false),
  down: z.boolean().default(false),
})

/** `stemma export`. */
export function runExport(call: Call, context: CliContext): Promise<number> {
  const options = parseOptions(Options, call)
  const format = options.format ?? (options.json ? 'json' : 'ndjson')
  const direction = options.up === options.down ? 'both' : options.up ? 'up' : 'down'
  return withDatabase(call, context, async ({ database }) => {
    const facts = await chooseFacts(database, call.args, direction, context)
    await writeOut(await toText(facts, format), options.out, context.terminal)
    return 0
  })
}

async function chooseFacts(
  database: Database,
  things: readonly string[],
  direction: Direction,
  context: CliContext,
): Promise<AsyncIterable<Fact>> {
  if (things.length === 0) return readFacts(database.sql)
  const uids: string[] = []
  for (const thing of things) uids.push((await requireThing(database, thing, context)).uid)
  return readSelectedFacts(database.sql, await selectThings(database.sql, uids, direction))
}

async function* toLines(facts: AsyncIterable<Fact>): AsyncIterable<string> {
  for await (const fact of facts) yield factLine(fact)
}

async function toText(
  facts: AsyncIterable<Fact>,
  format: (typeof exportFormats)[number],
): Promise<AsyncIterable<string>> {
  if (format === 'ndjson') return toLines(facts)
  const { formatFacts } = await import('../export/fact-formats.ts')
  return formatFacts(facts, format)
}
