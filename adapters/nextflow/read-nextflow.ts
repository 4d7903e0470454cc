import {
  FactStream,
  runUid,
  toUri,
  type ArtifactFact,
  type Fact,
  type FileSource,
  type ReadOptions,
  type RunUid,
} from '../../core/adapter.ts'
import { artifactFact } from './facts/artifact.ts'
import { ENGINE, pipelineFacts, type PipelineFacts } from './facts/pipeline-facts.ts'
import { isOpenFolder, type Output } from './facts/task-edges.ts'
import { taskFacts, taskKey } from './facts/task-facts.ts'
import { taskOfPath } from './find/places.ts'
import { gather, tellsOfFiles } from './join/gather.ts'
import type { Gathered } from './join/gathered.ts'
import { runDisagreements } from './join/disagreements.ts'
import { anonymousKey } from './join/anonymous-key.ts'
import { IntMap } from './join/int-map.ts'
import { MakerBook } from './join/maker-book.ts'
import { hashNumber } from './hash.ts'
import { best, type Pipeline } from './join/pipeline.ts'
import { naturalKey, orderPipelines } from './join/order-pipelines.ts'
import { runParams } from './join/run-params.ts'
import type { TaskView } from './join/task.ts'
import { inOrder } from './join/in-order.ts'
import { inPortions } from './join/in-portions.ts'
import { prepareTask, type PreparedTask } from './join/prepare-task.ts'
import { readIndexRows, TasksOf } from './join/tasks-of.ts'
import { looseTasks } from './join/loose-tasks.ts'
import { readPosted } from './join/posted.ts'
import { CopiedTimes } from './publish/copied-times.ts'
import { Areas } from './publish/areas.ts'
import { MovedFiles } from './publish/moved-files.ts'
import { readOpenFiles, type NamedFile } from './publish/open-files.ts'
import { OutputBook, type Maker } from './publish/output-book.ts'
import { Publications } from './publish/publications.ts'
import { ReadBook } from './publish/read-book.ts'
import { Spans } from './publish/spans.ts'

/** Tasks whose files are read at the same time: more than the disk answers at once brings nothing. */
const TASKS_AHEAD = 16

type Sources = readonly [FileSource, ...FileSource[]]

/** Reads leftovers that belong together: runs first, then their tasks one by one, then what was published. */
export function readNextflow(sources: Sources, options: ReadOptions): FactStream {
  return new FactStream(readPortions(sources, options))
}

async function* readPortions(sources: Sources, options: ReadOptions): AsyncIterable<readonly Fact[]> {
  yield* new Reading(await gather(sources), options).portions()
}

/** The state of one import; what grows with the number of tasks is kept in the books, in few bytes each. */
class Reading {
  readonly #gathered: Gathered
  readonly #options: ReadOptions
  readonly #makers: MakerBook
  readonly #areas = new Areas()
  readonly #spans = new Spans()
  readonly #reads = new ReadBook()
  readonly #moved: MovedFiles
  #files: readonly NamedFile[] = []
  #book = new OutputBook([])
  /** Processes that have been told. */
  readonly #transforms = new Set<string>()
  /** Tasks that have been told, by their short hash as a number; kept only where folders of others may lie beside. */
  readonly #told = new IntMap()
  readonly #hasWorkFolders: boolean
  /** Of the pipeline run that is being read: it and its tasks whose local times are of no use. */
  #timesLeftOut = 0
  readonly #publications: Publications

  constructor(gathered: Gathered, options: ReadOptions) {
    this.#gathered = gathered
    this.#options = options
    this.#makers = new MakerBook(tellsOfFiles(gathered) || gathered.pipelines.all.length > 1)
    this.#hasWorkFolders = gathered.survey.workFolders.length > 0
    this.#moved = new MovedFiles({ places: gathered.places, makerOf: (hash) => this.#makers.of(hash) })
    this.#publications = new Publications({
      places: gathered.places,
      areas: this.#areas,
      moved: this.#moved,
      book: () => this.#book,
      spans: this.#spans,
      isParted: (folder) => this.#makers.isParted(folder),
      readBefore: (path) => this.#reads.firstReader(path),
      makerOf: (path) => this.#makers.of(taskOfPath(path)?.hash),
      noteUse: (path) => {
        const task = taskOfPath(path)
        if (task !== undefined) this.#makers.noteUse(task.hash, path)
      },
    })
  }

  async *portions(): AsyncIterable<readonly Fact[]> {
    const pipelines = await orderPipelines(this.#gathered, this.#options.timezone)
    yield [...this.#roots()]
    await this.#openFiles()
    for (const [order, pipeline] of pipelines.entries()) {
      yield* this.#pipeline(pipeline, order)
      yield this.#gathered.gaps.take()
    }
    const loose = looseTasks(this.#gathered, (shortHash) => this.#told.get(hashNumber(shortHash)) !== undefined)
    yield* this.#tasks(loose, undefined, pipelines.length)
    yield* inPortions(this.#published())
    yield* inPortions(this.#makers.inferred())
    const times = await CopiedTimes.find(this.#gathered, this.#spans)
    yield* inPortions(this.#reads.deferred(this.#publications, this.#gathered.places, times))
    yield this.#gathered.gaps.take()
    yield this.#gathered.gaps.finish()
  }

  *#roots(): Iterable<Fact> {
    for (const { was, now } of this.#gathered.places.moved) {
      const from = toUri(was)
      const to = toUri(`${now.source.uri}${now.path === '' ? '' : `/${encodeURI(now.path)}`}`)
      if (from !== undefined && to !== undefined && from !== to) yield { kind: 'root', was: from, now: to }
    }
  }

  async #openFiles(): Promise<void> {
    this.#files = await readOpenFiles(this.#gathered.open, this.#gathered.places)
    this.#book = new OutputBook(this.#files.map(({ file }) => file))
    for (const { path } of this.#files) this.#reads.watch(path)
  }

  async *#pipeline(pipeline: Pipeline, order: number): AsyncIterable<readonly Fact[]> {
    const key = (await anonymousKey(pipeline)) ?? naturalKey(pipeline)
    const params = await runParams(this.#gathered, pipeline)
    const facts = pipelineFacts(pipeline, key, params)
    for (const gap of runDisagreements(pipeline)) this.#gathered.gaps.add(gap)
    yield [facts.transform, facts.run]
    this.#makers.startPipeline(pipeline.session, facts.key)
    this.#learnAreas(pipeline, order, params)
    this.#spans.add(order, facts.run.startedAt, facts.run.endedAt)
    yield* inPortions(this.#fetched(pipeline, facts))
    for (const { path, pipeline: writer } of this.#gathered.stores.flatMap((store) => store.written)) {
      if (writer === pipeline) yield [...this.#written(path, facts, order)]
    }
    const lookups = {
      index: await readIndexRows(this.#gathered, pipeline),
      ...(await readPosted(this.#gathered, pipeline)),
    }
    const tasks = new TasksOf(this.#gathered, pipeline, lookups)
    this.#timesLeftOut = facts.timesLeftOut ? 1 : 0
    yield* this.#tasks(tasks.all(), facts, order)
    this.#sayZone(pipeline)
  }

  /** Times without a zone are not told; that they are there is. */
  #sayZone({ zone, traces, records, runName }: Pipeline): void {
    if (zone !== undefined || this.#timesLeftOut === 0) return
    const place = traces[0]?.path ?? records[0]?.origin.path ?? ''
    const many = this.#timesLeftOut === 1 ? '1 run' : `${this.#timesLeftOut} runs`
    const message = `times of ${many} (${runName ?? 'unnamed'}) are local and no source tells the zone: left out; --timezone tells it`
    this.#gathered.gaps.say('time.zone-unknown', place, message)
  }

  #learnAreas(pipeline: Pipeline, order: number, params: Readonly<Record<string, unknown>>): void {
    const launch =
      best(pipeline, 'launchDir') ?? this.#gathered.places.original({ source: this.#gathered.launch, path: '' })
    if (launch !== undefined) this.#areas.addLaunchDir(launch)
    this.#areas.addParameters(order, params, launch)
    const outputDir = best(pipeline, 'outputDir')
    if (outputDir !== undefined) this.#areas.addParameters(order, { outputDir }, launch)
    for (const target of pipeline.targets) this.#areas.addFile(order, target)
  }

  /** Remote inputs that the engine copied into its work folder for this run. */
  *#fetched(pipeline: Pipeline, facts: PipelineFacts): Iterable<Fact> {
    for (const { path } of pipeline.foreign) {
      const artifact = artifactFact(path)
      if (artifact === undefined) continue
      yield artifact
      yield { kind: 'produced', run: facts.run.uid, artifact: artifact.uid, role: 'fetched', evidence: 'recorded' }
    }
  }

  /** A file that the engine itself wrote, as the index of an `output` block. */
  *#written(path: string, facts: PipelineFacts, order: number): Iterable<Fact> {
    const artifact = artifactFact(path, { version: facts.key })
    if (artifact === undefined) return
    yield artifact
    yield { kind: 'produced', run: facts.run.uid, artifact: artifact.uid, evidence: 'recorded' }
    this.#publications.addVersion(path, { uid: artifact.uid, order })
    this.#reads.own(path)
  }

  async *#tasks(
    views: AsyncIterable<readonly TaskView[]>,
    pipeline: PipelineFacts | undefined,
    order: number,
  ): AsyncIterable<readonly Fact[]> {
    const prepared = inOrder(views, TASKS_AHEAD, (view) => prepareTask(view, this.#gathered))
    for await (const tasks of prepared) {
      const facts: Fact[] = []
      for (const task of tasks) {
        for (const gap of task.gaps) this.#gathered.gaps.add(gap)
        const writer = this.#task(task, pipeline, order, facts)
        if (writer !== undefined) await this.#produced(task, writer, order, facts)
        for (const gap of this.#gathered.gaps.take()) facts.push(gap)
      }
      yield facts
    }
  }

  /** The run of a task and what it read. @returns who wrote its outputs, where there are any */
  #task(
    task: PreparedTask,
    pipeline: PipelineFacts | undefined,
    order: number,
    facts: Fact[],
  ): (Maker & { readonly run: RunUid }) | undefined {
    const { view, folder, made } = task
    if (folder?.script?.isArray === true) return undefined
    if (this.#hasWorkFolders) this.#told.set(hashNumber(view.shortHash), 1)
    const key = taskKey(view, pipeline)
    const uid = runUid(ENGINE, key)
    const maker = view.isCached ? this.#makers.findExecuted(view, order, uid) : undefined
    const { transform, run, timesLeftOut } = taskFacts(task, { uid, pipeline, reuses: maker?.uid })
    if (!this.#transforms.has(transform.uid)) facts.push(transform)
    this.#transforms.add(transform.uid)
    facts.push(run)
    if (timesLeftOut) this.#timesLeftOut++
    for (const input of task.inputs) this.#consumed(input, uid, order, facts)
    const isOver = run.outcome === 'succeeded' || run.outcome === 'cached'
    const mayBeOver = view.isDoubtful === true && run.outcome === 'unknown' // it is, if others use what it made
    if (!view.isCached) {
      this.#makers.note(view, order, isOver && made.isListed ? 'listed' : isOver || mayBeOver ? 'unlisted' : 'failed')
    }
    const mayHaveMoved = isOver && folder !== undefined && this.#files.length > 0
    if (mayHaveMoved && task.workDir !== undefined) this.#moved.note(task.workDir, folder)
    if (!isOver || made.outputs.length + made.gone.length === 0) return undefined
    return { run: uid, key: maker?.key ?? key, order: maker?.order ?? order }
  }

  #consumed(input: PreparedTask['inputs'][number], run: RunUid, order: number, facts: Fact[]): void {
    const edge = { run, evidence: 'recorded', ...(input.role === undefined ? {} : { role: input.role }) } as const
    const task = taskOfPath(input.path)
    if (task !== undefined) this.#makers.noteUse(task.hash, input.path)
    else if (this.#reads.defer(input.path, edge, order)) return
    const { stat } = input
    // What was written since may be other bytes than those that were read.
    const isSame = task !== undefined || stat?.type !== 'file' || !this.#spans.isOver(order, stat.modifiedMs)
    const artifact = artifactFact(input.path, isSame && stat !== undefined ? { stat } : {})
    if (artifact === undefined) return
    facts.push(artifact, { kind: 'consumed', artifact: artifact.uid, ...edge })
  }

  async #produced(
    { made }: PreparedTask,
    writer: Maker & { readonly run: RunUid },
    order: number,
    facts: Fact[],
  ): Promise<void> {
    for (const output of made.outputs) {
      const artifact = this.#output(output, writer, facts)
      if (artifact === undefined) continue
      if (output.isStored) {
        this.#publications.addVersion(output.path, { uid: artifact.uid, order: writer.order, isOwn: true })
        this.#reads.own(output.path)
      } else if (output.found !== undefined) await this.#book.add(output.found, writer, order, output.passedOn?.from)
    }
    for (const path of made.gone) this.#book.addMissing(path, writer, order)
  }

  #output(output: Output, writer: Maker & { readonly run: RunUid }, facts: Fact[]): ArtifactFact | undefined {
    const stat = output.found?.stat
    const artifact = artifactFact(output.path, {
      ...(output.isStored ? { version: writer.key } : {}),
      ...(stat === undefined ? {} : { stat }),
    })
    if (artifact === undefined) return undefined
    if (isOpenFolder(output) && this.#makers.holdFolder(artifact, output.path)) return artifact
    facts.push(artifact, { kind: 'produced', run: writer.run, artifact: artifact.uid, evidence: output.evidence })
    const source = output.passedOn === undefined ? undefined : artifactFact(output.passedOn.from)
    if (output.passedOn === undefined || source === undefined) return artifact
    const { how: method } = output.passedOn
    facts.push(source, { kind: 'copied', from: source.uid, to: artifact.uid, method, evidence: 'recorded' })
    return artifact
  }

  async *#published(): AsyncIterable<Fact> {
    for (const store of this.#gathered.stores) {
      for await (const copy of store.copies()) {
        const maker = this.#makers.of(taskOfPath(copy.from)?.hash)
        const version = maker === undefined ? {} : { version: maker.key }
        this.#publications.record({ ...copy, order: maker?.order ?? 0, ...version })
      }
    }
    for (const { file, path } of this.#files) {
      if (this.#reads.isOwn(path)) continue
      yield* this.#publications.factsOf(file, path)
    }
    yield* this.#publications.rest()
  }
}
