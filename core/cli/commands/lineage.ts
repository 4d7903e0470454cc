import { lineageFormats } from '../formats.ts'
import type { Verb } from '../verb.ts'

export const lineage: Verb = {
  name: 'lineage',
  arguments: '<thing>',
  summary: 'what made a file, or what became of it',
  description:
    'A thing is a path (as it was then, or is now), a file name, a uid or its beginning, a uri, a digest, or an engine’s own id. Up (the default for files) leads to causes, down to effects.',
  flags: [
    { flags: '--up', summary: 'towards causes' },
    { flags: '--down', summary: 'towards effects' },
    { flags: '--both', summary: 'both' },
    { flags: '--depth <n>', summary: 'steps from the thing; a run and its file are one step apart' },
    { flags: '--limit <n>', summary: 'most things to show (10000)' },
    { flags: '--full', summary: 'fold nothing' },
    { flags: '--format <format>', summary: 'text, json, dot or mermaid', choices: lineageFormats },
  ],
  completes: 'uids',
  examples: [
    'stemma lineage results/multiqc/multiqc_report.html',
    'stemma lineage data/s1/reads.fq --down',
    'stemma lineage s1.bam --both --depth 4 --json',
    'stemma lineage results/variants.vcf --format dot | dot -Tsvg > lineage.svg',
  ],
  async run(call, context) {
    const { runLineage } = await import('../run-lineage.ts')
    return runLineage(call, context)
  },
}
