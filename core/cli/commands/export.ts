import { exportFormats } from '../formats.ts'
import type { Verb } from '../verb.ts'

export const exportVerb: Verb = {
  name: 'export',
  arguments: '[things...]',
  summary: 'write the lineage of some things, or everything',
  description:
    'ndjson is the fact stream: `stemma import facts` takes it back and nothing is lost. Without things everything is written.',
  flags: [
    { flags: '--format <format>', summary: 'ndjson (default), json, dot or mermaid', choices: exportFormats },
    { flags: '--up', summary: 'of the things named: what they were made from (default: up and down)' },
    { flags: '--down', summary: 'of the things named: what became of them' },
    { flags: '--out <file>', summary: 'write to this file, whole or not at all' },
  ],
  completes: 'uids',
  examples: [
    'stemma export --format ndjson --out lineage.ndjson',
    'stemma export results/report.html --up --format mermaid',
  ],
  async run(call, context) {
    const { runExport } = await import('../run-export.ts')
    return runExport(call, context)
  },
}
