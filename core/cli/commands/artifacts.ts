import type { Verb } from '../verb.ts'

export const artifacts: Verb = {
  name: 'artifacts',
  summary: 'files, folders, objects and values',
  flags: [
    { flags: '--under <folder>', summary: 'only what lies in this folder' },
    { flags: '--extension <name>', summary: 'bam, vcf.gz …' },
    { flags: '--type <type>', summary: 'file, folder, object or value' },
    { flags: '--digest <value>', summary: 'with this checksum' },
    { flags: '--since <time>', summary: 'modified at or after: 2026-11-24, 3d, 12h' },
    { flags: '--until <time>', summary: 'modified before' },
    { flags: '--limit <n>', summary: 'rows (50)' },
    { flags: '--after <uid>', summary: 'go on after the last row of the page before' },
  ],
  examples: ['stemma artifacts --under results', 'stemma artifacts --extension bam --json'],
  async run(call, context) {
    const { runArtifacts } = await import('../run-lists.ts')
    return runArtifacts(call, context)
  },
}
