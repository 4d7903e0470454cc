/** What has power over a terminal or the direction of its text, and JSON itself leaves as it is: C1, DEL, bidi, line ends. */
const POWERFUL = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g

/** JSON of which nothing acts on a terminal that it is printed to: in names, such characters are written as escapes. */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  return text.search(POWERFUL) < 0 ? text : text.replace(POWERFUL, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
