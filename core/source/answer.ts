/** What is known at once, or later. `await` takes both; who asks a million times looks first whether to wait. */
export type Answer<T> = T | Promise<T>

/** Goes on with an answer, without a turn of the event loop where it is there. */
export function goOn<T, R>(answer: Answer<T>, next: (value: T) => Answer<R>): Answer<R> {
  return answer instanceof Promise ? answer.then(next) : next(answer)
}

/** All answers, in order. */
export function allOf<T>(answers: readonly Answer<T>[]): Answer<readonly T[]> {
  const there: T[] = []
  for (const answer of answers) {
    if (answer instanceof Promise) return Promise.all(answers)
    there.push(answer)
  }
  return there
}
