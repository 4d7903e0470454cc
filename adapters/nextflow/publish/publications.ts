import type { Digest, Fact, Stat } from '../../../core/adapter.ts'
import { toIso } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
import { taskOfPath } from '../find/places.ts'
import { makerUid } from '../join/maker-book.ts'
import { Contests } from './contests.ts'
import { matchFile, type Match } from './match.ts'
import { LEADS_TO_TASK, listBelow, type OpenFile } from './open-files.ts'
import { MOST_MEMBERS, nameOf, type Candidate } from './output-book.ts'
import type { PublishContext, PublishedVersion, RecordedPublication } from './publish-context.ts'
import { ambiguousFacts, changedFacts, digestOf, type Undecided } from './versions-of-now.ts'

interface UnclaimedFile {
  readonly file: OpenFile
  readonly path: string
}

const MAYBE_MOVED = 'tasks that ran when the file was written declared something of its form and no longer have it'

/** Ties published files to tasks, and remembers which versions of a path there are. */
export class Publications {
  readonly #context: PublishContext
  readonly #recorded = new Map<string, RecordedPublication[]>()
  readonly #versions = new Map<string, PublishedVersion[]>()
  readonly #contests: Contests
  readonly #undecided: Undecided[] = []
  /** Files whose bytes tasks left under other names: looked at again when it is known where runs publish to. */
  readonly #later: (UnclaimedFile & { readonly recorded: readonly RecordedPublication[] })[] = []
  /** Files whose bytes no task left. */
  readonly #unclaimed: UnclaimedFile[] = []
  /** Copied folders that have been told. */
  readonly #folders = new Set<string>()
  /** Published folders that hold some of a task's folder only. */
  readonly #parts = new Set<string>()

  constructor(context: PublishContext) {
    this.#context = context
    this.#contests = new Contests(context.places)
  }

  record(publication: RecordedPublication): void {
    const known = this.#recorded.get(publication.to) ?? []
    if (!known.some((each) => each.from === publication.from)) known.push(publication)
    this.#recorded.set(publication.to, known)
  }

  /** A version that a run wrote there itself (`storeDir`, index files). */
  addVersion(path: string, version: PublishedVersion): void {
    this.#versions.set(path, [...(this.#versions.get(path) ?? []), version])
  }

  versions(path: string): readonly PublishedVersion[] {
    return this.#versions.get(path) ?? []
  }

  /** Facts of one file that lies outside, as far as anything is known of it. */
  async *factsOf(file: OpenFile, path: string): AsyncIterable<Fact> {
    const recorded = [...(this.#recorded.get(path) ?? [])].sort((a, b) => (a.createdMs ?? 0) - (b.createdMs ?? 0))
    this.#recorded.delete(path)
    if (file.target !== undefined) {
      if (recorded.length > 0 || this.#isPublished(path, file.target))
        yield* this.#linkFacts(path, file.target, recorded)
    } else yield* this.#copyFacts(file, path, recorded)
  }

  /**
   * Whether a run made the link: it leads into a work folder or to something that a run wrote, or it lies where a run
   * publishes to (an input that was passed on). Links of the user's own, to data elsewhere, are no copies of anything.
   */
  #isPublished(path: string, target: string): boolean {
    return LEADS_TO_TASK.test(target) || this.versions(target).length > 0 || this.#context.areas.publishesAny(path)
  }

  /** What could not be settled file by file, and recorded publications of which no file is left. */
  async *rest(): AsyncIterable<Fact> {
    for (const { file, path, recorded } of this.#later) yield* this.#copyFacts(file, path, recorded, true)
    yield* this.#settle()
    for (const { file, path } of this.#unclaimed) yield* this.#movedFacts(file, path)
    for (const recorded of this.#recorded.values())
      for (const each of recorded) yield* this.#recordedFacts(each, 'copy', {})
    this.#recorded.clear()
  }

  async *#linkFacts(path: string, target: string, recorded: readonly RecordedPublication[]): AsyncIterable<Fact> {
    for (const each of recorded) if (each.from !== target) yield* this.#recordedFacts(each, 'copy', {})
    const named = recorded.find((each) => each.from === target)
    const maker = this.#context.makerOf(target)
    this.#context.noteUse(target)
    const end = await this.#context.places.find(target)
    const stat = end?.stat
    yield* this.#edge(target, path, {
      method: 'symlink',
      evidence: 'observed',
      version: named?.version ?? maker?.key,
      order: named?.order ?? maker?.order ?? -1,
      ...(stat === undefined ? {} : { stat }),
      ...(named?.createdMs === undefined ? {} : { createdMs: named.createdMs }),
    })
  }

  async *#copyFacts(
    file: OpenFile,
    path: string,
    recorded: readonly RecordedPublication[],
    isLast = false,
  ): AsyncIterable<Fact> {
    const { stat } = file
    const current = await this.#currentOf(file, recorded)
    for (const each of recorded) if (each !== current.publication) yield* this.#recordedFacts(each, 'copy', {})
    if (current.publication !== undefined) {
      yield* this.#recordedFacts(current.publication, current.method, { stat, ...digestOf(current.digest) })
      return
    }
    const { areas, spans } = this.#context
    const readBefore = this.#context.readBefore(path)
    const isNewer = readBefore !== undefined && spans.isAfter(readBefore, stat.modifiedMs)
    const match = await matchFile(file, {
      book: this.#context.book(),
      areas,
      path,
      writers: spans.at(stat.modifiedMs),
      isRunTime: (ms) => spans.at(ms).size > 0,
      isLast,
      ...(readBefore === undefined || isNewer ? {} : { readBefore }),
    })
    if (match.kind === 'one') yield* this.#matchFacts(match, path, stat)
    else if (match.kind === 'several') this.#undecided.push({ path, stat, match, isNewer })
    else if (match.isEqual === true) this.#later.push({ file, path, recorded })
    else if (recorded.length > 0) yield* changedFacts(path, stat, match.digest ?? current.digest)
    else if (readBefore === undefined) this.#unclaimed.push({ file, path })
  }

  /** A file that a task's script names and that its folder lacks, written while the task ran: it was moved away. */
  async *#movedFacts(file: OpenFile, path: string): AsyncIterable<Fact> {
    const { areas, moved } = this.#context
    const candidates = await moved.candidates(path, file.stat)
    const isAmong = areas.isAmongPublished(path) || areas.publishesAny(path)
    const lacking = this.#context.book().gone(file)
    const proven = candidates.filter(
      ({ isNamed, isExact, mayBeCleaned, path: from }) =>
        (isNamed || (isExact && isAmong)) && !(mayBeCleaned && lacking.some((each) => each.path !== from)),
    )
    const [only] = proven
    if (only !== undefined && proven.length === 1) {
      const from = { ...only, place: file.place }
      yield* this.#matchFacts({ kind: 'one', from, method: 'move', isSeen: false }, path, file.stat)
    } else if (candidates.length > 1 && isAmong) {
      const match = { candidates: proven.length > 0 ? proven : candidates }
      yield* ambiguousFacts({ path, stat: file.stat, match, isNewer: false, why: MAYBE_MOVED })
    }
  }

  /** Which recorded publication the bytes belong to: the last one whose source is equal, or can no longer be asked. */
  async #currentOf(
    file: OpenFile,
    recorded: readonly RecordedPublication[],
  ): Promise<{ publication?: RecordedPublication; method: 'copy' | 'link' | 'move'; digest?: Digest }> {
    let digest: Digest | undefined
    for (const each of [...recorded].reverse()) {
      const source = await this.#context.places.find(each.from)
      if (source === undefined) {
        const isGone = (await this.#folderOf(each.from)) !== undefined
        if (each.sizeBytes === undefined || each.sizeBytes === file.stat.sizeBytes) {
          return { publication: each, method: isGone ? 'move' : 'copy', ...digestOf(digest) }
        }
        continue
      }
      if (source.stat.fileId !== undefined && source.stat.fileId === file.stat.fileId)
        return { publication: each, method: 'link' }
      if (source.stat.type !== 'file' || source.stat.sizeBytes !== file.stat.sizeBytes) continue
      digest ??= await file.place.source.digest(file.place.path)
      const other = digest && (await source.source.digest(source.path))
      if (digest?.value === other?.value) return { publication: each, method: 'copy', ...digestOf(digest) }
    }
    return { method: 'copy', ...digestOf(digest) }
  }

  /** The task's folder is still there though the file in it is not: it was moved out. */
  async #folderOf(path: string): Promise<unknown> {
    const task = taskOfPath(path)
    return task === undefined ? undefined : this.#context.places.find(path.slice(0, path.length - task.rest.length - 1))
  }

  async *#matchFacts(match: Extract<Match, { kind: 'one' }>, path: string, stat: Stat): AsyncIterable<Fact> {
    const { maker, path: from, folder } = match.from
    const evidence = match.isSeen && match.method === 'link' ? 'observed' : 'inferred'
    const version = { version: maker.key, order: maker.order }
    yield* this.#edge(from, path, { method: match.method, evidence, ...version, stat, ...digestOf(match.digest) })
    const copied = await this.#copiedFolder(match.from, path)
    if (folder !== undefined && copied !== undefined && !this.#folders.has(copied)) {
      this.#folders.add(copied)
      const isFolder: Stat = { type: 'folder', sizeBytes: 0, modifiedMs: Number.NaN }
      yield* this.#edge(folder, copied, { method: match.method, evidence, ...version, stat: isFolder })
    }
    if (match.method !== 'move') return
    const made = artifactFact(from)
    const how = 'declared, gone from the task folder, and published under its name'
    if (made !== undefined) {
      yield { kind: 'produced', run: makerUid(maker.key), artifact: made.uid, evidence: 'inferred', method: how }
    }
  }

  /** The published folder, when the file lies in it as it lay in the task's and the folder was published as a whole. */
  async #copiedFolder({ path: from, folder, isFolderDeclared }: Candidate, to: string): Promise<string | undefined> {
    const copied = folder === undefined ? undefined : copiedFolder(from, folder, to)
    if (folder === undefined || isFolderDeclared !== false) return copied
    const mayBeFolder = copied !== undefined && !this.#context.isParted(folder)
    if (mayBeFolder && (await this.#isWhole(folder, copied))) return copied
    this.#context.noteUse(from)
    return undefined
  }

  /** All that lies in the task's folder lies in the published one too. */
  async #isWhole(folder: string, copied: string): Promise<boolean> {
    if (this.#folders.has(copied)) return true
    const { places } = this.#context
    const place = await places.find(folder)
    if (place === undefined || this.#parts.has(copied)) return false
    for (const name of await listBelow(place.source, place.path, MOST_MEMBERS)) {
      if ((await places.find(`${copied}/${name}`)) !== undefined) continue
      this.#parts.add(copied)
      return false
    }
    return true
  }

  /** Files whose bytes several tasks left, once all others are settled. */
  async *#settle(): AsyncIterable<Fact> {
    for (const undecided of this.#undecided) {
      const { path, stat, match } = undecided
      const winner = await this.#contests.winner(path, match.candidates)
      if (winner === undefined) yield* ambiguousFacts(undecided)
      else {
        const one = { kind: 'one', from: winner, method: 'copy', isSeen: false, ...digestOf(match.digest) } as const
        yield* this.#matchFacts(one, path, stat)
      }
    }
    this.#undecided.length = 0
  }

  *#recordedFacts(
    each: RecordedPublication,
    method: 'copy' | 'link' | 'move',
    seen: { stat?: Stat; digest?: Digest },
  ): Iterable<Fact> {
    yield* this.#edge(each.from, each.to, {
      method,
      evidence: 'recorded',
      version: each.version,
      order: each.order,
      ...seen,
      ...(each.createdMs === undefined ? {} : { createdMs: each.createdMs }),
    })
  }

  *#edge(
    from: string,
    to: string,
    edge: {
      readonly method: 'copy' | 'link' | 'symlink' | 'move' | 'same-content'
      readonly evidence: 'recorded' | 'observed' | 'inferred'
      readonly version: string | undefined
      readonly order: number
      readonly stat?: Stat
      readonly digest?: Digest
      readonly createdMs?: number
    },
  ): Iterable<Fact> {
    const source = artifactFact(from, edge.stat !== undefined && edge.method === 'symlink' ? { stat: edge.stat } : {})
    const details = {
      ...(edge.version === undefined ? {} : { version: edge.version }),
      ...statOf(edge.stat),
      ...digestOf(edge.digest),
    }
    const target = artifactFact(to, details)
    if (source === undefined || target === undefined) return
    yield source
    yield target
    const at = toIso(edge.createdMs)
    const { method, evidence } = edge
    yield { kind: 'copied', from: source.uid, to: target.uid, method, evidence, ...(at === undefined ? {} : { at }) }
    this.addVersion(to, { uid: target.uid, order: edge.order })
    if (edge.evidence !== 'recorded' && LEADS_TO_TASK.test(from)) this.#context.areas.learn(to)
    if (edge.stat !== undefined) this.#contests.won(from, to)
  }
}

/** The published folder, when a copied file lies in it as it lay in the task's. */
function copiedFolder(from: string, folder: string, to: string): string | undefined {
  const rest = from.slice(folder.length)
  if (!to.endsWith(rest)) return undefined
  const copied = to.slice(0, to.length - rest.length)
  return nameOf(copied) === nameOf(folder) ? copied : undefined
}

function statOf(stat: Stat | undefined): { stat?: Stat } {
  return stat === undefined ? {} : { stat }
}
