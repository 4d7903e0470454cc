import { StemmaError } from '../errors.ts'
import { readConnection } from '../query/connect.ts'
import type { Connection } from '../query/view.ts'
import { lookOf, type Look } from './look.ts'
import { withDatabase } from './open-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import { printJson } from './print-json.ts'
import { describeNode } from './render-lineage.ts'
import { requireThing } from './require-thing.ts'
import type { Call, CliContext } from './verb.ts'

/** Nodes looked at before the search gives up. */
const MOST_NODES = 1_000_000

/** `stemma path`. */
export function runPath(call: Call, context: CliContext): Promise<number> {
  const { json } = parseOptions(SharedOptions, call)
  const [from = '', to = ''] = call.args
  return withDatabase(call, context, async ({ database }) => {
    const start = await requireThing(database, from, context)
    const end = await requireThing(database, to, context)
    const connection = await readConnection(database.sql, start.uid, end.uid, MOST_NODES)
    if (connection === undefined) {
      throw new StemmaError('query.not-found', `nothing connects the two: "${from}" and "${to}"`, {
        detail: { from: start.uid, to: end.uid },
        advice: 'Look at each alone: `stemma lineage <thing> --both`.',
      })
    }
    await print(connection, json, await lookOf(database, context, true))
    return 0
  })
}

async function print(connection: Connection, json: boolean, look: Look): Promise<void> {
  const { terminal, style } = look
  if (json) return printJson(connection, terminal)
  const words = { down: 'leads to', up: 'was made from', both: 'has to do with' }
  const lines = connection.nodes.map((node, at) => {
    const before = at === 0 ? undefined : connection.edges[at - 1]
    const edge = before?.kind === 'reused' ? undefined : before
    return `${at === 0 ? '' : '  '.repeat(at - 1) + style.faint('└─ ')}${describeNode(node, edge, terminal.width - 2 * at, look)}`
  })
  const [first, ...rest] = lines
  await terminal.write(`${[first, style.faint(words[connection.direction]), ...rest].join('\n')}\n`)
}
