import type { Verb } from '../verb.ts'

export const doctor: Verb = {
  name: 'doctor',
  summary: 'check the project, the database and what the engines need',
  examples: ['stemma doctor', 'stemma doctor --json'],
  async run(call, context) {
    const { runDoctor } = await import('../run-doctor.ts')
    return runDoctor(call, context)
  },
}
