import type { Fact, RunFact, TransformFact } from '../fact/fact.ts'
import { endingOf } from './hash-artifacts.ts'
import { processRecorder } from './process-recorder.ts'
import type { Scope } from './scope.ts'
import { Touched } from './touched.ts'

/** A run of an engine that is watched from inside a worker. The engine's own record has the last word. */
export interface Observation {
  readonly scope: Scope & { readonly touched: Touched }
  /** Ends it with what is known now; `facts` come beside what was declared with `input()` and `output()`. */
  end(ended: Partial<RunFact>, facts: readonly Fact[]): void
}

/**
 * Begins to watch a run. `naturalKey` is what its uid was made of: it also names the version of what the run writes.
 * Throws only in strict mode.
 */
export function observe(
  run: RunFact,
  naturalKey: string,
  transform: TransformFact,
  parent: Scope | undefined,
): Observation {
  const { recorder, options } = processRecorder()
  const observed: RunFact = { ...run, evidence: 'observed' }
  const open = recorder.begin(observed, transform, parent)
  const touched = new Touched()
  return {
    scope: { uid: run.uid, key: run.key, name: run.name, engine: run.engine, transform, touched },
    end(ended, facts) {
      const ending = endingOf(run.uid, naturalKey, touched, options.hash)
      const better = ending.better?.then((declared) => [...declared, ...facts])
      recorder.end(open, { ...open.run, ...ended }, { facts: [...ending.facts, ...facts], better })
    },
  }
}

/** States what is known of a run that goes on elsewhere: it may be stated again and again. */
export function stateRun(run: RunFact, transform: TransformFact, parent: Scope | undefined): void {
  const { recorder } = processRecorder()
  const observed: RunFact = { ...run, evidence: 'observed' }
  recorder.end(recorder.begin(observed, transform, parent), observed, { facts: [] })
}

/** A run that is known by name only, as the parent of others. */
export function scopeOf(run: Omit<Scope, 'touched'>): Scope {
  return { ...run, touched: undefined }
}
