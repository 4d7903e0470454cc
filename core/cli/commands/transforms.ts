import type { Verb } from '../verb.ts'

export const transforms: Verb = {
  name: 'transforms',
  summary: 'code that ran: pipelines, processes, rules, tasks, functions',
  flags: [
    { flags: '--engine <name>', summary: 'nextflow, snakemake, redun, temporal …' },
    {
      flags: '--type <type>',
      summary: 'pipeline, process, rule, task, function, workflow, activity, script, notebook',
    },
    { flags: '--name <name>', summary: 'with this name' },
    { flags: '--limit <n>', summary: 'rows (50)' },
    { flags: '--after <uid>', summary: 'go on after the last row of the page before' },
  ],
  examples: ['stemma transforms', 'stemma transforms --type process --json'],
  async run(call, context) {
    const { runTransforms } = await import('../run-lists.ts')
    return runTransforms(call, context)
  },
}
