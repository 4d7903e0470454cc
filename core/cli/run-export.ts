import { z } from 'zod'
import type { Database } from '../db/database.ts'
import { exportFacts } from '../query/export-facts.ts'
import type { Direction } from '../query/view.ts'
import type { Fact } from '../fact/fact.ts'
import type { FactFormat } from '../export/fact-formats.ts'
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
  if (things.length === 0) return exportFacts(database)
  const uids: string[] = []
  for (const thing of things) uids.push((await requireThing(database, thing, context)).uid)
  return exportFacts(database, { uids, direction })
}

async function toText(facts: AsyncIterable<Fact>, format: FactFormat): Promise<AsyncIterable<string>> {
  const { formatFacts } = await import('../export/fact-formats.ts')
  return formatFacts(facts, format)
}
