import { setParam, toParamValue } from './param-value.ts'
import { splitShellWords } from './shell-words.ts'

/** A `nextflow run` command, taken apart. Paths are as typed: relative to the launch folder. */
export interface CommandLine {
  /** Script, or `owner/repository`. */
  readonly project?: string
  readonly params: Record<string, unknown>
  readonly paramsFiles: string[]
  readonly configFiles: string[]
  readonly profiles: string[]
  readonly revision?: string
  readonly runName?: string
  /** `true`: the last session; else a session id or run name. */
  readonly resume?: string | true
  readonly workDir?: string
  readonly outputDir?: string
  readonly entry?: string
  readonly mainScript?: string
  readonly logFile?: string
  /** Files that were asked for; `true`: with the default name. */
  readonly trace?: string | true
  readonly report?: string | true
  readonly timeline?: string | true
  readonly dag?: string | true
  readonly stub?: true
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type TextKey = 'revision' | 'runName' | 'workDir' | 'outputDir' | 'entry' | 'mainScript' | 'logFile'
type FileKey = 'trace' | 'report' | 'timeline' | 'dag'

const TEXTS: ReadonlyMap<string, TextKey> = new Map([
  ['-r', 'revision'], ['-revision', 'revision'], ['-name', 'runName'], ['-w', 'workDir'], ['-work-dir', 'workDir'],
  ['-o', 'outputDir'], ['-output-dir', 'outputDir'], ['-entry', 'entry'], ['-main-script', 'mainScript'], ['-log', 'logFile'],
]) // prettier-ignore
const FILES: ReadonlyMap<string, FileKey> = new Map([
  ['-with-trace', 'trace'], ['-with-report', 'report'], ['-with-timeline', 'timeline'], ['-with-dag', 'dag'],
]) // prettier-ignore
const LISTS: ReadonlyMap<string, 'paramsFiles' | 'configFiles' | 'profiles'> = new Map([
  ['-params-file', 'paramsFiles'], ['-c', 'configFiles'], ['-C', 'configFiles'], ['-config', 'configFiles'],
  ['-profile', 'profiles'],
]) // prettier-ignore
/** Options whose value may be left out. */
const OPTIONAL = new Set(
  'drmaa docker podman singularity apptainer charliecloud conda spack weblog tower wave fusion notification cloudcache'
    .split(' ')
    .map((name) => `-with-${name}`)
    .concat(['-N', '-ansi-log', '-test', '-dump-channels', '-dump-hashes']),
)
/** Options with a value that is of no use here. */
const VALUED = new Set(
  '-bucket-dir -qs -queue-size -ps -pool-size -pi -poll-interval -cache -lib -hub -user -plugins -bg-file -d -deep -syslog -trace'.split(
    ' ',
  ),
)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Takes a command line apart, as history, log and reports hold it. Unknown options are passed over. */
export function parseCommandLine(command: string): CommandLine {
  const found: Mutable<CommandLine> = { params: {}, paramsFiles: [], configFiles: [], profiles: [] }
  const words = splitShellWords(command)
  let hasVerb = false
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1]
    if (word.startsWith('--')) at += readParam(found, word.slice(2), next)
    else if (word.startsWith('-')) at += readOption(found, word, next)
    else if (!hasVerb) hasVerb = word === 'run' || word.endsWith('.nf')
    else found.project ??= word
    if (hasVerb && word.endsWith('.nf')) found.project ??= word
  }
  return found
}

/** @returns how many more words were used */
function readParam(found: CommandLine, text: string, next: string | undefined): number {
  const equals = text.indexOf('=')
  if (text === '') return 0
  if (equals > 0) {
    setParam(found.params, text.slice(0, equals), toParamValue(text.slice(equals + 1)))
    return 0
  }
  const hasValue = next !== undefined && (!next.startsWith('-') || /^-\d/.test(next))
  setParam(found.params, text, hasValue ? toParamValue(next) : true)
  return hasValue ? 1 : 0
}

function readOption(found: Mutable<CommandLine>, word: string, next: string | undefined): number {
  const text = TEXTS.get(word)
  const file = FILES.get(word)
  const list = LISTS.get(word)
  const hasNext = next !== undefined && !next.startsWith('-')
  if (word === '-resume') {
    const isSession = hasNext && (next === 'last' || UUID.test(next))
    found.resume = isSession && next !== 'last' ? next : true
    return isSession ? 1 : 0
  }
  if (word === '-stub' || word === '-stub-run') found.stub = true
  if (file !== undefined) found[file] = hasNext ? next : true
  if (next === undefined) return 0
  if (text !== undefined) found[text] = next
  if (list !== undefined) found[list].push(...(list === 'paramsFiles' ? [next] : next.split(',')))
  if (text !== undefined || list !== undefined || VALUED.has(word)) return 1
  return hasNext && (file !== undefined || OPTIONAL.has(word)) ? 1 : 0
}
