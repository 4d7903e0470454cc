import type { ArtifactUid, SqliteFile } from '../../../core/adapter.ts'
import { Filter } from '../spill/filter.ts'
import type { Job, Workdir } from '../workdir.ts'
import type { Place } from './places.ts'

/** A job that wrote a place. */
export interface Producer {
  readonly jobId: number
  readonly executionIndex?: number
  readonly endMs?: number
  /** A record speaks of it. */
  readonly isRecorded: boolean
  /** When the record was written. */
  readonly writtenMs?: number
  /** Natural key of the job: the version that it wrote. */
  readonly key: string
  /** Of what it wrote; made when it is first asked for. */
  uid?: ArtifactUid
}

/** @param key natural key of the job */
export function newProducer(job: Job, key: string): Producer {
  return {
    jobId: job.id,
    key,
    isRecorded: job.recorded !== undefined,
    ...(job.executionIndex === undefined ? {} : { executionIndex: job.executionIndex }),
    ...(job.endMs === undefined ? {} : { endMs: job.endMs }),
    ...(job.recorded?.outline.writtenMs === undefined ? {} : { writtenMs: job.recorded.outline.writtenMs }),
  }
}

/** Who wrote a place, in the order in which the jobs were told. */
interface Writers {
  readonly producers: readonly Producer[]
  /** The last writer is not known to have ended well: what lies there now is not the last known version. */
  readonly isSpoiled: boolean
}

const NONE: Writers = { producers: [], isSpoiled: false }
/** Places whose writers are kept in memory: neighbouring jobs read the same. */
const MOST_KNOWN = 5000

/** Tells which job wrote the bytes that another one read. All writers are told before the first question. */
export class Versions {
  readonly #database: SqliteFile
  readonly #known = new Map<string, Writers>()
  /** Of the places that anybody wrote. */
  readonly #filter = new Filter()
  #isSealed = false
  /** When each execution began, in UTC. */
  readonly #begun: readonly (number | undefined)[]

  constructor(database: SqliteFile, workdir: Workdir, offsets: readonly (number | undefined)[]) {
    this.#database = database
    // `key`: absent for a writer whose end is not known or not good.
    database.script(`CREATE TABLE writer (place TEXT NOT NULL, key TEXT, job INTEGER, execution INTEGER, ended REAL,
      written REAL, recorded INTEGER)`)
    this.#begun = workdir.executions.map(({ startMs }, at) => {
      const offset = offsets[at]
      return startMs === undefined || offset === undefined ? undefined : startMs - offset
    })
  }

  /** In the order in which the jobs ended. */
  add(place: Place, producer: Producer): void {
    const { key, jobId, executionIndex = null, endMs = null, writtenMs = null, isRecorded } = producer
    this.#filter.add(place.key)
    const values = [place.key, key, jobId, executionIndex, endMs, writtenMs, isRecorded ? 1 : 0]
    this.#database.run('INSERT INTO writer VALUES (?, ?, ?, ?, ?, ?, ?)', values)
  }

  /** A job that may have written the place, and whose end is not known or not good. */
  spoil({ key }: Place): void {
    this.#filter.add(key)
    this.#database.run('INSERT INTO writer (place) VALUES (?)', [key])
  }

  /** Who wrote what lies at the place now, as far as is known. */
  current(place: Place): Producer | undefined {
    const { producers, isSpoiled } = this.#writersOf(place)
    return isSpoiled ? undefined : this.#last(producers)
  }

  /**
   * Who wrote what `job` read. In one execution a file has one writer, which ended before: the order of the jobs
   * follows from it. Else the last writer of an earlier execution.
   *
   * @param before it read the file before the execution updated it
   */
  writerFor(job: Job, place: Place, before: boolean): Producer | undefined {
    const { producers } = this.#writersOf(place)
    if (producers.length === 0) return undefined
    const others = producers.filter(({ jobId }) => jobId !== job.id)
    if (job.executionIndex === undefined) return this.#ofUnlogged(job, others)
    const at = job.executionIndex
    const same = before ? [] : others.filter(({ executionIndex }) => executionIndex === at)
    const earlier = (): Producer[] => others.filter((producer) => this.#isBefore(producer, at))
    return same.length > 0 ? this.#lastBefore(same, job) : this.#last(earlier())
  }

  /** Without a log only the last writer is known for sure: what was written in between may have left no trace. */
  #ofUnlogged(job: Job, producers: readonly Producer[]): Producer | undefined {
    const last = this.#last(producers)
    if (last?.endMs === undefined || job.endMs === undefined || !last.isRecorded) return undefined
    return last.endMs <= job.endMs ? last : undefined
  }

  #isBefore(producer: Producer, executionIndex: number): boolean {
    if (producer.executionIndex !== undefined) return producer.executionIndex < executionIndex
    const begun = this.#begun[executionIndex]
    return begun !== undefined && producer.endMs !== undefined && producer.endMs <= begun
  }

  #lastBefore(producers: readonly Producer[], job: Job): Producer | undefined {
    if (producers.length === 1) return producers[0]
    const ended = producers.filter(({ endMs = 0 }) => endMs <= (job.endMs ?? Infinity))
    return this.#last(ended.length > 0 ? ended : producers)
  }

  #last(producers: readonly Producer[]): Producer | undefined {
    return producers.reduce<Producer | undefined>(
      (last, producer) => (last === undefined || isLater(producer, last) ? producer : last),
      undefined,
    )
  }

  #writersOf({ key }: Place): Writers {
    if (!this.#filter.mayHold(key)) return NONE
    if (!this.#isSealed) this.#database.script('CREATE INDEX writer_place ON writer (place)')
    this.#isSealed = true
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const rows = this.#database.all('SELECT * FROM writer WHERE place = ? ORDER BY rowid', [key])
    const producers = rows.flatMap((row) => toProducer(row) ?? [])
    const writers = rows.length === 0 ? NONE : { producers, isSpoiled: rows.at(-1)?.key === null }
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(key, writers)
    return writers
  }
}

function toProducer(row: Readonly<Record<string, string | number | null>>): Producer | undefined {
  const { key, job, execution, ended, written, recorded } = row
  if (typeof key !== 'string' || typeof job !== 'number') return undefined
  return {
    jobId: job,
    key,
    isRecorded: recorded === 1,
    ...(typeof execution === 'number' ? { executionIndex: execution } : {}),
    ...(typeof ended === 'number' ? { endMs: ended } : {}),
    ...(typeof written === 'number' ? { writtenMs: written } : {}),
  }
}

function isLater(a: Producer, b: Producer): boolean {
  if (a.executionIndex !== undefined && b.executionIndex !== undefined && a.executionIndex !== b.executionIndex) {
    return a.executionIndex > b.executionIndex
  }
  return (a.endMs ?? 0) >= (b.endMs ?? 0)
}
