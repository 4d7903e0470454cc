import { AsyncLocalStorage } from 'node:async_hooks'
import type { RunUid, TransformUid } from '../fact/uid.ts'
import type { TransformFact } from '../fact/fact.ts'
import type { Touched } from './touched.ts'

/** A run that is being recorded: what `input()`, `output()` and nested calls attach to. */
export interface Scope {
  readonly uid: RunUid
  readonly key: string
  readonly name: string
  readonly engine: string
  readonly transform: { readonly uid: TransformUid; readonly name: string; readonly type: TransformFact['type'] }
  /** Declared while the run goes on. `undefined` in a scope taken over from another process: it only parents. */
  readonly touched: Touched | undefined
}

const storage = new AsyncLocalStorage<Scope | undefined>()
let inherited: Scope | undefined

/** The run around the running code, if any; in a child process or worker thread, the one it was started under. */
export function currentScope(): Scope | undefined {
  return storage.getStore() ?? inherited
}

/** Runs `work` so that calls and artifacts inside it, also after awaits, belong to `scope`. */
export function withScope<T>(scope: Scope, work: () => T): T {
  return storage.run(scope, work)
}

/** The run that all top-level calls of this process belong to, taken over from the process that started it. */
export function inheritScope(scope: Scope | undefined): void {
  inherited = scope
}
