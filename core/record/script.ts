import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transformUid } from '../fact/uid.ts'
import type { TransformFact } from '../fact/fact.ts'
import { beginCall, ENGINE } from './call.ts'
import type { Call } from './call.ts'
import { callSite } from './code-identity.ts'
import { paramsOf } from './params.ts'
import { processRecorder } from './process-recorder.ts'
import { withScope } from './scope.ts'
import { watchResult } from './watch-result.ts'

export interface RunOptions {
  /** Kept with the run. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly version?: string
}

/**
 * Runs a whole script as one recorded run; steps and tracked calls inside belong to it.
 *
 * @example
 * await run('nightly qc', async () => {
 *   await step('trim', () => trim(input('s1.fq'), output('s1.trimmed.fq')))
 * })
 */
export function run<T>(name: string, work: () => T, options: RunOptions = {}): T {
  return record('script', name, work, options)
}

/** Runs a part of a script as a step of its own. */
export function step<T>(name: string, work: () => T, options: RunOptions = {}): T {
  return record('task', name, work, options)
}

function record<T>(type: 'script' | 'task', name: string, work: () => T, options: RunOptions): T {
  const call = begin(transformOf(type, name, work, options), name, options)
  if (call === undefined) return work()
  let result: T
  try {
    result = withScope(call.scope, work)
  } catch (error) {
    call.end('failed', error)
    throw error
  }
  const watched = watchResult(result, call, () => undefined)
  return isSame(watched, result) ? watched : result
}

/** `watchResult` gives back the same kind of thing. */
function isSame<T>(watched: unknown, result: T): watched is T {
  return typeof watched === typeof result
}

function begin(transform: TransformFact, name: string, options: RunOptions): Call | undefined {
  try {
    const params =
      options.params === undefined ? undefined : paramsOf(Object.keys(options.params), Object.values(options.params))
    return beginCall({ transform, name, params })
  } catch (error) {
    if (processRecorder().options.strict) throw error
    process.emitWarning(`"${name}" was not recorded: ${String(error)}`, 'StemmaWarning')
    return undefined
  }
}

function transformOf(type: 'script' | 'task', name: string, work: () => unknown, options: RunOptions): TransformFact {
  const site = callSite()
  const source = (type === 'script' && site !== undefined ? fileText(site.path) : undefined) ?? String(work)
  const digest = createHash('sha256').update(source).digest('hex')
  const version = options.version ?? digest.slice(0, 12)
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `${type}:${name}`, version),
    name,
    type,
    engine: ENGINE,
    version,
    sourceDigest: { algorithm: 'sha256', value: digest, scope: 'full', evidence: 'observed' },
    ...(site === undefined ? {} : { sourcePath: site.path }),
  }
}

function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // bundled: the function's own text stands in
  }
}
