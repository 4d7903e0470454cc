import type { Verb } from '../verb.ts'

export const init: Verb = {
  name: 'init',
  summary: 'make a project in this folder, or the tables of the database that is named',
  description:
    'Without --database and STEMMA_DATABASE: makes .stemma/config.yaml and .stemma/stemma.db here. With one of them: makes the tables there. Doing it again changes nothing.',
  examples: ['stemma init', 'stemma init --database postgres://me@host/lineage?schema=lab'],
  async run(call, context) {
    const { hidePassword } = await import('../../config/database-url.ts')
    const { initProject } = await import('../init-project.ts')
    const { printJson } = await import('../print-json.ts')
    const { terminal, style } = context
    const { choice, made } = await initProject(call, context)
    const database = hidePassword(choice.url)
    if (call.options.json === true) await printJson({ database, from: choice.from, made }, terminal)
    else {
      await terminal.write(`${style.good('✓')} ${made ? 'Made' : 'Ready'}: ${database}\n`)
      await terminal.write(`Next: ${style.bold('stemma import <folder of a pipeline>')}\n`)
    }
    return 0
  },
}
