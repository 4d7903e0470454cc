import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ALIVE_SUFFIX, CLOSED_SUFFIX, OPEN_SUFFIX } from './spool.ts'

/** A process that has not said for so long that it lives is taken for dead. */
const SILENT_MS = 60_000

const Alive = z.object({ pid: z.number().int(), host: z.string() })

/**
 * Closes the segments of processes that died without a word, so that they can be delivered, and names those processes:
 * what they had running will never end by itself.
 */
export async function sweepSpool(folder: string, now: Date): Promise<Set<string>> {
  const dead = new Set<string>()
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((name) => name.endsWith(ALIVE_SUFFIX))) {
    if (await isAlive(join(folder, name), now)) continue
    dead.add(name.slice(0, -ALIVE_SUFFIX.length))
    await rm(join(folder, name), { force: true })
  }
  const alive = new Set((await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ALIVE_SUFFIX)))
  for (const name of names.filter((name) => name.endsWith(OPEN_SUFFIX))) {
    const owner = processOf(name)
    if (alive.has(owner + ALIVE_SUFFIX)) continue
    dead.add(owner)
    await rename(join(folder, name), join(folder, name.slice(0, -OPEN_SUFFIX.length) + CLOSED_SUFFIX)).catch(ignoreGone)
  }
  return dead
}

/** The process that wrote a segment. */
export function processOf(segment: string): string {
  return segment.slice(0, segment.indexOf('.'))
}

async function isAlive(path: string, now: Date): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return false
  const text = await readFile(path, 'utf8').catch(() => '')
  const said = Alive.safeParse(parseJson(text))
  // On this machine the kernel knows; elsewhere (a shared disk) only the heartbeat does.
  if (said.success && said.data.host === hostname()) return isRunning(said.data.pid)
  return now.getTime() - found.mtimeMs < SILENT_MS
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // half written: the heartbeat's time decides
  }
}

/** Another process swept it first. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
