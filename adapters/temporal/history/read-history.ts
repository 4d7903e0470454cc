import type { Fact } from '../../../core/adapter.ts'
import type { Execution } from '../keys.ts'
import type { HistoryEvent } from './event.ts'
import { HistoryFold } from './fold.ts'
import { HistoryGrouping } from './grouping.ts'
import type { Piece } from './pieces.ts'
import type { Fields } from './shapes.ts'
import { HistorySurvey } from './survey.ts'

/** Gives the pieces of a source from the beginning, as often as it is called: histories are read twice. */
export type Feed = () => AsyncIterable<Piece>

export interface HistoryOptions {
  /** For gaps: the file, or the execution on its server. */
  readonly place: string
  readonly namespace: string | undefined
  readonly workflowId: string | undefined
  readonly runId?: string
  readonly values: boolean
  /** Histories of a run that was read before with at least as many events are left out. */
  readonly seen: Map<string, number>
}

/** What a first pass found. */
export interface Surveyed {
  readonly histories: readonly HistorySurvey[]
  /** Other objects: descriptions of standalone activities, or something else. */
  readonly objects: readonly Fields[]
  readonly gaps: readonly Extract<Piece, { kind: 'gap' }>[]
}

/** Most histories in a file (an hour of Cloud Export), other objects and gaps that are kept in memory. */
const MOST_OBJECTS = 10_000
const MOST_GAPS = 1000

/** The first pass: how many histories there are, whose they are, and how they ended. */
export async function surveyPieces(feed: Feed): Promise<Surveyed> {
  const grouping = new HistoryGrouping()
  const histories: HistorySurvey[] = []
  const objects: Fields[] = []
  const gaps: Surveyed['gaps'][number][] = []
  for await (const piece of feed()) {
    if (piece.kind === 'event') {
      const group = grouping.groupOf(piece.event.id, piece.list)
      const survey = (histories[group] ??= new HistorySurvey())
      survey.add(piece.event)
    } else if (piece.kind === 'object' && objects.length < MOST_OBJECTS) objects.push(piece.value)
    else if (piece.kind === 'gap' && gaps.length < MOST_GAPS) gaps.push(piece)
  }
  return { histories, objects, gaps }
}

/** The second pass: facts, history after history. Events out of order are sorted in memory first. */
export async function* foldPieces(feed: Feed, surveyed: Surveyed, options: HistoryOptions): AsyncIterable<Fact> {
  for (const { code, message } of surveyed.gaps) yield { kind: 'gap', code, place: options.place, message }
  const grouping = new HistoryGrouping()
  let at = -1
  let current: Folding | undefined
  for await (const piece of feed()) {
    if (piece.kind !== 'event') continue
    const group = grouping.groupOf(piece.event.id, piece.list)
    if (group !== at) {
      if (current !== undefined) yield* current.end()
      at = group
      current = new Folding(surveyed.histories[group] ?? new HistorySurvey(), options)
      yield* current.begin()
    }
    if (current !== undefined) yield* current.add(piece.event)
  }
  if (current !== undefined) yield* current.end()
}

/** One history on its way through the fold: in order as it comes, or collected and sorted. */
class Folding {
  readonly #survey: HistorySurvey
  readonly #options: HistoryOptions
  readonly #fold: HistoryFold | undefined
  readonly #events: HistoryEvent[] = []

  constructor(survey: HistorySurvey, options: HistoryOptions) {
    this.#survey = survey.ascending ? survey : new HistorySurvey()
    this.#options = options
    const execution = survey.ascending ? executionOf(survey, options) : undefined
    const known = execution === undefined ? undefined : options.seen.get(execution.runId)
    const wanted = execution !== undefined && (known ?? 0) < survey.events
    if (execution !== undefined && wanted) options.seen.set(execution.runId, survey.events)
    this.#fold =
      execution !== undefined && wanted ? new HistoryFold(survey, { execution, values: options.values }) : undefined
    this.#collects = !survey.ascending
    this.#nameless = survey.ascending && execution === undefined
  }
  readonly #collects: boolean
  readonly #nameless: boolean;

  *begin(): Generator<Fact, void> {
    if (this.#nameless) {
      const message = 'no first event with a run id: nobody can say whose history this is'
      yield { kind: 'gap', code: 'temporal.unnamed-history', place: this.#options.place, message }
    }
    if (this.#fold !== undefined) yield* this.#fold.begin()
  }

  *add(event: HistoryEvent): Generator<Fact, void> {
    if (this.#collects) this.#events.push(event)
    else if (this.#fold !== undefined) yield* this.#fold.add(event)
  }

  *end(): Generator<Fact, void> {
    if (this.#fold !== undefined) yield* this.#fold.end()
    if (!this.#collects) return
    this.#events.sort((a, b) => a.id - b.id)
    for (const event of this.#events) this.#survey.add(event)
    const sorted = new Folding(this.#survey, this.#options)
    yield* sorted.begin()
    for (const event of this.#events) yield* sorted.add(event)
    yield* sorted.end()
  }
}

function executionOf(survey: HistorySurvey, options: HistoryOptions): Execution | undefined {
  const runId = options.runId ?? survey.runId
  if (survey.started === undefined || runId === undefined) return undefined
  return {
    namespace: options.namespace ?? survey.namespace ?? 'default',
    workflowId: survey.workflowId ?? options.workflowId ?? '(unknown)',
    runId,
  }
}
