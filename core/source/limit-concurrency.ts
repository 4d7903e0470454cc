/** Runs what it is given, at most `most` at a time and in order of asking. */
export function limitConcurrency(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= most) await new Promise<void>((resume) => waiting.push(resume))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift() // its place passes on to the next in line
      if (next === undefined) running--
      else next()
    }
  }
}
