import type { GapFact } from '../../core/adapter.ts'

/** A gap: what is missing or damaged, and where. `code` without the engine's prefix. */
export function gap(code: string, place: string, message: string): GapFact {
  return { kind: 'gap', code: `snakemake.${code}`, place: bound(place), message: bound(message) }
}

const MOST_CHARACTERS = 4000

function bound(text: string): string {
  const whole = text.toWellFormed()
  return whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS)}…` : whole
}
