import { hashOfWorkDir } from '../hash.ts'
import type { LogTaskEnd } from './log-event.ts'

/**
 * `Task completed > TaskHandler[jobId: J; id: N; name: NAME; status: S; exit: E; error: X; workDir: PATH started: ms; …]`
 * with fields that come and go by executor. A name may hold `; `, so the last `; status: ` ends it.
 */
export function parseTaskHandler(text: string): LogTaskEnd | undefined {
  const nameAt = text.indexOf('name: ')
  const statusAt = text.lastIndexOf('; status: ')
  if (nameAt < 0 || statusAt < nameAt) return undefined
  const head = text.slice(0, nameAt)
  const tail = text.slice(statusAt)
  const workDir = /; workDir: (.*?)(?: started: |\]\s*$|;\s*\]|$)/s.exec(tail)?.[1]?.trim()
  const fullHash = workDir === undefined ? undefined : hashOfWorkDir(workDir)
  const exit = /; exit: (-?\d{1,10})/.exec(tail)?.[1]
  const error = /; error: (.*?); workDir: /s.exec(tail)?.[1]
  return {
    event: 'task-end',
    name: text.slice(nameAt + 6, statusAt),
    status: /; status: (\w{1,32})/.exec(tail)?.[1] ?? '',
    ...pick('taskId', /[[ ;]id: (\d{1,10})/.exec(head)?.[1]),
    ...pick('jobId', /jobId: ([^;]{1,256})/.exec(head)?.[1]),
    ...(exit === undefined ? {} : { exit: Number(exit) }),
    ...pick('error', error === '-' ? undefined : error),
    ...pick('workDir', workDir),
    ...pick('fullHash', fullHash),
    ...times(tail),
  }
}

function times(tail: string): Pick<LogTaskEnd, 'startedMs' | 'exitedMs'> {
  const started = /started: (\d{12,13})/.exec(tail)?.[1]
  const exited = Date.parse(/exited: (\d{4}-[\dT:.Z-]{1,32})/.exec(tail)?.[1] ?? '')
  return {
    ...(started === undefined ? {} : { startedMs: Number(started) }),
    ...(Number.isNaN(exited) ? {} : { exitedMs: exited }),
  }
}

function pick<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {}
  if (value !== undefined) found[key] = value
  return found
}
