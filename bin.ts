#!/usr/bin/env node
// The only file that sees both core and adapters. Nothing heavy is loaded before a verb needs it.
import { existsSync } from 'node:fs'
import type { Engine } from './core/cli/verb.ts'
import { runProcess } from './core/cli/process.ts'

/** Names and summaries of the engines' own verbs stand here so that help need not load them; a test compares. */
const engines: readonly Engine[] = [
  {
    name: 'nextflow',
    load: async () => (await import('./adapters/nextflow/index.ts')).default,
    verbs: [],
  },
  {
    name: 'snakemake',
    load: async () => (await import('./adapters/snakemake/index.ts')).default,
    verbs: [],
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

// Until every adapter is there.
const present = engines.filter(({ name }) => existsSync(new URL(`./adapters/${name}/index.ts`, import.meta.url)))
await runProcess(present, import.meta.url)
