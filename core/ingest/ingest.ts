import { setImmediate } from 'node:timers/promises'
import type { Database } from '../db/database.ts'
import { isDanglingReference } from '../db/failure.ts'
import type { Writer } from '../db/writer.ts'
import type { Fact } from '../fact/fact.ts'
import { portionsOf } from '../fact/fact-stream.ts'
import type { ImportUid } from '../fact/uid.ts'
import { Batch } from './batch.ts'
import { checkFacts } from './check.ts'
import { StatedAmbiguities } from './hide-in-ambiguities.ts'
import { hideInGaps, hideInWritten } from './hide-late.ts'
import { ImportRecord, type ImportMeta } from './import-record.ts'
import { Redactor } from './redact.ts'
import { Counts, type GapGroup } from './counts.ts'
import { StemmaError } from '../errors.ts'
import { writeBatch } from './write-batch.ts'
import type { Written } from './write-batch.ts'
import { reconcile, type Reconciled } from './reconcile.ts'
import { joinSameContent } from './same-content/join-same-content.ts'
import { TouchedContents } from './same-content/touched-contents.ts'
import { TouchedPlaces } from './touched-places.ts'

/** Then signals and the database's answers are heard: a source in memory would never let them in between. */
const FACTS_IN_A_ROW = 100

export interface IngestOptions {
  readonly signal?: AbortSignal
  /** Facts so far by kind; called once a batch. */
  readonly onProgress?: (counts: Readonly<Record<string, number>>) => void
  /** A gap is fatal: `source.gaps`, nothing is written. */
  readonly strict?: boolean
  /** Does everything and takes it back. */
  readonly dryRun?: boolean
  /** Facts from a file or a network are parsed; those of our own adapters are typed already. */
  readonly untrusted?: boolean
}

export interface ImportSummary {
  readonly import: ImportUid
  /** Facts read, by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Rows that were not there. */
  readonly added: number
  /** Rows that were there and now say more. */
  readonly changed: number
  /**
   * Edges whose unstated version was found out, and files that were joined to what they are a copy of, in this import or
   * before, as far as it touched them.
   */
  readonly reconciled: number
  /** Ambiguities stated by the adapter or left by reconciling. */
  readonly ambiguous: number
  readonly gaps: readonly GapGroup[]
}

/**
 * check, redact, reconcile, write: everything that `facts` say is in the database afterwards, or nothing of it. The
 * same facts again add nothing. Reading begins before the database is asked for its turn, so a short stream from a slow
 * source holds up nobody.
 * @throws StemmaError of the families `fact`, `source` and `database`, `interrupted`, and what `facts` throw
 */
export async function ingest(
  database: Pick<Database, 'write'>,
  facts: AsyncIterable<Fact>,
  meta: ImportMeta,
  options: IngestOptions = {},
): Promise<ImportSummary> {
  const redactor = new Redactor()
  const tally = new Counts()
  const record = new ImportRecord({ ...meta, place: redactor.text(meta.place) })
  const checked = options.untrusted === true ? checkFacts(facts) : facts
  const intake: Intake = { redactor, tally, record, options, knownAtFirst: Number.POSITIVE_INFINITY }
  const batches = toBatches(portionsOf(checked), intake)
  const first = await batches.next()
  const undo = new Error('a dry run takes back what it wrote')
  let summary: ImportSummary | undefined
  try {
    // What is not full is the whole: then nothing need be begun.
    if (first.done !== true && !first.value.full && isRefused(tally, options)) throw hasGaps(tally)
    await database.write(async (writer) => {
      const { touched, contents, stated, ...written } = await writeBatches(writer, first, batches, intake)
      if (isRefused(tally, options)) throw hasGaps(tally)
      const uid = await record.finish(writer, tally.counts)
      const found = await conclude(writer, touched, contents)
      found.ambiguous += tally.counts.ambiguous ?? 0
      if (redactor.known > 0) await hideInGaps(writer, redactor, uid)
      if (redactor.known > intake.knownAtFirst) {
        await hideInWritten(writer, redactor, uid)
        written.added += await stated.hide(writer, redactor)
      }
      const gaps = redactor.known === 0 ? tally.gaps : tally.gaps.map((group) => hideInGroup(group, redactor))
      summary = { import: uid, counts: tally.counts, ...written, ...found, gaps }
      if (options.dryRun === true) throw undo
    })
  } catch (error) {
    if (error !== undo) throw isDanglingReference(error) ? danglingReference(error) : error
  } finally {
    await batches.return()
  }
  if (summary === undefined) throw new TypeError('an import that was written has a summary')
  return summary
}

/** Places first: who read which version decides what nobody made. Where folders lie today has been written. */
async function conclude(writer: Writer, touched: TouchedPlaces, contents: TouchedContents): Promise<Reconciled> {
  const { reconciled, ambiguous } = await reconcile(writer, touched, contents)
  const same = await joinSameContent(writer, contents)
  return { reconciled: reconciled + same.joined, ambiguous: ambiguous + same.ambiguous }
}

/** What has to be looked at when all is written. */
interface Noted {
  readonly touched: TouchedPlaces
  readonly contents: TouchedContents
  readonly stated: StatedAmbiguities
}

async function writeBatches(
  writer: Writer,
  first: IteratorResult<Batch, void>,
  batches: AsyncGenerator<Batch, void>,
  { record, tally, options }: Intake,
): Promise<Written & Noted> {
  const written: Written = { added: 0, changed: 0 }
  const touched = new TouchedPlaces()
  const contents = new TouchedContents()
  const stated = new StatedAmbiguities()
  for (let next = first; next.done !== true;) {
    // While the database works, the next portion is read.
    const following = batches.next()
    following.catch(() => undefined) // thrown again below, unless writing fails first
    stated.note(next.value)
    const changedRuns = await writeBatch(writer, next.value, written)
    await touched.note(writer, next.value, changedRuns)
    await contents.note(writer, next.value, changedRuns)
    await record.flush(writer)
    options.onProgress?.(tally.counts)
    next = await following
  }
  return { ...written, touched, contents, stated }
}

interface Intake {
  readonly redactor: Redactor
  readonly tally: Counts
  readonly record: ImportRecord
  readonly options: IngestOptions
  /** Secrets that were known by their values when the first rows were handed over to be written. */
  knownAtFirst: number
}

/** Facts in portions to write at once; the last may be empty, and there is always one. */
async function* toBatches(portions: AsyncIterable<readonly Fact[]>, intake: Intake): AsyncGenerator<Batch, void> {
  const { redactor, tally, record, options } = intake
  let batch = new Batch()
  let known = 0
  let count = 0
  for await (const portion of portions) {
    for (const read of portion) {
      if (++count % FACTS_IN_A_ROW === 0) await setImmediate()
      if (options.signal?.aborted === true) throw new StemmaError('interrupted', 'the import was interrupted')
      const fact = redactor.fact(read)
      tally.add(fact)
      record.take(fact)
      if (fact.kind !== 'gap' && fact.kind !== 'root' && fact.kind !== 'stream') batch.add(fact)
      if (!batch.full) continue
      if (redactor.known > known) batch.hide(redactor)
      known = redactor.known
      intake.knownAtFirst = Math.min(intake.knownAtFirst, known)
      yield batch
      batch = new Batch()
    }
  }
  if (redactor.known > known) batch.hide(redactor)
  yield batch
}

function hideInGroup(group: GapGroup, redactor: Redactor): GapGroup {
  const examples = group.examples.map(({ place, message }) => ({
    place: redactor.text(place),
    message: redactor.text(message),
  }))
  return { ...group, examples }
}

/** Both databases look after references themselves; what they say names the table at least. */
function danglingReference(cause: unknown): StemmaError {
  const told = typeof cause === 'object' && cause !== null && 'detail' in cause ? `: ${String(cause.detail)}` : ''
  return new StemmaError('fact.dangling-reference', `a fact refers to one that was not given${told}`, { cause })
}

function isRefused(tally: Counts, { strict }: IngestOptions): boolean {
  return strict === true && tally.gaps.length > 0
}

function hasGaps(tally: Counts): StemmaError {
  const count = tally.counts.gap ?? 0
  const [first] = tally.gaps
  const example = first?.examples[0]
  return new StemmaError(
    'source.gaps',
    `${count} ${count === 1 ? 'gap' : 'gaps'} in the source: ${first?.code ?? ''}: ${example?.message ?? ''}`,
    {
      detail: { gaps: count, codes: tally.gaps.map((group) => group.code) },
    },
  )
}
