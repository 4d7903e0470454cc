import { hashOfWorkDir } from '../hash.ts'
import type { LogFact } from './log-event.ts'
import type { LogMessage } from './log-message.ts'
import { parseBuild } from './parse-build.ts'
import { parseParameters } from './parse-parameters.ts'
import { parseTaskHandler } from './parse-task-handler.ts'

/** How a message begins (or what it holds), and what it then tells. */
type Rule = readonly [beginning: string, parse: (text: string, message: LogMessage) => LogFact | undefined]

const TASK_LINE = /^\[([0-9a-f]{2}\/[0-9a-f]{6}|skipping)\] (Submitted|Re-submitted|Cached|Stored) process > (.+)$/s
const NOTE_LINE = /^\[([0-9a-f]{2}\/[0-9a-f]{6})\] NOTE: (.*)$/s
const LAUNCH = /^Launching `(.+)` \[([^\]]{1,256})\](?: DSL\d)?(?: - revision: (\S{1,256}))?/

const rules: readonly Rule[] = [
  ['$> ', (text) => ({ event: 'command', text: text.slice(3).trimEnd() })],
  ['N E X T F L O W', (text) => toVersion(text)],
  ['Launching `', (text) => toLaunch(text)],
  ['Session UUID: ', (text) => ({ event: 'session', sessionId: rest(text, 'Session UUID: ') })],
  ['Session uuid: ', (text) => ({ event: 'session', sessionId: rest(text, 'Session uuid: ') })],
  ['Run name: ', (text) => ({ event: 'run-name', runName: rest(text, 'Run name: ') })],
  ['\n  Version: ', (text) => parseBuild(text)],
  ['Work-dir: ', (text) => ({ event: 'work-dir', path: rest(text, 'Work-dir: ').replace(/ \[[^\]]*\]$/, '') })],
  ['Parsing config file: ', (text) => ({ event: 'config-file', path: rest(text, 'Parsing config file: ') })],
  [
    'Applying config profile: ',
    (text) => ({ event: 'profile', name: rest(text, 'Applying config profile: ').replaceAll('`', '') }),
  ],
  ['Workflow started -- trace file: ', (text) => toTraceFile(text)],
  ['Flow starting -- trace file: ', (text) => toTraceFile(text)],
  ['Parsed script files:', (text) => toScripts(text)],
  ['Workflow process names', (text) => toProcessNames(text)],
  ['[', (text) => toTask(text) ?? toNote(text)],
  ['Task completed > ', (text) => parseTaskHandler(text)],
  ['Error executing process > ', (text) => toTaskError(text)],
  ['Copying foreign file ', (text) => toForeignFile(text, /^Copying foreign file (.+?) to work dir: (.+)$/s)],
  [
    'Local cache found for foreign file ',
    (text) => toForeignFile(text, /^Local cache found for foreign file (.+) at (\/.+)$/s),
  ],
  ['Cannot get relative path for workflow output ', (text) => toPublished(text)],
  ['Failed to publish file: ', (text) => toPublishFailure(text)],
  ['Save LID file path: ', (text) => ({ event: 'lineage-record', path: rest(text, 'Save LID file path: ') })],
  ['Session aborted -- Cause: ', (text) => ({ event: 'aborted', cause: rest(text, 'Session aborted -- Cause: ') })],
  ['Execution cancelled -- ', () => ({ event: 'cancelled' })],
  ['Workflow completed > WorkflowStats[', (text) => ({ event: 'stats', counts: countsOf(text) })],
  ['> Execution complete -- Goodbye', () => ({ event: 'goodbye' })],
]

/** What a message tells, if it is one that lineage can use. */
export function parseMessage(message: LogMessage): LogFact | undefined {
  const { text } = message
  for (const [beginning, parse] of rules) if (text.startsWith(beginning)) return parse(text, message)
  if (message.level === 'ERROR') return { event: 'error', text: text.slice(0, MOST_ERROR_CHARACTERS) }
  return message.logger.endsWith('Nextflow') ? parseParameters(text) : undefined
}

const MOST_ERROR_CHARACTERS = 65_536

function rest(text: string, beginning: string): string {
  return text.slice(beginning.length).trim()
}

function toVersion(text: string): LogFact | undefined {
  const version = /version (\S{1,64})/.exec(text)?.[1]
  return version === undefined ? undefined : { event: 'version', version }
}

function toLaunch(text: string): LogFact | undefined {
  const parts = LAUNCH.exec(text)
  if (parts === null) return undefined
  const [, project = '', runName = '', revision] = parts
  return { event: 'launch', project, runName, ...(revision === undefined ? {} : { revision }) }
}

function toTraceFile(text: string): LogFact {
  return { event: 'trace-file', path: text.slice(text.indexOf(': ') + 2).trim() }
}

function toScripts(text: string): LogFact {
  const paths = [...text.matchAll(/^ {2}\w+: (.+)$/gm)].map((found) => found[1] ?? '')
  return { event: 'scripts', paths }
}

function toProcessNames(text: string): LogFact {
  const names = text.slice(text.indexOf(': ') + 2).split(',')
  return { event: 'process-names', names: names.map((name) => name.trim()).filter((name) => name !== '') }
}

const WHAT = { Submitted: 'submitted', 'Re-submitted': 'resubmitted', Cached: 'cached', Stored: 'stored' } as const

function toTask(text: string): LogFact | undefined {
  const parts = TASK_LINE.exec(text)
  const word = parts?.[2]
  if (word !== 'Submitted' && word !== 'Re-submitted' && word !== 'Cached' && word !== 'Stored') return undefined
  const [, hash = '', , name = ''] = parts ?? []
  return { event: 'task', what: WHAT[word], name, ...(hash === 'skipping' ? {} : { hash }) }
}

function toNote(text: string): LogFact | undefined {
  const parts = NOTE_LINE.exec(text)
  if (parts === null) return undefined
  const [, hash = '', note = ''] = parts
  const retry = / -- Execution is retried \((\d{1,6})\)\s*$/.exec(note)?.[1]
  if (retry !== undefined) return { event: 'note', hash, text: note, action: 'retried', retry: Number(retry) }
  return { event: 'note', hash, text: note, ...(/ -- Error is ignored\s*$/.test(note) ? { action: 'ignored' } : {}) }
}

function toTaskError(text: string): LogFact {
  const end = text.indexOf('\n')
  const name = text.slice('Error executing process > '.length, end < 0 ? undefined : end).trim()
  const cause = /\nCaused by:\n((?: {2}.*\n)+)/.exec(text)?.[1]?.trim()
  const workDir = /\nWork dir:\n {2}(.+)/.exec(text)?.[1]?.trim()
  return {
    event: 'task-error',
    name: name.replace(/^'(.*)'$/s, '$1'),
    text: text.slice(0, MOST_ERROR_CHARACTERS),
    ...(cause === undefined ? {} : { cause }),
    ...(workDir === undefined || hashOfWorkDir(workDir) === undefined ? {} : { workDir }),
  }
}

function toForeignFile(text: string, pattern: RegExp): LogFact | undefined {
  const [, url, path] = pattern.exec(text) ?? []
  return url === undefined || path === undefined ? undefined : { event: 'foreign-file', url, path: path.trim() }
}

function toPublished(text: string): LogFact | undefined {
  const target = /'(\/.*)'\s*$/s.exec(text)?.[1]
  return target === undefined ? undefined : { event: 'published', target }
}

function toPublishFailure(text: string): LogFact | undefined {
  const [, from, target, mode] =
    /^Failed to publish file: (.+?); to: (.+?)(?: \[(\w+)\])?(?: -- .*)?$/s.exec(text) ?? []
  if (from === undefined || target === undefined) return undefined
  return { event: 'publish-failed', from, target, ...(mode === undefined ? {} : { mode }) }
}

function countsOf(text: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, name = '', value] of text.matchAll(/(\w+)Count=(\d{1,12})/g)) counts[name] = Number(value)
  return counts
}
