import { type Drawable, type Shape, toShapes } from './picture.ts'

/** Mermaid flowchart source, piece by piece. Mermaid itself draws 500 arrows unless its `maxEdges` is raised. */
export async function* toMermaid(items: AsyncIterable<Drawable>): AsyncGenerator<string> {
  yield HEAD
  for await (const item of items) yield* toStatements(item)
  yield FOOT
}

/** The same of a list. */
export function* drawMermaid(items: Iterable<Drawable>): Generator<string> {
  yield HEAD
  for (const item of items) yield* toStatements(item)
  yield FOOT
}

const HEAD = 'flowchart LR\n'
const FOOT = `  classDef failed fill:#fecaca
  classDef aborted fill:#fecaca
  classDef cancelled fill:#fde68a
  classDef cached fill:#e0f2e9
  classDef skipped fill:#eeeeee
`
const CLASSES = new Set(['failed', 'aborted', 'cancelled', 'cached', 'skipped'])

function* toStatements(item: Drawable): Generator<string> {
  for (const shape of toShapes(item)) yield `  ${toStatement(shape)}\n`
}

function toStatement(shape: Shape): string {
  if (shape.shape === 'arrow') {
    const label = shape.label === '' ? '' : `|${quoteMermaid(shape.label)}|`
    return `n${shape.from} ${shape.isDirect ? '-->' : '-.->'}${label} n${shape.to}`
  }
  const label = quoteMermaid(shape.label)
  if (shape.shape === 'file') return `n${shape.uid}[${label}]`
  if (shape.shape === 'folder') return `n${shape.uid}[(${label})]`
  return `n${shape.uid}([${label}])${CLASSES.has(shape.look) ? `:::${shape.look}` : ''}`
}

/**
 * A quoted label that shows exactly this text. All but letters, digits and harmless marks become Mermaid's numbered
 * entities (`#34;`): quotes, brackets, backticks (Markdown), `<` (HTML) and `#` itself have a meaning inside quotes too.
 */
export function quoteMermaid(text: string): string {
  const escaped = text
    .toWellFormed()
    .replace(/\p{Cc}|[\u2028\u2029]/gu, '␣')
    .replace(/[^\p{L}\p{N} ._/,:=+␣…-]/gu, (character) => `#${String(character.codePointAt(0))};`)
  return `"${escaped}"`
}
