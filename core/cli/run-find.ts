import { findThings } from '../query/find.ts'
import { todaysPlaces } from './look.ts'
import { withDatabase } from './open-project.ts'
import { Count, parseOptions, SharedOptions } from './options.ts'
import { printJson } from './print-json.ts'
import { describeThing } from './require-thing.ts'
import { cutMiddle } from './text-width.ts'
import { shortUid } from './wording.ts'
import type { Call, CliContext } from './verb.ts'

const Options = SharedOptions.extend({ limit: Count.default(20) })

/** `stemma find`. */
export function runFind(call: Call, context: CliContext): Promise<number> {
  const { json, limit } = parseOptions(Options, call)
  const { terminal, style } = context
  return withDatabase(call, context, async ({ database }) => {
    const found = await findThings(database.sql, call.args.join(' '), limit)
    const place = await todaysPlaces(database, terminal.workingFolder)
    if (json) await printJson({ found }, terminal)
    else if (found.length === 0) await terminal.write(`Nothing found.\n`)
    else {
      const lines = found.map(({ thing }) => {
        const text = cutMiddle(describeThing(thing, place), terminal.width - 10)
        return `${style.faint(shortUid(thing.uid))}  ${text}`
      })
      await terminal.write(`${lines.join('\n')}\n`)
    }
    return 0
  })
}
