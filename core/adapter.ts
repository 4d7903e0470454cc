/**
 * The adapter contract, and all that an adapter may import from core.
 *
 * An adapter is a pure reader: leftovers in, facts out. Its laws, tested by `test/contract/adapter.ts`:
 *
 * 1. It reads through the `Source` it is handed and nothing else; the same bytes give the same facts in the same order.
 * 2. Definition before use: an edge names only transforms, runs and artifacts that were emitted before.
 * 3. uids come from the engine's own ids, so a second import adds nothing.
 * 4. It never invents: what is not known is absent, and each edge says its evidence.
 * 5. Cached, skipped, retried and failed are outcomes of runs, linked to the run that made the bytes.
 * 6. Damage is a `gap` fact and reading goes on; only a source that cannot be read at all throws.
 * 7. Foreign text is bounded in size and depth before it is parsed.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import { artifactUid, defineAdapter, normalizePath, runUid, toUri, transformUid } from 'stemma/adapter'
 * import { z } from 'zod'
 *
 * // jobs.log of a made-up engine: a line a job, its id and the file that it wrote.
 * const shell = defineAdapter({
 *   engine: 'shell',
 *   version: 1,
 *   options: z.object({}),
 *   async detect(source) {
 *     const log = source.kind === 'files' ? await source.stat('jobs.log') : undefined
 *     return log && { engine: 'shell', confidence: 1, because: 'jobs.log' }
 *   },
 *   async *read([source]) {
 *     const log = source?.kind === 'files' ? await source.readText('jobs.log', 1_000_000) : undefined
 *     const transform = transformUid('shell', 'job')
 *     yield { kind: 'transform', uid: transform, name: 'job', type: 'script', engine: 'shell' }
 *     for (const line of log?.trim().split('\n') ?? []) {
 *       const [id = '', path = ''] = line.split(' ')
 *       const uri = toUri(normalizePath(path))
 *       if (uri === undefined) continue
 *       const run = runUid('shell', id)
 *       const artifact = artifactUid(uri, id)
 *       yield { kind: 'run', uid: run, transform, engine: 'shell', key: id, name: `job ${id}`, outcome: 'succeeded' }
 *       yield { kind: 'artifact', uid: artifact, uri, type: 'file' }
 *       yield { kind: 'produced', run, artifact, evidence: 'recorded' }
 *     }
 *   },
 * })
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * await stemma.import(shell, '.')
 * console.log((await stemma.find('report', 1)).map(({ thing }) => thing.kind))
 * await stemma.close()
 * ```
 *
 * @module
 */
import type { z } from 'zod'
import type { Fact } from './fact/fact.ts'
import type { AddressSource, FileSource, Source } from './source/source.ts'

export type { Entry, FileSource, AddressSource, Found, Source, Stat, Wanted } from './source/source.ts'
export type {
  AmbiguousFact,
  ArtifactFact,
  ConsumedFact,
  CopiedFact,
  Fact,
  GapFact,
  ProducedFact,
  RootFact,
  RunFact,
  StreamFact,
  TransformFact,
} from './fact/fact.ts'
export { FactStream } from './fact/fact-stream.ts'
export { goOn } from './source/answer.ts'
export { RecordTable } from './source/record-table.ts'
export type { Answer } from './source/answer.ts'
export type { Evidence } from './fact/evidence.ts'
export type { Outcome } from './fact/outcome.ts'
export type { Digest } from './fact/digest.ts'
export { isEnded } from './fact/outcome.ts'
export { compareDigests } from './fact/digest.ts'
export { artifactUid, runUid, transformUid, artifactStem } from './fact/uid.ts'
export type { ArtifactUid, RunUid, TransformUid } from './fact/uid.ts'
export { toIso } from './fact/time.ts'
export { fileUri, filePath, objectUri, toUri, normalizePath } from './fact/uri.ts'
export type { Uri } from './fact/uri.ts'
export { StemmaError, isStemmaError } from './errors.ts'
export { openSqliteFile } from './db/open-sqlite-file.ts'
export type { SqliteFile, SqliteFileOptions } from './db/sqlite-file.ts'
export { openPrivateDatabase, orFull } from './db/private-database.ts'
export { secretsIn } from './ingest/secret-values.ts'
export { canonicalJson, digestBytes, digestValue, toJson } from './record/canonical.ts'
export type { Json } from './record/canonical.ts'
export { findReferences } from './record/references.ts'
export type { Reference } from './record/references.ts'
export { observe, scopeOf, stateRun } from './record/observe.ts'
export type { Observation } from './record/observe.ts'
export { currentScope, withScope } from './record/scope.ts'
export { carry, parseCarried } from './record/carry.ts'
export type { Scope } from './record/scope.ts'
export { sameTrace, traceOf } from './record/touched.ts'
export type { Trace } from './record/touched.ts'
export { configureRecorder, flushRecorder, heedSecrets } from './record/process-recorder.ts'
export type { RecordOptions } from './record/process-recorder.ts'

/** What an adapter recognised. `confidence`: 1 = certainly leftovers of this engine. */
export interface Detection {
  readonly engine: string
  readonly confidence: number
  /** What was recognised, for people: "trace.txt, .nextflow/history". */
  readonly because: string
}

/** What every adapter is told. */
export interface ReadOptions<Own = unknown> {
  /** IANA zone for times without one; absent: the adapter looks for evidence, else says that it is unknown. */
  readonly timezone?: string
  /** The adapter's own options, parsed by its `options`. */
  readonly own: Own
  readonly signal?: AbortSignal
}

/**
 * A piece of a source that is imported by itself, all or nothing, so that a long import can be broken off and goes on where
 * it was: a piece whose fingerprint is as last time is not read again.
 */
export interface Part {
  /** Names the piece among all imports, without secrets. */
  readonly place: string
  readonly fingerprint: string
  facts(): AsyncIterable<Fact>
}

export interface Adapter<Own = unknown> {
  /** `nextflow`, `snakemake`, `redun`, `temporal`. */
  readonly engine: string
  /** Raised with every change of the facts that it makes of the same leftovers: an unchanged source is read again then. */
  readonly version: number
  /** Parses the adapter's own options. */
  readonly options: z.ZodType<Own>
  /** The same options as command-line flags, for `stemma import <engine> --help`. */
  readonly flags?: readonly { readonly flags: string; readonly summary: string }[]
  detect(source: Source): Promise<Detection | undefined>
  /** All sources named in one command; most adapters read one after another. Many facts go faster in a `FactStream`. */
  read(sources: readonly Source[], options: ReadOptions<Own>): AsyncIterable<Fact>
  /** The pieces of a source behind an address, where it has many; `read` gives the same facts in one stream. */
  parts?(source: AddressSource, options: ReadOptions<Own>): AsyncIterable<Part>
  /** Verbs of the engine's own: `listen nextflow`, `watch`, `snakemake`. */
  readonly commands?: readonly AdapterCommand[]
}

/** A verb that an adapter adds to the command line. */
export interface AdapterCommand {
  /** As typed: `listen nextflow`. */
  readonly name: string
  readonly summary: string
  /** commander's argument syntax: `<workdir>`, `[args...]`. */
  readonly arguments?: string
  readonly flags?: readonly { readonly flags: string; readonly summary: string }[]
  readonly examples: readonly string[]
  /** Everything after `--` or unknown goes to `run` unparsed. */
  readonly passThrough?: boolean
  /** @returns the exit code */
  run(call: CommandCall, context: CommandContext): Promise<number>
}

export interface CommandCall {
  readonly args: readonly string[]
  /** As commander parsed them; parse with zod. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What a command may do to the outside. */
export interface CommandContext {
  readonly workingFolder: string
  /** Stemma's own folder for spools; made on first use. */
  readonly stemmaFolder: string
  readonly signal: AbortSignal
  write(text: string): void
  /** Lines for stderr; what has power over a terminal is escaped, the end of the last line is added. */
  warn(text: string): void
  /** Opens a local folder, file or bucket. */
  open(place: string): Promise<FileSource>
  /** Checks, redacts, reconciles and writes facts, all or nothing. `place` names where they came from. */
  ingest(facts: AsyncIterable<Fact>, place: string): Promise<{ readonly added: number; readonly gaps: number }>
}

/** Keeps the types of an adapter's options together; returns it as it is. */
export function defineAdapter<Own>(adapter: Adapter<Own>): Adapter<Own> {
  return adapter
}
