import { POWERFUL_CHARACTERS } from './powerful-characters.ts'

/** Those below a space JSON escapes itself. */
const POWERFUL = new RegExp(`(?![\\0-\\x1F])${POWERFUL_CHARACTERS}`, 'gu')

/** JSON of which nothing acts on a terminal that it is printed to: in names, such characters are written as escapes. */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  return text.search(POWERFUL) < 0 ? text : text.replace(POWERFUL, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
