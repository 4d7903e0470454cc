import type { Verb } from '../verb.ts'

export const find: Verb = {
  name: 'find',
  arguments: '<words...>',
  summary: 'search names, paths, parameters and commands',
  flags: [{ flags: '--limit <n>', summary: 'most things to show (20)' }],
  examples: ['stemma find multiqc', 'stemma find salmon s1 --json'],
  async run(call, context) {
    const { runFind } = await import('../run-find.ts')
    return runFind(call, context)
  },
}
