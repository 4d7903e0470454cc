import type { Database, OpenOptions } from './db/database.ts'
import { openDatabase } from './db/open-database.ts'
import { StemmaError } from './errors.ts'
import { type FactFormat, formatFacts } from './export/fact-formats.ts'
import type { ArtifactFact, Fact, RunFact, TransformFact } from './fact/fact.ts'
import type { Adapter } from './adapter.ts'
import { importPlace, type ImportOptions } from './ingest/import-place.ts'
import type { ImportOutcome } from './ingest/import-leftovers.ts'
import type { ImportMeta } from './ingest/import-record.ts'
import { type ImportSummary, ingest, type IngestOptions } from './ingest/ingest.ts'
import { checkDatabase } from './query/check-database.ts'
import { readConnection } from './query/connect.ts'
import { eachPage } from './query/each-page.ts'
import { exportFacts, type ExportChoice } from './query/export-facts.ts'
import { findThings } from './query/find.ts'
import { readLineage } from './query/lineage.ts'
import { listArtifacts } from './query/list-artifacts.ts'
import { listRuns } from './query/list-runs.ts'
import { listTransforms } from './query/list-transforms.ts'
import { resolveThing } from './query/resolve.ts'
import { readDetail } from './query/show.ts'
import { findStartPoints } from './query/start-points.ts'
import type {
  ArtifactFilter, Check, Connection, Detail, Finding, Lineage, LineageOptions, Page, Resolution, RunFilter,
  TransformFilter,
} from './query/view.ts' // prettier-ignore

/** Items of each list in `show`, unless told otherwise. */
const MOST_ITEMS = 1000
/** Nodes that the search for a connection looks at before it gives up. */
const MOST_CONNECTING = 1_000_000

/** An open lineage database: what Stemma can be asked. Everything is read only, but for `import` and `ingest`. */
export interface Stemma extends AsyncDisposable {
  /** For what is not here: statements of your own, by `database.sql`. */
  readonly database: Database

  /** A page of runs, the latest first. */
  runs(filter: RunFilter, page: Page): Promise<readonly RunFact[]>
  /** Every run that fits, the latest first, page by page as they are asked for. */
  eachRun(filter: RunFilter): AsyncIterable<RunFact>
  /** A page of artifacts, by uid. */
  artifacts(filter: ArtifactFilter, page: Page): Promise<readonly ArtifactFact[]>
  eachArtifact(filter: ArtifactFilter): AsyncIterable<ArtifactFact>
  /** A page of transforms, by name. */
  transforms(filter: TransformFilter, page: Page): Promise<readonly TransformFact[]>
  eachTransform(filter: TransformFilter): AsyncIterable<TransformFact>

  /**
   * What is meant by a uid or its start, a path (as it was or is), a file name, a uri, a digest or an engine's key.
   * `workingFolder`: where relative paths start; the process's own when absent.
   */
  resolve(thing: string, workingFolder?: string): Promise<Resolution>
  /** Everything about one thing. @throws StemmaError `query.not-found` */
  show(uid: string): Promise<Detail>
  /** Full-text search over names, paths, keys, parameters and commands; best first. */
  find(words: string, limit: number): Promise<readonly Finding[]>

  /** What a thing came from, what came of it, or both. @throws StemmaError `query.not-found` */
  lineage(uid: string, options: LineageOptions): Promise<Lineage>
  /** The shortest connection of two things; `undefined` when there is none. */
  path(fromUid: string, toUid: string): Promise<Connection | undefined>

  /** Facts, definitions before uses; equal content gives equal facts in equal order. Everything, unless chosen. */
  export(choice?: ExportChoice): AsyncIterable<Fact>
  /** The same as text. */
  exportText(format: FactFormat, choice?: ExportChoice): AsyncIterable<string>
  /**
   * Reads what an engine left behind and adds it, all or nothing: `stemma.import(nextflow, '/data/rnaseq')` with the
   * adapter from `stemma/nextflow`. `place`: a folder, file, bucket prefix or address, or several that belong together.
   */
  import<Own>(adapter: Adapter<Own>, place: string | readonly string[], options?: ImportOptions): Promise<ImportOutcome>
  /** Adds what facts say, or nothing when they are damaged; what is known already is not added again. */
  ingest(facts: AsyncIterable<Fact>, meta: ImportMeta, options?: IngestOptions): Promise<ImportSummary>

  /** Is the database whole? */
  doctor(): Promise<readonly Check[]>
  close(): Promise<void>
}

export interface StemmaOptions extends OpenOptions {
  /** `file:path/to/stemma.db` or `postgres://user@host/database?schema=name`. */
  readonly database: string
}

/** Opens a lineage database by its url. Close it when done, or declare it with `await using`. */
export async function openStemma(options: StemmaOptions): Promise<Stemma> {
  const { database, ...open } = options
  return stemmaOn(await openDatabase(database, open))
}

/** The same on a database that is open already; `close` closes it. */
export function stemmaOn(database: Database): Stemma {
  return { database, ...listsOf(database), ...questionsOf(database), ...exchangeOf(database), ...lifeOf(database) }
}

type Lists = Pick<Stemma, 'runs' | 'eachRun' | 'artifacts' | 'eachArtifact' | 'transforms' | 'eachTransform'>

function listsOf({ sql }: Database): Lists {
  return {
    runs: (filter, page) => listRuns(sql, filter, page),
    eachRun: (filter) => eachPage((page) => listRuns(sql, filter, page)),
    artifacts: (filter, page) => listArtifacts(sql, filter, page),
    eachArtifact: (filter) => eachPage((page) => listArtifacts(sql, filter, page)),
    transforms: (filter, page) => listTransforms(sql, filter, page),
    eachTransform: (filter) => eachPage((page) => listTransforms(sql, filter, page)),
  }
}

type Questions = Pick<Stemma, 'resolve' | 'show' | 'find' | 'lineage' | 'path'>

function questionsOf({ sql }: Database): Questions {
  return {
    resolve: (thing, workingFolder = process.cwd()) => resolveThing(sql, thing, { workingFolder }),
    find: (words, limit) => findThings(sql, words, limit),
    path: (fromUid, toUid) => readConnection(sql, fromUid, toUid, MOST_CONNECTING),
    async show(uid) {
      const detail = await readDetail(sql, uid, MOST_ITEMS)
      if (detail === undefined) throw notFound(uid)
      return detail
    },
    async lineage(uid, options) {
      const lineage = await readLineage(sql, uid, await findStartPoints(sql, uid, options.limit), options)
      if (lineage.nodes.length === 0) throw notFound(uid)
      return lineage
    },
  }
}

function exchangeOf(database: Database): Pick<Stemma, 'import' | 'export' | 'exportText' | 'ingest'> {
  return {
    import: (adapter, place, options) => importPlace(database, adapter, place, options),
    export: (choice) => exportFacts(database, choice),
    exportText: (format, choice) => formatFacts(exportFacts(database, choice), format),
    ingest: (facts, meta, options) => ingest(database, facts, meta, options),
  }
}

function lifeOf(database: Database): Pick<Stemma, 'doctor' | 'close' | typeof Symbol.asyncDispose> {
  return {
    doctor: () => checkDatabase(database),
    close: () => database.close(),
    [Symbol.asyncDispose]: () => database.close(),
  }
}

function notFound(uid: string): StemmaError {
  return new StemmaError('query.not-found', `no run, artifact or transform has the uid: "${uid}"`, { detail: { uid } })
}
