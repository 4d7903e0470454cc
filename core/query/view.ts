import type { z } from 'zod'
import type {
  AmbiguousFact,
  ArtifactFact,
  ConsumedFact,
  CopiedFact,
  ProducedFact,
  RunFact,
  TransformFact,
} from '../fact/fact.ts'
import type { Outcome } from '../fact/outcome.ts'

/** Nodes and edges as the export writes them; edges in one list. */
export type LineageNode = ArtifactFact | RunFact
export type LineageEdge = ConsumedFact | ProducedFact | CopiedFact
export type Thing = TransformFact | RunFact | ArtifactFact
export type Direction = 'up' | 'down' | 'both'

export interface LineageOptions {
  readonly direction: Direction
  /** Steps (run to artifact to run = 2) from the root; absent = all. */
  readonly depth?: number
  /** Most nodes to return. */
  readonly limit: number
}

export interface Lineage {
  readonly root: string
  readonly direction: Direction
  /** The root first, then by distance. */
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  readonly truncated: boolean
  readonly ambiguous: readonly AmbiguousFact[]
}

/** Filters of the lists; all given ones must hold. `limit` rows after `after` (the last uid of the page before). */
export interface Page {
  readonly limit: number
  readonly after?: string
}
export interface RunFilter extends Page {
  readonly engine?: string
  readonly outcome?: Outcome
  readonly transform?: string
  readonly since?: Date
  readonly until?: Date
  /** Parameter name and value as text. */
  readonly param?: { readonly name: string; readonly value: string }
  /** Only executions of an engine (runs without parent). */
  readonly top?: boolean
  readonly parent?: string
}
export interface ArtifactFilter extends Page {
  readonly extension?: string
  readonly type?: ArtifactFact['type']
  readonly under?: string
  readonly digest?: string
  readonly since?: Date
  readonly until?: Date
}
export interface TransformFilter extends Page {
  readonly engine?: string
  readonly type?: TransformFact['type']
  readonly name?: string
}

/** What `resolve` made of a `<thing>`: one, several to choose from, or none with near names. */
export type Resolution =
  | {
      readonly found: 'one'
      readonly thing: Thing
      /** Versions of the same place, newest first, when older ones exist. */ readonly versions: readonly ArtifactFact[]
    }
  | { readonly found: 'several'; readonly candidates: readonly Thing[] }
  | { readonly found: 'none'; readonly near: readonly string[] }

export type Json = z.infer<ReturnType<typeof z.json>>
