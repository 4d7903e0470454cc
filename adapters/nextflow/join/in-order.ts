/**
 * Works on several items at once and gives the results in the order of the items: look-ups in files wait for the disk
 * most of the time. At most `ahead` items are held.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncIterable<R> {
  const waiting: Promise<R>[] = []
  try {
    for await (const item of items) {
      const result = work(item)
      result.catch(() => undefined) // it is awaited below; until then a rejection is not unhandled
      waiting.push(result)
      if (waiting.length < ahead) continue
      const first = waiting.shift()
      if (first !== undefined) yield await first
    }
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) yield await first
  } finally {
    await Promise.allSettled(waiting)
  }
}
