import type {
  ConsumedFact,
  Fact,
  FileSource,
  ProducedFact,
  RunFact,
  SqliteFile,
  TransformFact,
} from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import { executionOutcome, lastToRun } from '../join/execution-outcome.ts'
import type { Joined } from '../join/join-jobs.ts'
import { SpillMap } from '../spill/spill-map.ts'
import { WITH_CHECKSUMS } from '../store/recorded-jobs.ts'
import type { Job, Workdir } from '../workdir.ts'
import { Artifacts, uidOf } from './artifacts.ts'
import { readBenchmark } from './benchmark.ts'
import { Checksums } from './checksums.ts'
import type { Environment } from './conda.ts'
import type { Disk } from './disk.ts'
import { executionConfig } from './execution-config.ts'
import { jobKey } from './keys.ts'
import { findPlace } from './places.ts'
import type { Place } from './places.ts'
import { executionRun, jobRun, pipelineTransform, ruleTransform, unloggedRun } from './run-facts.ts'
import { Processes } from './unlogged.ts'
import { Versions, newProducer } from './versions.ts'
import type { Producer } from './versions.ts'
import type { WorkDirs } from './work-dirs.ts'

export interface Mapping {
  readonly workdir: Workdir
  readonly joined: Joined
  readonly workDirs: WorkDirs
  readonly source: FileSource
  readonly disk: Disk
  readonly environments: readonly Environment[]
  /** A private database for what outgrows memory. */
  readonly scratch: SqliteFile
}

/** The facts of one working directory: executions, oldest first, each with its jobs and what they read and wrote. */
export async function* mapWorkdir(mapping: Mapping): AsyncIterable<readonly Fact[]> {
  const mapper = new Mapper(mapping)
  const { workdir, joined } = mapping
  const last = lastToRun(workdir.executions)
  for (const [at, execution] of workdir.executions.entries()) {
    const transform = pipelineTransform(execution.head)
    const outcome = executionOutcome(execution, at >= last)
    const workDir = mapping.workDirs.byExecution[at] ?? mapping.workDirs.latest
    const config = await executionConfig(execution, joined.jobsOf(at), mapping.source, workdir.logFolder)
    const run = executionRun(execution, outcome, joined.offsets[at], workDir, transform, config)
    yield [transform, run]
    yield* mapper.jobs(joined.jobsOf(at), () => run)
  }
  yield* unlogged(mapping, mapper)
}

async function* unlogged({ joined, workDirs }: Mapping, mapper: Mapper): AsyncIterable<readonly Fact[]> {
  const processes = new Processes()
  const transform = pipelineTransform({})
  let run: RunFact | undefined
  const parentOf = (job: Job, facts: Fact[]): RunFact => {
    const begins = processes.begins(job)
    if (run !== undefined && !begins) return run
    run = unloggedRun(job, workDirs.latest, transform)
    facts.push(transform, run)
    return run
  }
  yield* mapper.jobs(joined.jobsOf(undefined), parentOf)
}

/** Places remembered at most. */
const MOST_PLACES = 2000
/** Facts handed on together: what dies young costs the garbage collector nothing. */
const PORTION = 300

class Mapper {
  readonly #mapping: Mapping
  readonly #versions: Versions
  readonly #checksums: Checksums
  readonly #artifacts: Artifacts
  /** Places found lately: a name comes up several times in a job and in its neighbours. */
  readonly #places = new Map<string, { readonly workDir: string; readonly place: Place }>()
  /** Rules by their code. */
  readonly #rules = new Map<string, Map<string, TransformFact>>()
  readonly #transforms = new Set<string>()
  /** The last job that wrote each benchmark file: the file is its own. */
  readonly #benchmarks = new Map<string, number>()

  constructor(mapping: Mapping) {
    const { workdir, joined, disk, source, workDirs, scratch } = mapping
    this.#mapping = mapping
    this.#versions = new Versions(scratch, workdir, joined.offsets)
    this.#checksums = new Checksums(scratch)
    const folders = new SpillMap(scratch, 'folder')
    for (const job of this.#allJobs()) this.#index(job, folders)
    for (const job of this.#allJobs(WITH_CHECKSUMS)) this.#collectChecksums(job)
    const halfDone = new Set(workdir.incomplete.map(({ target }) => findPlace(target, workDirs.latest).key))
    const { versions, checksums } = { versions: this.#versions, checksums: this.#checksums }
    const told = new SpillMap(scratch, 'told')
    this.#artifacts = new Artifacts({ disk, source, versions, checksums, halfDone, folders, told })
  }

  *#allJobs(only?: typeof WITH_CHECKSUMS): Iterable<Job> {
    const { workdir, joined } = this.#mapping
    for (const at of workdir.executions.keys()) yield* joined.jobsOf(at, only)
    yield* joined.jobsOf(undefined, only)
  }

  #index(job: Job, folders: SpillMap): void {
    const key = jobKey(job, this.#mapping.workdir)
    const produced = new Set(job.produced)
    for (const output of job.outputs) {
      const place = this.#place(job, output)
      if (produced.has(output)) this.#versions.add(place, newProducer(job, key))
      else if (job.outcome !== 'skipped') this.#versions.spoil(place)
    }
    for (const input of job.inputs) {
      for (const folder of enclosing(this.#place(job, input).key)) {
        if (folders.has(folder)) break // those around it are known, too
        folders.set(folder, '')
      }
    }
    const { benchmark } = job.trace ?? {}
    if (benchmark !== undefined && job.outcome === 'succeeded') this.#benchmarks.set(benchmark, job.id)
  }

  #collectChecksums(job: Job): void {
    const checksums = job.recorded?.checksums ?? []
    if (checksums.length === 0) return
    const own = new Set(job.produced.map((output) => this.#place(job, output).key))
    for (const checksum of checksums) {
      const place = this.#place(job, checksum.path)
      // An input that the job itself updated was read before: the checksum is of what it wrote.
      if (own.has(place.key)) continue
      const writer = this.#writerFor(job, checksum.path, place)
      this.#checksums.add(uidOf(this.#placeThen(place, writer), writer), checksum)
    }
  }

  /** @param parentOf the run above a job; it may tell facts of its own first */
  async *jobs(jobs: Iterable<Job>, parentOf: (job: Job, facts: Fact[]) => RunFact): AsyncIterable<readonly Fact[]> {
    let facts: Fact[] = []
    for (const job of jobs) {
      await this.#job(job, parentOf(job, facts), facts)
      if (facts.length < PORTION) continue
      yield facts
      facts = []
    }
    if (facts.length > 0) yield facts
  }

  async #job(job: Job, parent: RunFact, facts: Fact[]): Promise<void> {
    const transform = this.#rule(job)
    const key = jobKey(job, this.#mapping.workdir)
    const run = await this.#run(job, key, parent, transform)
    if (!this.#transforms.has(transform.uid)) facts.push(transform)
    this.#transforms.add(transform.uid)
    facts.push(run)
    for (const input of new Set(job.inputs)) await this.#consumed(job, run, input, facts)
    for (const output of job.produced) await this.#produced(job, run, output, facts)
  }

  #rule(job: Job): TransformFact {
    const code = job.recorded?.details.code ?? ''
    const known = this.#rules.get(job.rule)?.get(code)
    if (known !== undefined) return known
    const made = ruleTransform(job)
    const versions = this.#rules.get(job.rule)
    if (versions === undefined) this.#rules.set(job.rule, new Map([[code, made]]))
    else versions.set(code, made)
    return made
  }

  async #run(job: Job, key: string, parent: RunFact, transform: TransformFact): Promise<RunFact> {
    const { benchmark } = job.trace ?? {}
    const place = benchmark === undefined ? undefined : this.#place(job, benchmark)
    const mine = benchmark !== undefined && this.#benchmarks.get(benchmark) === job.id && place?.relative !== undefined
    const used = mine ? await readBenchmark(this.#mapping.source, this.#mapping.disk.path(place.relative)) : undefined
    const { environments } = this.#mapping
    return jobRun(job, { key, parent, transform, workDir: this.#workDir(job), environments, used })
  }

  async #consumed(job: Job, run: RunFact, input: string, facts: Fact[]): Promise<void> {
    const place = this.#place(job, input)
    const writer = this.#writerFor(job, input, place)
    const then = this.#placeThen(place, writer)
    const uid = uidOf(then, writer)
    const artifact = await this.#artifacts.tell(uid, then, writer, this.#begunMs(job))
    if (artifact !== undefined) facts.push(artifact)
    const edge: ConsumedFact = { kind: 'consumed', run: run.uid, artifact: uid, evidence: 'recorded' }
    const role = roleOf(input, job.trace?.slots?.inputs)
    facts.push(role === undefined ? edge : { ...edge, role })
  }

  async #produced(job: Job, run: RunFact, output: string, facts: Fact[]): Promise<void> {
    const place = this.#place(job, output)
    const producer = newProducer(job, run.key)
    const uid = uidOf(place, producer)
    const artifact = await this.#artifacts.tell(uid, place, producer, this.#begunMs(job))
    if (artifact !== undefined) facts.push(artifact)
    if (this.#checksums.differ(uid)) {
      const why = 'its readers recorded different checksums: something else has changed it'
      facts.push(gap('changed-in-place', place.uri, why))
    }
    const edge: ProducedFact = { kind: 'produced', run: run.uid, artifact: uid, evidence: 'recorded' }
    const role = roleOf(output, job.trace?.slots?.outputs)
    facts.push(role === undefined ? edge : { ...edge, role })
  }

  #writerFor(job: Job, input: string, place: Place): Producer | undefined {
    return this.#versions.writerFor(job, place, job.inputNotes.get(input)?.includes('before update') === true)
  }

  /** When the job's execution began, in UTC. */
  #begunMs({ executionIndex: at }: Job): number | undefined {
    const startMs = at === undefined ? undefined : this.#mapping.workdir.executions[at]?.startMs
    const offset = at === undefined ? undefined : this.#mapping.joined.offsets[at]
    return startMs === undefined || offset === undefined ? undefined : startMs - offset
  }

  #place(job: Job, name: string): Place {
    const workDir = this.#workDir(job)
    const known = this.#places.get(name)
    if (known?.workDir === workDir) return known.place
    const place = findPlace(name, workDir)
    if (this.#places.size >= MOST_PLACES) this.#places.clear()
    this.#places.set(name, { workDir, place })
    return place
  }

  /** Where the place was when it was written: the working directory may have moved since. */
  #placeThen(place: Place, writer: Producer | undefined): Place {
    if (writer === undefined || place.relative === undefined) return place
    return findPlace(place.relative, this.#workDir(writer))
  }

  #workDir({ executionIndex: at }: { readonly executionIndex?: number }): string {
    const { byExecution, latest } = this.#mapping.workDirs
    return (at === undefined ? undefined : byExecution[at]) ?? latest
  }
}

/** The folders above a place. */
function* enclosing(key: string): Iterable<string> {
  for (let at = key.lastIndexOf('/'); at > 1; at = key.lastIndexOf('/', at - 1)) yield key.slice(0, at)
}

function roleOf(name: string, slots: Readonly<Record<string, readonly string[]>> | undefined): string | undefined {
  for (const [role, names] of Object.entries(slots ?? {})) if (names.includes(name)) return role
  return undefined
}
