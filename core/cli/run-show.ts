import { StemmaError } from '../errors.ts'
import { readDetail } from '../query/show.ts'
import { lookOf } from './look.ts'
import { withDatabase } from './open-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import { printJson } from './print-json.ts'
import { describeDetail } from './render-show.ts'
import { findThing } from './require-thing.ts'
import { versionNotes } from './run-lineage.ts'
import type { Call, CliContext } from './verb.ts'

/** Items of each list: enough for a person, and for JSON there are `lineage` and `export`. */
const MOST_TEXT = 10
const MOST_JSON = 1000

/** `stemma show`. */
export function runShow(call: Call, context: CliContext): Promise<number> {
  const { json } = parseOptions(SharedOptions, call)
  const { terminal, style } = context
  return withDatabase(call, context, async ({ database }) => {
    const found = await findThing(database, call.args[0] ?? '', context)
    const detail = await readDetail(database.sql, found.thing.uid, json ? MOST_JSON : MOST_TEXT)
    if (detail === undefined) throw new StemmaError('query.not-found', `removed meanwhile: "${found.thing.uid}"`)
    if (json) await printJson(detail, terminal)
    else {
      const notes = versionNotes(found).map((line) => style.warning(line))
      await terminal.write(
        `${[...describeDetail(detail, await lookOf(database, context, true)), ...notes].join('\n')}\n`,
      )
    }
    return 0
  })
}
