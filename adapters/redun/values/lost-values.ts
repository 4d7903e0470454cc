const MOST_COUNTED = 10_000

/** Values whose bytes are not to be had or make no sense, each counted once. */
export class LostValues {
  private readonly missing = new Set<string>()
  private readonly damaged = new Set<string>()

  /** redun wrote the bytes beside the database, and they are not there. */
  addMissing(valueHash: string): void {
    if (this.missing.size < MOST_COUNTED) this.missing.add(valueHash)
  }

  /** The pickle breaks off or holds what no pickle of redun's does. */
  addDamaged(valueHash: string): void {
    if (this.damaged.size < MOST_COUNTED) this.damaged.add(valueHash)
  }

  /** What was lost, one line a kind. */
  lines(): readonly (readonly [code: string, message: string])[] {
    const lines: (readonly [string, string])[] = []
    if (this.missing.size > 0)
      lines.push(['redun.values-missing', `${count(this.missing)} values lie in a value store that was not found or lacks them: they are shown by their type`]) // prettier-ignore
    if (this.damaged.size > 0)
      lines.push(['redun.values-damaged', `${count(this.damaged)} values cannot be decoded: they are shown by their type`]) // prettier-ignore
    return lines
  }
}

function count({ size }: ReadonlySet<string>): string {
  return size < MOST_COUNTED ? String(size) : `${String(MOST_COUNTED)} or more`
}
