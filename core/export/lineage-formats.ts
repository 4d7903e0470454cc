import type { Lineage } from '../query/view.ts'
import { drawDot } from './dot.ts'
import { drawMermaid } from './mermaid.ts'

/** A lineage as a picture's source. */
export function formatLineage(lineage: Lineage, format: 'dot' | 'mermaid'): string {
  const items = [...lineage.nodes, ...lineage.edges]
  return [...(format === 'dot' ? drawDot(items) : drawMermaid(items))].join('')
}
