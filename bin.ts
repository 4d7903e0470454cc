#!/usr/bin/env node
// The only file that sees both core and adapters. Nothing heavy is loaded before a verb needs it.
import type { Engine } from './core/cli/verb.ts'
import { runProcess } from './core/cli/process.ts'

/** Names and summaries of the engines' own verbs stand here so that help need not load them; a test compares. */
const engines: readonly Engine[] = [
  {
    name: 'nextflow',
    load: async () => (await import('./adapters/nextflow/index.ts')).default,
    verbs: [{ name: 'listen nextflow', summary: 'take the events that Nextflow posts while it runs (-with-weblog)' }],
  },
  {
    name: 'snakemake',
    load: async () => (await import('./adapters/snakemake/index.ts')).default,
    verbs: [
      { name: 'watch', summary: 'follow a Snakemake run and record it while it goes on' },
      { name: 'snakemake', summary: 'run Snakemake and record it: stemma snakemake -- <arguments>' },
    ],
  },
  {
    name: 'redun',
    load: async () => (await import('./adapters/redun/index.ts')).default,
    verbs: [],
  },
  {
    name: 'temporal',
    load: async () => (await import('./adapters/temporal/index.ts')).default,
    verbs: [],
  },
]

await runProcess(engines, import.meta.url)
