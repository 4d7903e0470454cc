// The command line in this process, with a terminal that keeps what is written.
import nextflow from '../../adapters/nextflow/index.ts'
import redun from '../../adapters/redun/index.ts'
import snakemake from '../../adapters/snakemake/index.ts'
import temporal from '../../adapters/temporal/index.ts'
import type { Adapter } from '../../core/adapter.ts'
import { main } from '../../core/cli/main.ts'
import type { Terminal } from '../../core/cli/terminal.ts'
import type { Engine } from '../../core/cli/verb.ts'

export interface CliRun {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CliWorld {
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
  readonly width?: number
  readonly color?: boolean
  readonly signal?: AbortSignal
  readonly engines?: readonly Engine[]
}

export const allEngines: readonly Engine[] = [nextflow, snakemake, redun, temporal].map((adapter) => toEngine(adapter))

export function toEngine(adapter: Adapter): Engine {
  const verbs = (adapter.commands ?? []).map(({ name, summary }) => ({ name, summary }))
  return { name: adapter.engine, load: () => Promise.resolve(adapter), verbs }
}

export async function runCli(argv: readonly string[], world: CliWorld): Promise<CliRun> {
  let out = ''
  let err = ''
  const terminal: Terminal = {
    workingFolder: world.folder,
    environment: world.environment ?? {},
    width: world.width ?? 100,
    isTerminal: world.color ?? false,
    isErrorTerminal: false,
    color: world.color ?? false,
    signal: world.signal ?? new AbortController().signal,
    write(text) {
      out += text
      return Promise.resolve()
    },
    warn(text) {
      err += text
    },
    holdInterrupts: () => undefined,
  }
  const code = await main(argv, { engines: world.engines ?? allEngines, version: '0.0.0-test', terminal })
  return { code, out, err }
}
