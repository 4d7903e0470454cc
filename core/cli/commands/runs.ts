import { outcomes } from '../../fact/outcome.ts'
import type { Verb } from '../verb.ts'

export const runs: Verb = {
  name: 'runs',
  summary: 'what ran, the latest first',
  flags: [
    { flags: '--top', summary: 'only executions of an engine, not their tasks' },
    { flags: '--parent <thing>', summary: 'only runs that this run started' },
    { flags: '--engine <name>', summary: 'nextflow, snakemake, redun, temporal …' },
    {
      flags: '--outcome <outcome>',
      summary: 'succeeded, failed, cached, skipped, cancelled, aborted, running, unknown',
      choices: outcomes,
    },
    { flags: '--transform <name>', summary: 'runs of this process, rule, task …' },
    { flags: '--param <name=value>', summary: 'runs with this parameter' },
    {
      flags: '--label <name=value...>',
      summary: 'runs with this label or tag (all of several); only its name: any value',
    },
    { flags: '--since <time>', summary: 'started at or after: 2026-11-24, 2026-11-24T07:00, 3d, 12h' },
    { flags: '--until <time>', summary: 'started before' },
    { flags: '--limit <n>', summary: 'rows (50)' },
    { flags: '--after <uid>', summary: 'go on after the last row of the page before' },
  ],
  examples: [
    'stemma runs --top',
    'stemma runs --outcome failed --since 3d',
    'stemma runs --transform ALIGN --param genome=GRCh38 --json',
  ],
  async run(call, context) {
    const { runRuns } = await import('../run-lists.ts')
    return runRuns(call, context)
  },
}
