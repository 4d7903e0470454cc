import type { GapFact } from '../../../core/adapter.ts'
import type { Place } from '../find/places.ts'
import type { ReadGap } from '../records.ts'

/** Most gaps of one code that an import tells one by one. */
const MOST_OF_A_CODE = 200

/** Gaps on their way from where they are found to the stream of facts. */
export class GapBox {
  readonly #counts = new Map<string, number>()
  readonly #unreadable = new Set<string>()
  #waiting: GapFact[] = []

  add(gap: ReadGap): void {
    this.say(gap.code, gap.place, gap.message)
  }

  say(code: string, place: string, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count <= MOST_OF_A_CODE) this.#waiting.push({ kind: 'gap', code, place, message })
  }

  /** A file that cannot be read: told once, whoever finds it out. */
  unreadable(place: string, message: string): void {
    if (this.#unreadable.has(place)) return
    this.#unreadable.add(place)
    this.say('source.unreadable', place, message)
  }

  /** What came since the last call. */
  take(): GapFact[] {
    if (this.#waiting.length === 0) return []
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }

  /** How many of each code were left out. */
  finish(): GapFact[] {
    for (const [code, count] of this.#counts) {
      if (count <= MOST_OF_A_CODE) continue
      this.#waiting.push({ kind: 'gap', code, place: '', message: `${count - MOST_OF_A_CODE} more of the same` })
    }
    this.#counts.clear()
    return this.take()
  }
}

/** What cannot be read at all is one gap; the other sources go on. */
export async function guarded(gaps: GapBox, place: Place, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    gaps.unreadable(place.path, message)
  }
}
