import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { AdapterCommand, CommandCall, CommandContext, FileSource } from '../../../core/adapter.ts'
import { StemmaError } from '../../../core/adapter.ts'
import { readSnakemake } from '../read.ts'
import { findRunState } from './run-state.ts'

const INTERRUPTED = 130
/** Reading again takes at most this part of the time. */
const SHARE = 0.2

const Options = z.object({
  interval: z.coerce.number('is not a number').positive('is not above zero').default(2),
  follow: z.boolean().default(false),
  timezone: z.string().optional(),
})

/** `stemma watch <workdir>`: imports again and again while a run goes on, and once more when it has ended. */
export const watch: AdapterCommand = {
  name: 'watch',
  summary: 'follow a Snakemake run and record it while it goes on',
  arguments: '[workdir]',
  flags: [
    { flags: '--interval <seconds>', summary: 'look for news this often (default 2)' },
    { flags: '--follow', summary: 'go on when no run is active, until interrupted' },
    { flags: '--timezone <zone>', summary: 'zone of the times in old logs, as Europe/Berlin' },
  ],
  examples: ['stemma watch .', 'stemma watch /data/project --follow'],
  run: runWatch,
}

async function runWatch(call: CommandCall, context: CommandContext): Promise<number> {
  const parsed = Options.safeParse(call.options)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StemmaError(
      'usage.invalid-option',
      `option --${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`,
    )
  }
  const { interval, follow, timezone } = parsed.data
  const source = await context.open(call.args[0] ?? '.')
  for (;;) {
    // Asked before the reading: what is written while it is read is read the next time.
    const state = await findRunState(source)
    const began = performance.now()
    await deliver(source, context, timezone)
    if (context.signal.aborted) return INTERRUPTED
    if (!follow && state === 'ended') return 0
    const pauseMs = Math.max(interval * 1000, (performance.now() - began) * (1 / SHARE - 1))
    const slept = await setTimeout(pauseMs, true, { signal: context.signal }).catch(() => false)
    if (!slept) return INTERRUPTED
  }
}

/** Imports what is there and says what is new. */
export async function deliver(
  source: FileSource,
  context: CommandContext,
  timezone: string | undefined,
): Promise<void> {
  const zone = timezone === undefined ? {} : { timezone }
  const facts = readSnakemake([source], { own: {}, ...zone })
  const { added, gaps } = await context.ingest(facts, source.uri)
  if (added > 0) context.warn(`${added} new${gaps > 0 ? `, ${gaps} gaps` : ''}\n`)
}
