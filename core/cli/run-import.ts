import { z } from 'zod'
import { hidePassword } from '../config/database-url.ts'
import { StemmaError } from '../errors.ts'
import { DigestLog } from '../source/digest-log.ts'
import { hashPolicies, type HashPolicy } from '../source/hash-policy.ts'
import { fileHasher } from '../source/hasher.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseAdapters } from './choose-adapters.ts'
import { importGroup, readGroup, type GroupResult, type Reading } from './import-group.ts'
import { keepHeapLean } from './lean-heap.ts'
import { folderFor, withImportTarget, type ImportProject } from './open-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import { systemErrorCode } from '../system-error.ts'
import { printJson } from './print-json.ts'
import { Progress } from './progress.ts'
import { describeImport } from './render-import.ts'
import { visibleLines } from './text-width.ts'
import type { Call, CliContext } from './verb.ts'

const Options = SharedOptions.extend({
  hash: z.enum(hashPolicies, `is none of ${hashPolicies.join(', ')}`).optional(),
  timezone: z.string().refine(isZone, 'is no IANA time zone').optional(),
  strict: z.boolean().default(false),
  dryRun: z.boolean().default(false),
})
type Options = z.infer<typeof Options>

/** `stemma import`: chooses adapters, imports every group of sources and says what was recovered. */
export async function runImport(call: Call, context: CliContext): Promise<number> {
  const options = parseOptions(Options, call)
  keepHeapLean()
  if (options.dryRun) {
    const results = await dryRun(call, context, options)
    await report(results, undefined, options, context)
    return 0
  }
  return withImportTarget(call, context, async (project) => {
    const results = await importAll(call, context, options, project)
    await report(results, project, options, context)
    return 0
  })
}

async function importAll(
  call: Call,
  context: CliContext,
  options: Options,
  project: ImportProject,
): Promise<GroupResult[]> {
  const { target, choice } = project
  const config = choice.project?.config
  const hash = options.hash ?? config?.hash ?? 'small'
  const folder = folderFor(choice, context.terminal.workingFolder)
  const log = new DigestLog(join(folder, 'hashes'))
  const progress = new Progress(context.terminal)
  const reading = toReading(
    { ...options, timezone: options.timezone ?? config?.timezone },
    hash,
    progress,
    context,
    log,
  )
  const results: GroupResult[] = []
  try {
    for (const group of await chooseAdapters(call, context, reading)) {
      results.push(await importGroup(target, group, { ...reading, stemmaFolder: folder }))
    }
  } catch (error) {
    // The next import need not hash again what this one did.
    if (context.terminal.signal.aborted && log.isWaiting)
      await mkdir(folder, { recursive: true }).catch(() => undefined)
    throw error
  } finally {
    log.flush()
    progress.clear()
  }
  if (log.failure !== undefined)
    context.terminal.warn(`what was hashed could not be kept: ${systemErrorCode(log.failure) ?? 'unknown'}\n`)
  return results
}

async function dryRun(call: Call, context: CliContext, options: Options): Promise<GroupResult[]> {
  const progress = new Progress(context.terminal)
  const reading = toReading(options, options.hash ?? 'none', progress, context)
  const results: GroupResult[] = []
  for (const group of await chooseAdapters(call, context, reading)) results.push(await readGroup(group, reading))
  progress.clear()
  const gaps = results.reduce((sum, { gaps }) => sum + gaps.reduce((all, { count }) => all + count, 0), 0)
  if (options.strict && gaps > 0)
    throw new StemmaError('source.gaps', `the source has gaps: ${gaps}`, { detail: { gaps } })
  return results
}

function toReading(
  options: { readonly timezone?: string | undefined; readonly strict: boolean },
  hash: HashPolicy,
  progress: Progress,
  { terminal }: CliContext,
  memory?: DigestLog,
): Reading {
  const onUnreadable = (path: string): void => { terminal.warn(visibleLines(`cannot read to hash: ${path}`)) } // prettier-ignore
  return {
    hash,
    hasher: fileHasher(hash, { onUnreadable, ...(memory === undefined ? {} : { memory }) }),
    timezone: options.timezone,
    stemmaFolder: undefined,
    ingest: {
      signal: terminal.signal,
      strict: options.strict,
      onProgress: (counts) => { progress.show(counts) }, // prettier-ignore
    },
  }
}

async function report(
  results: readonly GroupResult[],
  project: ImportProject | undefined,
  options: Options,
  { terminal, style }: CliContext,
): Promise<void> {
  const database = project === undefined ? undefined : hidePassword(project.choice.url)
  if (options.json) {
    await printJson({ ...(database === undefined ? {} : { database }), imports: results }, terminal)
    return
  }
  for (const result of results) await terminal.write(`${describeImport(result, terminal, style).join('\n')}\n`)
  if (project === undefined) await terminal.write('Nothing was written: this was a dry run.\n')
  if (project?.made() === true) await terminal.write(`Made the database here: ${String(database)}\n`)
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false // Intl knows no such zone
  }
}
