import type { Verb } from '../verb.ts'

export const connect: Verb = {
  name: 'connect',
  arguments: '<url>',
  summary: 'let this folder and those below use a database',
  description:
    'Writes the url to .stemma/config.yaml after it has been reached, and makes its tables where they are missing. A password in the url is kept beside it in a file that only you can read; better leave it out and set PGPASSWORD.',
  examples: ['stemma connect postgres://me@host/lineage?schema=lab', 'stemma connect file:/data/lab/stemma.db'],
  async run(call, { terminal, style }) {
    const { absoluteUrl, hidePassword } = await import('../../config/database-url.ts')
    const { makeTables } = await import('../init-project.ts')
    const { makeProject } = await import('../../config/make-project.ts')
    const { printJson } = await import('../print-json.ts')
    const url = absoluteUrl(call.args[0] ?? '', terminal.workingFolder)
    await makeTables(url)
    await makeProject(terminal.workingFolder, url)
    const database = hidePassword(url)
    if (call.options.json === true) await printJson({ database, from: 'config' }, terminal)
    else await terminal.write(`${style.good('✓')} Connected: ${database}\n`)
    return 0
  },
}
