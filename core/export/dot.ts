import { POWERFUL_CHARACTERS } from '../fact/powerful-characters.ts'
import { type Drawable, type Shape, toShapes } from './picture.ts'

/** Outcomes that should be seen. */
const FILLS: Readonly<Record<string, string>> = {
  succeeded: '#dbeafe',
  cached: '#e0f2e9',
  failed: '#fecaca',
  aborted: '#fecaca',
  cancelled: '#fde68a',
  skipped: '#eeeeee',
}

const POWERFUL = new RegExp(POWERFUL_CHARACTERS, 'gu')

/** Graphviz source, piece by piece. */
export async function* toDot(items: AsyncIterable<Drawable>): AsyncGenerator<string> {
  yield HEAD
  for await (const item of items) yield* toStatements(item)
  yield '}\n'
}

/** The same of a list. */
export function* drawDot(items: Iterable<Drawable>): Generator<string> {
  yield HEAD
  for (const item of items) yield* toStatements(item)
  yield '}\n'
}

const HEAD = `digraph lineage {
  rankdir=LR
  node [fontname="sans-serif", fontsize=11, style=filled, fillcolor="#ffffff"]
  edge [fontname="sans-serif", fontsize=9, color="#666666"]
`

function* toStatements(item: Drawable): Generator<string> {
  for (const shape of toShapes(item)) yield `  ${toStatement(shape)}\n`
}

function toStatement(shape: Shape): string {
  if (shape.shape === 'arrow') {
    const label = shape.label === '' ? [] : [`label=${quoteDot(shape.label)}`]
    const look = [...label, ...(shape.isDirect ? [] : ['style=dashed'])].join(', ')
    return `${quoteDot(shape.from)} -> ${quoteDot(shape.to)}${look === '' ? '' : ` [${look}]`}`
  }
  const form = { run: 'box, style="filled,rounded"', file: 'note', folder: 'folder' }[shape.shape]
  const fill = shape.shape === 'run' ? `, fillcolor="${FILLS[shape.look] ?? '#ffffff'}"` : ''
  return `${quoteDot(shape.uid)} [shape=${form}, label=${quoteDot(shape.label)}, tooltip=${quoteDot(shape.tip)}${fill}]`
}

/**
 * A quoted string of the DOT language that shows exactly this text. Backslashes are doubled (`\N`, `\G`, `\l` would be
 * filled in by Graphviz), `&` and `<` are entities (Graphviz reads those in labels, and a page may embed the source),
 * control characters show as a box.
 */
export function quoteDot(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(POWERFUL, '␣')
  return `"${escaped}"`
}
