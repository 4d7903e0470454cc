import type { Evidence } from '../fact/evidence.ts'
import type {
  AmbiguousFact,
  ArtifactFact,
  ConsumedFact,
  CopiedFact,
  GapFact,
  ProducedFact,
  RunFact,
  TransformFact,
} from '../fact/fact.ts'
import type { Outcome } from '../fact/outcome.ts'

export type Thing = TransformFact | RunFact | ArtifactFact
export type Direction = 'up' | 'down' | 'both'

/**
 * A file lies in a folder and one of the two was made by a run: the bytes of `to` are (part of) those of `from`.
 * Only asked for where the engine named one and not the other, never stored.
 */
export interface ContainedEdge {
  readonly kind: 'contained'
  readonly from: string
  readonly to: string
  readonly evidence: Evidence
  readonly method: string
}

/** Nodes and edges as the export writes them. */
export type LineageNode = ArtifactFact | RunFact
export type LineageEdge = ConsumedFact | ProducedFact | CopiedFact | ContainedEdge

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
  /** The root first, then by distance, then by uid. */
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  /** There is more than the depth or the limit allowed. */
  readonly truncated: boolean
  readonly ambiguous: readonly AmbiguousFact[]
}

/** A cached run (`to`) and the run whose bytes it reused; in a lineage the run itself says so. */
export interface ReusedEdge {
  readonly kind: 'reused'
  readonly from: string
  readonly to: string
}

/** The shortest connection of two things; nodes in walking order, and the edge between each and the next. */
export interface Connection {
  readonly from: string
  readonly to: string
  /** `down`: `to` was made from `from`. `up`: the other way round. `both`: they only meet in a third thing. */
  readonly direction: Direction
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly (LineageEdge | ReusedEdge)[]
}

/** `limit` rows after `after` (the uid that ended the page before). */
export interface Page {
  readonly limit: number
  readonly after?: string
}

/** A label, or what a label has of this name in it (a tag); without a value: whatever it says. */
export interface LabelFilter {
  readonly name: string
  readonly value?: string
}

/** Filters of the lists; all given ones must hold. */
export interface RunFilter {
  readonly engine?: string
  readonly outcome?: Outcome
  /** Name of the transform or its last part (`ALIGN` for `MAP:ALIGN`), or its uid, or eight characters of it and more. */
  readonly transform?: string
  /** Started at or after. */
  readonly since?: Date
  /** Started before. */
  readonly until?: Date
  /** Parameter name and value as text. */
  readonly param?: { readonly name: string; readonly value: string }
  /** All of these. */
  readonly labels?: readonly LabelFilter[]
  /** `true`: only executions of an engine (runs that no run started). */
  readonly top?: boolean
  readonly parent?: string
}
export interface ArtifactFilter {
  /** Without the dot, as in the last part of the name: `bam`, `gz`. */
  readonly extension?: string
  readonly type?: ArtifactFact['type']
  /** Absolute path or uri of a folder. */
  readonly under?: string
  /** Value of a digest, whole. */
  readonly digest?: string
  /** Modified at or after. */
  readonly since?: Date
  /** Modified before. */
  readonly until?: Date
}
export interface TransformFilter {
  readonly engine?: string
  readonly type?: TransformFact['type']
  readonly name?: string
}

/** The first of many, and how many there are. */
export interface Some<T> {
  readonly items: readonly T[]
  readonly total: number
}

/** How the words typed were understood. */
export type MatchedBy =
  | 'uid'
  | 'uri'
  | 'path'
  | 'content'
  | 'key'
  | 'name'
  | 'digest'
  | 'uid-prefix'
  | 'key-prefix'
  | 'digest-prefix'
  | 'label-prefix'
  | 'path-tail'
  | 'folder'

/**
 * What lies at an artifact's place today: `matches` the version answered for, `differs` from every known version, is
 * `gone`, or cannot be told (`unknown`: not a local file, or no size, time or digest to compare).
 */
export type OnDisk = 'matches' | 'differs' | 'gone' | 'unknown'

/** What `resolve` made of a `<thing>`: one, several to choose from, or none with near names. */
export type Resolution =
  | {
      readonly found: 'one'
      readonly thing: Thing
      readonly by: MatchedBy
      /** Every version of the same place, newest first; empty when there is only one. */
      readonly versions: readonly ArtifactFact[]
      readonly onDisk: OnDisk
      /** Where the file lies today, when its folder has moved since. */
      readonly now?: string
    }
  | {
      readonly found: 'several'
      readonly by: MatchedBy
      readonly candidates: readonly Thing[]
      /** There are more than these. */
      readonly truncated: boolean
    }
  | { readonly found: 'none'; readonly near: readonly string[] }

/** An edge with the thing at its other end. */
export interface ConsumedArtifact {
  readonly edge: ConsumedFact
  readonly artifact: ArtifactFact
}
export interface ProducedArtifact {
  readonly edge: ProducedFact
  readonly artifact: ArtifactFact
}
export interface ConsumingRun {
  readonly edge: ConsumedFact
  readonly run: RunFact
}
export interface ProducingRun {
  readonly edge: ProducedFact
  readonly run: RunFact
}
export interface CopiedArtifact {
  readonly edge: CopiedFact
  readonly artifact: ArtifactFact
}

/** Everything that is known of one thing. */
export interface RunDetail {
  readonly kind: 'run'
  readonly thing: RunFact
  readonly transform: TransformFact
  readonly parent?: RunFact
  /** The run whose bytes this cached run reused. */
  readonly reuses?: RunFact
  readonly reusedBy: Some<RunFact>
  readonly consumed: Some<ConsumedArtifact>
  readonly produced: Some<ProducedArtifact>
  readonly children: { readonly total: number; readonly byOutcome: Readonly<Partial<Record<Outcome, number>>> }
  readonly ambiguous: readonly AmbiguousFact[]
  readonly imports: readonly ImportView[]
  /** Of the imports that brought the execution. */
  readonly gaps: Some<GapFact>
}
export interface ArtifactDetail {
  readonly kind: 'artifact'
  readonly thing: ArtifactFact
  readonly producedBy: Some<ProducingRun>
  readonly consumedBy: Some<ConsumingRun>
  readonly copiedFrom: Some<CopiedArtifact>
  readonly copiedTo: Some<CopiedArtifact>
  /** Every version of the same place, newest first, this one among them. */
  readonly versions: readonly ArtifactFact[]
  /** Other places with a digest of the same kind and value. */
  readonly sameContent: Some<ArtifactFact>
  readonly ambiguous: readonly AmbiguousFact[]
}
export interface TransformDetail {
  readonly kind: 'transform'
  readonly thing: TransformFact
  readonly runs: Some<RunFact>
  readonly byOutcome: Readonly<Partial<Record<Outcome, number>>>
  /** Other versions of the same code, by uid. */
  readonly versions: readonly TransformFact[]
}
export type Detail = RunDetail | ArtifactDetail | TransformDetail

export interface ImportView {
  readonly uid: string
  readonly adapter: string
  readonly adapterVersion: number
  readonly engineVersion?: string
  /** Where it was read on this machine, without secrets. */
  readonly places: readonly string[]
  readonly startedAt: string
  readonly endedAt: string
  /** Facts by kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly gaps: number
}

/** A thing that full-text search found; best first. */
export interface Finding {
  readonly thing: Thing
  /** Higher is better; only comparable within one answer. */
  readonly score: number
}

/** One line of `doctor`. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly message: string
}
