import { hashPolicies } from '../../source/hash-policy.ts'
import type { Verb } from '../verb.ts'

export const importVerb: Verb = {
  name: 'import',
  arguments: '<source...>',
  usage: '[engine] <source...> [options]',
  summary: 'read what an engine left behind: folders, files, s3:// and az:// places, databases, servers',
  description:
    'The engine is recognised when it is not named. `import facts FILE` takes back an export. Importing again adds only what is new; where no database is named, .stemma/stemma.db is made here.',
  flags: [
    {
      flags: '--hash <policy>',
      summary: 'hash files: none, small (up to 64 MiB each, the default) or all',
      choices: hashPolicies,
    },
    { flags: '--timezone <zone>', summary: 'zone of times that are written without one, as Europe/Berlin' },
    { flags: '--strict', summary: 'a gap is an error: nothing is imported' },
    { flags: '--dry-run', summary: 'read and report, write nothing' },
  ],
  completes: ['facts'], // and the engines
  examples: [
    'stemma import .',
    'stemma import nextflow /data/rnaseq',
    'stemma import snakemake . --hash none --dry-run',
    'stemma import s3://bucket/runs/42',
    'stemma import facts lineage.ndjson',
  ],
  async run(call, context) {
    const { runImport } = await import('../run-import.ts')
    return runImport(call, context)
  },
}
