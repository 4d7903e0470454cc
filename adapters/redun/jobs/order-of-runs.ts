import { Marks } from './marks.ts'
import type { Reuses } from './reuses.ts'
import type { Step } from './step.ts'
import type { Steps } from './steps.ts'

/**
 * All steps, each after its parent and after the run that it reuses, in pages. The command of a script follows it
 * at once: it reads what the script was given.
 */
export function* pagesInOrder(steps: Steps, reuses: Reuses, size: number): Iterable<readonly Step[]> {
  let page: Step[] = []
  for (const step of inOrder(steps, reuses)) {
    page.push(step)
    if (page.length < size || step.command !== undefined) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

function* inOrder(steps: Steps, reuses: Reuses): Iterable<Step> {
  const done = new Marks(steps.count)
  for (const page of steps.pages()) {
    for (const first of page) {
      if (done.has(first.place)) continue
      const open = [first]
      const waiting = new Set<number>()
      for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
        const before = done.has(step.place) ? undefined : missing(step, reuses, done, waiting)
        waiting.add(step.place)
        if (before !== undefined) {
          open.push(before)
          continue
        }
        open.pop()
        if (done.has(step.place)) continue
        done.add(step.place)
        yield step
        const command = steps.commandOf(step)
        if (command !== undefined) open.push(command)
      }
    }
  }
}

/** What has to come before a step. */
function missing(step: Step, reuses: Reuses, done: Marks, waiting: ReadonlySet<number>): Step | undefined {
  const isMissing = (other: Step | undefined): other is Step => other !== undefined && !done.has(other.place) && !waiting.has(other.place) // prettier-ignore
  if (isMissing(step.parent)) return step.parent
  const reused = reuses.of(step)?.step
  return isMissing(reused) ? reused : undefined
}
