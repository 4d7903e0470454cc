// Run by replay.test.ts in a process of its own: replays histories with the plugin, and prints what became of each.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Runtime, Worker } from '@temporalio/worker'
import { temporalPlugin } from '../../../adapters/temporal/index.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/temporal')
const folder = join(fixtures, 'replay/sdk-1.11.8')
const logged: string[] = []
const log = (_level: string, message: string): void => {
  logged.push(message)
}
const quiet = (): void => undefined
const logger = {
  log,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (message: string) => {
    log('ERROR', message)
  },
}
Runtime.install({ logger })

for (const name of readdirSync(folder).sort()) {
  const history: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const options = { workflowsPath: join(fixtures, 'live/workflows.ts'), plugins: [temporalPlugin({ deliver: false })] }
  const became = await Worker.runReplayHistory(options, history as never).then(
    () => 'replayed',
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  )
  process.stdout.write(`${name} ${became}\n`)
}
process.stdout.write(`errors logged: ${logged.length}\n`)
