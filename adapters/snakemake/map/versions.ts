import { artifactUid } from '../../../core/adapter.ts'
import type { ArtifactUid } from '../../../core/adapter.ts'
import type { Job, Workdir } from '../workdir.ts'
import type { Place } from './places.ts'

/** A job that wrote a place. */
export interface Producer {
  readonly job: Job
  /** Natural key of the job: the version that it wrote. */
  readonly key: string
  readonly place: Place
  /** Of what it wrote. */
  readonly uid: ArtifactUid
}

export function newProducer(job: Job, key: string, place: Place): Producer {
  return { job, key, place, uid: artifactUid(place.uri, key) }
}

/** Tells which job wrote the bytes that another one read. */
export class Versions {
  readonly #byPlace = new Map<string, Producer[]>()
  /** Places whose last writer is not known to have ended well: what lies there now is not the last known version. */
  readonly #spoiled = new Set<string>()
  /** When each execution began, in UTC. */
  readonly #begun: readonly (number | undefined)[]

  constructor(workdir: Workdir, offsets: readonly (number | undefined)[]) {
    this.#begun = workdir.executions.map(({ startMs }, at) => {
      const offset = offsets[at]
      return startMs === undefined || offset === undefined ? undefined : startMs - offset
    })
  }

  /** In the order in which the jobs ended. */
  add(producer: Producer): void {
    const { key } = producer.place
    this.#spoiled.delete(key)
    const known = this.#byPlace.get(key)
    if (known === undefined) this.#byPlace.set(key, [producer])
    else known.push(producer)
  }

  /** What the job itself wrote there. */
  ownOf(job: Job, place: Place): Producer | undefined {
    return this.#byPlace.get(place.key)?.find((producer) => producer.job === job)
  }

  /** A job that may have written the place, and whose end is not known or not good. */
  spoil(place: Place): void {
    this.#spoiled.add(place.key)
  }

  /** Who wrote what lies at the place now, as far as is known. */
  current(place: Place): Producer | undefined {
    return this.#spoiled.has(place.key) ? undefined : this.#last(this.#byPlace.get(place.key) ?? [])
  }

  /**
   * Who wrote what `job` read. In one execution a file has one writer, which ended before: the order of the jobs
   * follows from it. Else the last writer of an earlier execution.
   *
   * @param before it read the file before the execution updated it
   */
  writerFor(job: Job, place: Place, before: boolean): Producer | undefined {
    const all = this.#byPlace.get(place.key)
    if (all === undefined) return undefined
    const others = all.filter((producer) => producer.job !== job)
    if (job.executionIndex === undefined) return this.#ofUnlogged(job, others)
    const at = job.executionIndex
    const same = before ? [] : others.filter(({ job }) => job.executionIndex === at)
    const earlier = (): Producer[] => others.filter((producer) => this.#isBefore(producer.job, at))
    return same.length > 0 ? this.#lastBefore(same, job) : this.#last(earlier())
  }

  /** Without a log only the last writer is known for sure: what was written in between may have left no trace. */
  #ofUnlogged(job: Job, producers: readonly Producer[]): Producer | undefined {
    const last = this.#last(producers)
    const end = last?.job.endMs
    if (end === undefined || job.endMs === undefined || last?.job.recorded === undefined) return undefined
    return end <= job.endMs ? last : undefined
  }

  #isBefore(job: Job, executionIndex: number): boolean {
    if (job.executionIndex !== undefined) return job.executionIndex < executionIndex
    const begun = this.#begun[executionIndex]
    return begun !== undefined && job.endMs !== undefined && job.endMs <= begun
  }

  #lastBefore(producers: readonly Producer[], job: Job): Producer | undefined {
    if (producers.length === 1) return producers[0]
    const ended = producers.filter((producer) => (producer.job.endMs ?? 0) <= (job.endMs ?? Infinity))
    return this.#last(ended.length > 0 ? ended : producers)
  }

  #last(producers: readonly Producer[]): Producer | undefined {
    return producers.reduce<Producer | undefined>(
      (last, producer) => (last === undefined || isLater(producer.job, last.job) ? producer : last),
      undefined,
    )
  }
}

function isLater(a: Job, b: Job): boolean {
  if (a.executionIndex !== undefined && b.executionIndex !== undefined && a.executionIndex !== b.executionIndex) {
    return a.executionIndex > b.executionIndex
  }
  return (a.endMs ?? 0) >= (b.endMs ?? 0)
}
