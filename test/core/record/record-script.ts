import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fact, RunFact } from '../../../core/fact/fact.ts'

const root = join(import.meta.dirname, '../../..')
const tsx = join(root, 'node_modules/.bin/tsx')

export interface Scratch {
  readonly folder: string
  readonly spool: string
}

/** A project's folder with a script in it, which may import `stemma/record/…` by the constant RECORD. */
export function makeScratch(script: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'record-'))
  const text = script
    .replaceAll('RECORD', join(root, 'core/record'))
    .replaceAll('TSX', join(root, 'node_modules/tsx/dist/esm/api/index.mjs'))
  writeFileSync(join(folder, 'script.mts'), text)
  mkdirSync(join(folder, '.stemma')) // else one that lies further up would be taken
  return { folder, spool: join(folder, '.stemma/spool') }
}

export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the script to its end. */
export function runScript({ folder }: Scratch, env: Record<string, string> = {}): Ended {
  const done = spawnSync(tsx, ['script.mts'], { cwd: folder, env: cleanEnv(env), encoding: 'utf8' })
  return { status: done.status, signal: done.signal, stdout: done.stdout, stderr: done.stderr }
}

/** Starts the script under node itself, so that signals reach it, and waits until it prints `ready`. */
export async function startScript({ folder }: Scratch): Promise<ChildProcess> {
  const loader = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs')]
  const child = spawn(process.execPath, [...loader, 'script.mts'], {
    cwd: folder,
    env: cleanEnv({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (data) => {
      if (String(data).includes('ready')) resolve()
    }),
  )
  return child
}

export async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
  })
}

function cleanEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  const rest = { ...process.env }
  for (const name of ['STEMMA_DATABASE', 'STEMMA_SPOOL', 'STEMMA_PARENT', 'NODE_OPTIONS'])
    Reflect.deleteProperty(rest, name)
  return { ...rest, ...env }
}

/** Everything in the spool, in the order of writing. */
export function spooled({ spool }: Scratch): Fact[] {
  if (!existsSync(spool)) return []
  const names = readdirSync(spool)
    .filter((name) => name.endsWith('.ndjson'))
    .sort()
  return names.flatMap((name) =>
    readFileSync(join(spool, name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Fact),
  ) // prettier-ignore
}

/** The last that was said of each run. */
export function lastRuns(facts: readonly Fact[]): RunFact[] {
  const runs = new Map<string, RunFact>()
  for (const fact of facts) if (fact.kind === 'run' && fact.evidence !== 'inferred') runs.set(fact.uid, fact)
  return [...runs.values()]
}
