/** Recording never fails the work: what goes wrong here is warned of, once for each message. */
export function quietly(record: () => void): void {
  try {
    record()
  } catch (error) {
    warnOnce(error instanceof Error ? error.message : String(error))
  }
}

const told = new Set<string>()
const MOST_TOLD = 100

export function warnOnce(message: string): void {
  if (told.has(message) || told.size >= MOST_TOLD) return
  told.add(message)
  process.emitWarning(message, 'StemmaWarning')
}
