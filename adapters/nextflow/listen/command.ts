import type { AdapterCommand } from '../../../core/adapter.ts'
import { DEFAULT_PORT } from './port.ts'

/** `stemma listen nextflow`: takes what Nextflow posts while it runs (`-with-weblog http://127.0.0.1:9797/`). */
export const listenNextflow: AdapterCommand = {
  name: 'listen nextflow',
  summary: 'take the events that Nextflow posts while it runs (-with-weblog)',
  flags: [
    { flags: '--port <n>', summary: `port to listen on (${DEFAULT_PORT}; 0 takes a free one)` },
    { flags: '--host <address>', summary: 'address to listen on (127.0.0.1: this machine only)' },
    { flags: '--token <user:password>', summary: 'take events with this weblog.basicToken only' },
  ],
  examples: ['stemma listen nextflow', 'stemma listen nextflow --host 0.0.0.0 --token stemma:secret'],
  async run(call, context) {
    // The web server is loaded by those who listen only.
    const { listen } = await import('./listen-nextflow.ts')
    return listen(call, context)
  },
}
