import { findMonth } from '../month.ts'
import type { RunRecord } from '../records.ts'
import { parseDuration } from '../trace/duration.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
  '#34': '"',
}

/**
 * The run as the visible part of a report tells it: from the heading to the plots. The parts that are there and their
 * order differ by version, so each is found by its label.
 */
export function readPageFacts(html: string, record: RunRecord): void {
  readHeading(html, record)
  readAlert(html, record)
  readTimes(html, record)
  readCounts(html, record)
  for (const [label, value] of definitionsOf(html)) readDefinition(label, value, record)
}

function readHeading(html: string, record: RunRecord): void {
  const name = /<samp>\[([\w-]{1,256})\]<\/samp>/.exec(html)?.[1]
  if (name === undefined) return
  record.runName = name
  record.resumed = html.includes('<em>(resumed run)</em>')
}

function readAlert(html: string, record: RunRecord): void {
  if (html.includes('alert-success')) record.end = 'succeeded'
  if (!html.includes('alert-danger')) return
  record.end = 'failed'
  const status = /workflow execution to fail was: <code>(\d{1,10})<\/code>/.exec(html)?.[1]
  if (status !== undefined) record.exitStatus = Number(status)
  const message = between(html, '<p>The full error message was:</p>', '</pre>')
  if (message !== undefined) record.errorMessage = decode(message.slice(message.indexOf('<pre>') + 5))
}

function readTimes(html: string, record: RunRecord): void {
  const start = parseReportDate(between(html, '<span id="workflow_start">', '</span>') ?? '')
  const complete = parseReportDate(between(html, '<span id="workflow_complete">', '</span>') ?? '')
  const duration = parseDuration(/duration: <strong>([^<]{1,64})<\/strong>/.exec(html)?.[1] ?? '')
  if (start !== undefined) record.startMs = start
  if (complete !== undefined) record.completeMs = complete
  if (start !== undefined || complete !== undefined) record.timesAreLocal = true
  if (duration !== undefined) record.durationMs = duration
}

/** `24-Nov-2026 07:20:50`, the month in the machine's language. */
function parseReportDate(text: string): number | undefined {
  const [, day, name = '', year, hour, minute, second] =
    /^(\d{1,2})-(\S{1,8})-(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(text.trim()) ?? []
  const month = findMonth(name)
  if (month === undefined) return undefined
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
}

function readCounts(html: string, record: RunRecord): void {
  const counts: NonNullable<RunRecord['counts']> = {}
  for (const [, number, word] of html.matchAll(/&nbsp; (\d{1,9}) (succeeded|cached|ignored|failed)\b/g)) {
    if (word === 'succeeded' || word === 'cached' || word === 'ignored' || word === 'failed')
      counts[word] = Number(number)
  }
  const retries = /failed \((\d{1,9}) retries\)/.exec(html)?.[1]
  if (retries !== undefined) counts.retries = Number(retries)
  if (Object.keys(counts).length > 0) record.counts = counts
}

function readDefinition(label: string, value: string, record: RunRecord): void {
  const field = FIELDS.get(label)
  if (field !== undefined) record[field] = value
  if (label === 'Nextflow version') readVersion(value, record)
  if (label === 'Workflow repository') readRepository(value, record)
  const property = MANIFEST.get(label)
  if (property !== undefined) record.manifest = { ...record.manifest, [property]: value }
}

const FIELDS: ReadonlyMap<
  string,
  | 'commandLine'
  | 'launchDir'
  | 'workDir'
  | 'projectDir'
  | 'scriptName'
  | 'scriptId'
  | 'sessionId'
  | 'profile'
  | 'container'
  | 'containerEngine'
> = new Map([
  ['Nextflow command', 'commandLine'],
  ['Launch directory', 'launchDir'],
  ['Work directory', 'workDir'],
  ['Project directory', 'projectDir'],
  ['Script name', 'scriptName'],
  ['Script ID', 'scriptId'],
  ['Workflow session', 'sessionId'],
  ['Workflow profile', 'profile'],
  ['Workflow container', 'container'],
  ['Container engine', 'containerEngine'],
] as const)

const MANIFEST = new Map([
  ['Workflow name', 'name'],
  ['Workflow version', 'version'],
  ['Workflow description', 'description'],
  ['Workflow author', 'author'],
  ['Workflow home page', 'homePage'],
  ['Workflow DOI', 'doi'],
])

function readVersion(value: string, record: RunRecord): void {
  const [, version, build] = /^version (\S{1,64}?),? build (\S{1,64})/.exec(value) ?? []
  if (version !== undefined) record.engineVersion = version
  if (build !== undefined) record.engineBuild = build
}

/** `https://github.com/nf-core/rnaseq, revision 3.14.0 (commit hash <40 hex>)`. */
function readRepository(value: string, record: RunRecord): void {
  const revisionAt = value.indexOf(', revision ')
  record.repository = (revisionAt < 0 ? value : value.slice(0, revisionAt)).trim()
  const commit = /\(commit hash ([0-9a-f]{7,40})\)/.exec(value)?.[1]
  if (commit !== undefined) record.commitId = commit
  if (revisionAt < 0) return
  record.revision = value
    .slice(revisionAt + ', revision '.length)
    .replace(/ ?\(commit hash .*$/s, '')
    .trim()
}

/** Pairs of `<dt>` and `<dd>`, with tags taken off; each step goes forward only, so the time is linear. */
function* definitionsOf(html: string): Iterable<readonly [string, string]> {
  let at = 0
  for (;;) {
    const label = takeElement(html, at, 'dt')
    const value = label === undefined ? undefined : takeElement(html, label.next, 'dd')
    if (label === undefined || value === undefined) return
    at = value.next
    yield [plain(label.content), plain(value.content)]
  }
}

function takeElement(html: string, from: number, tag: string): { content: string; next: number } | undefined {
  const open = html.indexOf(`<${tag}`, from)
  const start = open < 0 ? -1 : html.indexOf('>', open)
  const end = start < 0 ? -1 : html.indexOf(`</${tag}>`, start)
  return end < 0 ? undefined : { content: html.slice(start + 1, end), next: end }
}

function between(html: string, before: string, after: string): string | undefined {
  const at = html.indexOf(before)
  const end = at < 0 ? -1 : html.indexOf(after, at + before.length)
  return end < 0 ? undefined : html.slice(at + before.length, end)
}

function plain(html: string): string {
  return decode(html.replace(/<[^<>]{0,2048}>/g, '')).trim()
}

function decode(text: string): string {
  return text.replace(/&(\w{2,6}|#\d{2,3});/g, (all, name: string) => ENTITIES[name] ?? all)
}
