import type { Verb } from '../verb.ts'

export const path: Verb = {
  name: 'path',
  arguments: '<from> <to>',
  summary: 'the shortest way from one thing to another',
  completes: 'uids',
  examples: ['stemma path data/s1.fq results/variants.vcf', 'stemma path ALIGN results/report.html --json'],
  async run(call, context) {
    const { runPath } = await import('../run-path.ts')
    return runPath(call, context)
  },
}
