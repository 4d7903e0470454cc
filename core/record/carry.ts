import { z } from 'zod'
import { transformTypes } from '../fact/fact.ts'
import { RunUid, TransformUid } from '../fact/uid.ts'
import { currentScope, inheritScope, withScope } from './scope.ts'
import type { Scope } from './scope.ts'

/** A running step in short: plain JSON, to be sent to a worker thread or another process. */
const Carried = z.object({
  uid: RunUid,
  key: z.string(),
  name: z.string(),
  engine: z.string(),
  transform: z.object({ uid: TransformUid, name: z.string(), type: z.enum(transformTypes) }),
})
export type CarriedRun = z.infer<typeof Carried>

const VARIABLE = 'STEMMA_PARENT'

/** The running step, to be handed to `continueIn` on another thread or in another process; `undefined` outside of any. */
export function carry(): CarriedRun | undefined {
  const scope = currentScope()
  if (scope === undefined) return undefined
  const { uid, key, name, engine, transform } = scope
  const { uid: transformUid, name: transformName, type } = transform
  return { uid, key, name, engine, transform: { uid: transformUid, name: transformName, type } }
}

/** Runs `work` as part of a step of another thread or process: what is recorded inside belongs to that step. */
export function continueIn<T>(carried: CarriedRun | undefined, work: () => T): T {
  return carried === undefined ? work() : withScope(toScope(carried), work)
}

/** Environment for a child process, so that all that it records belongs to the running step. */
export function carryEnv(): Record<string, string> {
  const carried = carry()
  return carried === undefined ? {} : { [VARIABLE]: JSON.stringify(carried) }
}

/** Takes over the step that this process was started under, if any. */
export function takeOver(environment: Readonly<Record<string, string | undefined>>): void {
  const text = environment[VARIABLE]
  if (text === undefined || text.length > 100_000) return
  try {
    inheritScope(toScope(Carried.parse(JSON.parse(text))))
  } catch {
    process.emitWarning(`${VARIABLE} is not understood: this process records on its own`, 'StemmaWarning')
  }
}

/** The step that some text or value carries; `undefined` for anything else. */
export function parseCarried(carried: unknown): Scope | undefined {
  const parsed = Carried.safeParse(carried)
  return parsed.success ? { ...parsed.data, touched: undefined } : undefined
}

function toScope(carried: CarriedRun): Scope {
  return { ...Carried.parse(carried), touched: undefined }
}
