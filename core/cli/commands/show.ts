import type { Verb } from '../verb.ts'

export const show: Verb = {
  name: 'show',
  arguments: '<thing>',
  summary: 'everything that is known of one run, file or piece of code',
  completes: 'uids',
  examples: ['stemma show results/report.html', 'stemma show 4fTq9ZbX', 'stemma show ab/cdef12 --json'],
  async run(call, context) {
    const { runShow } = await import('../run-show.ts')
    return runShow(call, context)
  },
}
