import { resolve } from 'node:path'
import { z } from 'zod'
import { artifactTypes, transformTypes } from '../fact/fact.ts'
import { outcomes } from '../fact/outcome.ts'
import type { Sql } from '../db/sql.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { toUri } from '../fact/uri.ts'
import { findFormerUris } from '../query/roots.ts'
import type { Page } from '../query/view.ts'
import { listArtifacts } from '../query/list-artifacts.ts'
import { listRuns } from '../query/list-runs.ts'
import { listTransforms } from '../query/list-transforms.ts'
import { artifactColumns, runColumns, transformColumns } from './columns.ts'
import { todaysPlaces } from './look.ts'
import { withDatabase } from './open-project.ts'
import { Count, Moment, NameAndMaybeValue, NameAndValue, parseOptions, SharedOptions } from './options.ts'
import { printList } from './print-list.ts'
import { requireThing } from './require-thing.ts'
import { uidNames } from './wording.ts'
import type { Call, CliContext } from './verb.ts'

const ListOptions = SharedOptions.extend({ limit: Count.default(50), after: z.string().optional() })
const Times = { since: Moment.optional(), until: Moment.optional() }

const RunFilterOptions = z.object({
  ...Times,
  top: z.boolean().optional(),
  parent: z.string().optional(),
  engine: z.string().optional(),
  outcome: z.enum(outcomes, `is none of ${outcomes.join(', ')}`).optional(),
  transform: z.string().optional(),
  param: NameAndValue.optional(),
  label: z.array(NameAndMaybeValue).optional(),
})

const ArtifactFilterOptions = z.object({
  ...Times,
  under: z.string().optional(),
  extension: z
    .string()
    .transform((text) => text.replace(/^\./, '').toLowerCase())
    .optional(),
  type: z.enum(artifactTypes, `is none of ${artifactTypes.join(', ')}`).optional(),
  digest: z.string().optional(),
})

const TransformFilterOptions = z.object({
  engine: z.string().optional(),
  type: z.enum(transformTypes, `is none of ${transformTypes.join(', ')}`).optional(),
  name: z.string().optional(),
})

export function runRuns(call: Call, context: CliContext): Promise<number> {
  const { json, limit, after } = parseOptions(ListOptions, call)
  const { parent, label: labels, ...filter } = parseOptions(RunFilterOptions, call)
  return withDatabase(call, context, async ({ database }) => {
    const started = parent === undefined ? {} : { parent: (await requireThing(database, parent, context)).uid }
    const rows = await listRuns(database.sql, defined({ ...filter, labels, ...started }), toPage(limit, after))
    await printList(rows, { name: 'runs', columns: runColumns(context.style, uidNames(rows)), json, limit }, context)
    return 0
  })
}

export function runArtifacts(call: Call, context: CliContext): Promise<number> {
  const { json, limit, after } = parseOptions(ListOptions, call)
  const { under, ...filter } = parseOptions(ArtifactFilterOptions, call)
  const { workingFolder } = context.terminal
  const folder = under === undefined || under.includes('://') ? under : resolve(workingFolder, under)
  return withDatabase(call, context, async ({ database }) => {
    const rows = await listUnder(database.sql, filter, folder, toPage(limit, after))
    const columns = artifactColumns(context.style, uidNames(rows), await todaysPlaces(database, workingFolder))
    await printList(rows, { name: 'artifacts', columns, json, limit }, context)
    return 0
  })
}

/** A folder is asked for by the names that it had before it was moved, too. */
async function listUnder(sql: Sql, filter: object, folder: string | undefined, page: Page): Promise<ArtifactFact[]> {
  if (folder === undefined) return listArtifacts(sql, defined(filter), page)
  for (const under of await findFormerUris(sql, toUri(folder) ?? folder)) {
    const rows = await listArtifacts(sql, defined({ ...filter, under }), page)
    if (rows.length > 0) return rows
  }
  return []
}

export function runTransforms(call: Call, context: CliContext): Promise<number> {
  const { json, limit, after } = parseOptions(ListOptions, call)
  const filter = parseOptions(TransformFilterOptions, call)
  return withDatabase(call, context, async ({ database }) => {
    const rows = await listTransforms(database.sql, defined(filter), toPage(limit, after))
    await printList(
      rows,
      { name: 'transforms', columns: transformColumns(context.style, uidNames(rows)), json, limit },
      context,
    )
    return 0
  })
}

/** One row more than is shown tells whether there is another page. */
function toPage(limit: number, after: string | undefined): { readonly limit: number; readonly after?: string } {
  return { limit: limit + 1, ...(after === undefined ? {} : { after }) }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the keys that hold nothing. */
function defined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T> // checked by the filter
}
