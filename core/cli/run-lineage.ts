import { z } from 'zod'
import type { ArtifactFact } from '../fact/fact.ts'
import { lineageFormats } from './formats.ts'
import type { Database } from '../db/database.ts'
import { lookOf } from './look.ts'
import { describeMaker } from './render-maker.ts'
import { readLineage } from '../query/lineage.ts'
import { findStartPoints } from '../query/start-points.ts'
import type { Direction, Lineage } from '../query/view.ts'
import { withDatabase } from './open-project.ts'
import { Count, parseOptions, SharedOptions } from './options.ts'
import { printJson } from './print-json.ts'
import { describeLineage } from './render-lineage.ts'
import { findThing, type Found } from './require-thing.ts'
import { count, moment } from './wording.ts'
import type { Call, CliContext } from './verb.ts'

const Options = SharedOptions.extend({
  up: z.boolean().default(false),
  down: z.boolean().default(false),
  both: z.boolean().default(false),
  depth: Count.optional(),
  limit: Count.default(10_000),
  full: z.boolean().default(false),
  format: z.enum(lineageFormats, `is none of ${lineageFormats.join(', ')}`).default('text'),
})
type Options = z.infer<typeof Options>

/** `stemma lineage`. */
export function runLineage(call: Call, context: CliContext): Promise<number> {
  const options = parseOptions(Options, call)
  return withDatabase(call, context, async ({ database }) => {
    const found = await findThing(database, call.args[0] ?? '', context)
    const { depth, limit } = options
    const walk = { direction: directionOf(options), limit, ...(depth === undefined ? {} : { depth }) }
    const starts = await findStartPoints(database.sql, found.thing.uid, limit)
    const lineage = await readLineage(database.sql, found.thing.uid, starts, walk)
    await print(lineage, found, options, context, database)
    return 0
  })
}

function directionOf({ up, down, both }: Options): Direction {
  if (both || (up && down)) return 'both'
  return down ? 'down' : 'up'
}

async function print(
  lineage: Lineage,
  found: Found,
  options: Options,
  context: CliContext,
  database: Database,
): Promise<void> {
  const { terminal, style } = context
  if (options.json || options.format === 'json') return printJson(lineage, terminal)
  if (options.format !== 'text') {
    const { formatLineage } = await import('../export/lineage-formats.ts')
    return terminal.write(formatLineage(lineage, options.format))
  }
  const look = await lookOf(database, context, options.full)
  const lines = describeLineage(lineage, look)
  lines.push(...versionNotes(found).map((line) => style.warning(line)))
  if (lineage.direction !== 'down') lines.push(...(await describeMaker(database, lineage, look)))
  await terminal.write(`${lines.join('\n')}\n`)
}

/** What a person should know of the version that was answered for. */
export function versionNotes({ thing, versions, onDisk }: Found): string[] {
  if (thing.kind !== 'artifact') return []
  const notes: string[] = []
  if (onDisk === 'differs') notes.push('the file on disk is not this version: it was changed or written anew since')
  if (onDisk === 'gone') notes.push('the file is not on this machine')
  if (versions.length > 1) notes.push(versionNote(thing, versions))
  return notes
}

function versionNote(thing: ArtifactFact, versions: readonly ArtifactFact[]): string {
  const at = versions.findIndex(({ uid }) => uid === thing.uid)
  const older = versions.slice(at + 1)
  const newer = versions.slice(0, Math.max(0, at))
  const say = (list: readonly ArtifactFact[], word: string): string[] =>
    list.length === 0
      ? []
      : [
          `${count(list.length, `${word} version`)} ${list.length === 1 ? 'exists' : 'exist'}: ${list.slice(0, 3).map(version).join(', ')}${list.length > 3 ? ' …' : ''}`,
        ]
  return [...say(newer, 'newer'), ...say(older, 'older')].join('; ')
}

function version({ uid, modifiedAt }: ArtifactFact): string {
  return modifiedAt === undefined ? uid : `${uid} (${moment(modifiedAt)})`
}
