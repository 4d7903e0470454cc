/**
 * Works on several items at once and gives the results in the order of the items: look-ups in files wait for the disk
 * most of the time. At most `ahead` items wait; what is there at once goes on with its portion.
 */
export async function* inOrder<T, R extends object>(
  portions: AsyncIterable<readonly T[]>,
  ahead: number,
  work: (item: T) => R | Promise<R>,
): AsyncIterable<readonly R[]> {
  const waiting: Promise<R>[] = []
  let ready: R[] = []
  try {
    for await (const portion of portions) {
      for (const item of portion) {
        const result = work(item)
        if (!(result instanceof Promise) && waiting.length === 0) ready.push(result)
        else waiting.push(held(result))
        const first = waiting.length < ahead ? undefined : waiting.shift()
        if (first === undefined) continue
        ready.push(await first)
        if (ready.length < ahead) continue
        yield ready
        ready = []
      }
      if (ready.length > 0) yield ready
      ready = []
    }
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) yield [await first]
  } finally {
    await Promise.allSettled(waiting)
  }
}

/** It is awaited later; until then a rejection is not unhandled. */
function held<R>(result: R | Promise<R>): Promise<R> {
  const promise = Promise.resolve(result)
  promise.catch(() => undefined)
  return promise
}
