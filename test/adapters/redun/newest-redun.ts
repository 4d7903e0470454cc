// The newest redun, installed by .ci/engines.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from '@jest/globals'

export const REDUN = resolve(import.meta.dirname, '../../../.venv-redun/bin/redun')
// Without the engine these are skipped where a person works, and fail where everything must run.
export const withRedun = existsSync(REDUN) || process.env.CI !== undefined ? describe : describe.skip

/** Runs it in a project; its clock shows another zone than UTC. */
export function runRedun(project: string, ...args: readonly string[]): string {
  const env = { ...process.env, TZ: 'Asia/Kolkata' }
  const done = spawnSync(REDUN, args, { cwd: project, encoding: 'utf8', env })
  if (done.status !== 0) throw new Error(`redun ${args.join(' ')}: ${done.stderr || done.stdout}`)
  return done.stdout
}
