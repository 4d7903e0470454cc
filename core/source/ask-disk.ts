import type { Answer } from './answer.ts'

/** Slower than this on average and the disk is far away: then many questions at once are better than one after another. */
const PROMPT_MS = 0.3
/** One answer counts for so much at most: the machine may have been busy with something else. */
const SLOWEST_MS = 2
const ANSWERS_IN_AVERAGE = 32
/** So many questions are asked beside the main thread before it is tried again. */
const QUESTIONS_BESIDE = 500

let beside = 0
let averageMs = 0

/**
 * Asks the file system, by the main thread itself while the answers come at once (from memory they do, at a tenth of
 * what a turn of the thread pool costs), else beside it, so that several questions wait together.
 */
export function askDisk<T>(atOnce: () => T, besideThread: () => Promise<T>): Answer<T> {
  if (beside > 0) {
    beside--
    return later(besideThread)
  }
  const began = performance.now()
  try {
    return atOnce()
  } finally {
    note(performance.now() - began)
  }
}

/** A promise of our own realm: those of the file system are not in programs with several (test runners). */
async function later<T>(ask: () => Promise<T>): Promise<T> {
  return ask()
}

function note(tookMs: number): void {
  averageMs += (Math.min(tookMs, SLOWEST_MS) - averageMs) / ANSWERS_IN_AVERAGE
  if (averageMs <= PROMPT_MS) return
  beside = QUESTIONS_BESIDE
  averageMs = 0
}
