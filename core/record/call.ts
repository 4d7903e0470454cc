import { hostname } from 'node:os'
import { runUid } from '../fact/uid.ts'
import type { Outcome } from '../fact/outcome.ts'
import type { RunFact, TransformFact } from '../fact/fact.ts'
import type { Json } from './canonical.ts'
import { endingOf } from './hash-artifacts.ts'
import { processRecorder } from './process-recorder.ts'
import type { ProcessRecorder } from './process-recorder.ts'
import type { OpenRun } from './recorder.ts'
import { currentScope } from './scope.ts'
import type { Scope } from './scope.ts'
import { Touched } from './touched.ts'

export const ENGINE = 'typescript'

/** A run that was begun and has to be ended exactly once; what comes after the first end is ignored. */
export interface Call {
  readonly scope: Scope & { readonly touched: Touched }
  readonly detect: boolean
  end(outcome: Outcome, error: unknown): void
}

export interface CallStart {
  readonly transform: TransformFact
  readonly name: string
  readonly params: Record<string, Json> | undefined
  readonly parent?: Scope | undefined
}

/** Begins a run under the one around it. */
export function beginCall(start: CallStart): Call {
  const own = processRecorder()
  const parent = start.parent ?? currentScope()
  const naturalKey = `${own.processUid}/${++own.calls}`
  const uid = runUid(ENGINE, naturalKey)
  const { transform, name } = start
  const run: RunFact = {
    kind: 'run',
    uid,
    transform: transform.uid,
    ...(parent === undefined ? {} : { parent: parent.uid }),
    engine: ENGINE,
    key: naturalKey,
    name,
    outcome: 'running',
    startedAt: new Date().toISOString(),
    ...(start.params === undefined ? {} : { params: start.params }),
    ...(parent === undefined ? topFields(own) : {}),
  }
  const touched = new Touched()
  const scope = { uid, key: naturalKey, name, engine: ENGINE, transform, touched }
  const open = own.recorder.begin(run, transform, parent)
  return {
    scope,
    detect: own.options.detect,
    end: once((outcome, error) => {
      endCall(own, open, touched, outcome, error)
    }),
  }
}

/** Machine and environment stand with the outermost run; those inside share them. */
function topFields(own: ProcessRecorder): Partial<RunFact> {
  return { engineVersion: `node ${process.versions.node}`, host: hostname(), environment: { ...own.environment } }
}

function endCall(own: ProcessRecorder, open: OpenRun, touched: Touched, outcome: Outcome, thrown: unknown): void {
  const { run } = open
  const error = outcome === 'succeeded' ? undefined : errorOf(thrown)
  const said = Object.fromEntries(touched.params)
  const ended: RunFact = {
    ...run,
    outcome,
    endedAt: new Date().toISOString(),
    ...(touched.params.size === 0 ? {} : { params: { ...run.params, ...said } }),
    ...(error === undefined ? {} : { error }),
  }
  const places = touched.inputs.size + touched.outputs.size
  own.recorder.end(open, ended, places === 0 ? NOTHING : endingOf(run.uid, run.key, touched, own.options.hash))
}

const NOTHING = { facts: [] } as const
const LONGEST_STACK = 8192

function errorOf(thrown: unknown): RunFact['error'] {
  if (!(thrown instanceof Error)) return { message: String(thrown).slice(0, LONGEST_STACK) }
  const { name, message, stack } = thrown
  return { type: name || 'Error', message, ...(stack === undefined ? {} : { stack: stack.slice(0, LONGEST_STACK) }) }
}

function once(end: (outcome: Outcome, error: unknown) => void): Call['end'] {
  let ended = false
  return (outcome, error) => {
    if (ended) return
    ended = true
    end(outcome, error)
  }
}
