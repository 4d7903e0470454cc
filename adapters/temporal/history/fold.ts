import { findReferences } from '../../../core/adapter.ts'
import type { Fact, RunUid } from '../../../core/adapter.ts'
import { FactMaker } from '../fact-maker.ts'
import { workflowUid } from '../keys.ts'
import type { Execution } from '../keys.ts'
import { attemptEdges, attemptFacts } from './activity-facts.ts'
import type { Attempt } from './activity-facts.ts'
import { childFacts, stub } from './children.ts'
import type { HistoryEvent } from './event.ts'
import { localAttempt } from './local-activities.ts'
import { Mentions } from './mentions.ts'
import { parsePayloads, readableValues } from './payload.ts'
import { RemoteActivities } from './remote-activities.ts'
import { fieldsAt, member, textAt } from './shapes.ts'
import type { HistorySurvey } from './survey.ts'
import { workflowRun, workflowType } from './workflow-facts.ts'

export interface FoldOptions {
  readonly execution: Execution
  readonly values: boolean
}

/**
 * The second pass over one history: facts of its run, attempts, children and files. What a reset run repeats of its
 * base belongs to the base and is only remembered, so that later attempts know their files.
 */
export class HistoryFold {
  readonly #survey: HistorySurvey
  readonly #options: FoldOptions
  readonly #maker = new FactMaker()
  readonly #mentions = new Mentions()
  readonly #activities: RemoteActivities

  constructor(survey: HistorySurvey, options: FoldOptions) {
    this.#survey = survey
    this.#options = options
    this.#activities = new RemoteActivities(options.values, survey.secrets)
  }

  /** The run itself, and its parent where it has one. */
  *begin(): Generator<Fact, void> {
    const args = readableValues(this.#survey.args)
    this.#mentions.note(findReferences(args, 'args'))
    const parent = yield* this.#parent()
    const transform = yield* this.#maker.transform('workflow', workflowType(this.#survey))
    const { execution, values } = this.#options
    yield workflowRun(this.#survey, { execution, transform, parent, values })
  }

  *add(event: HistoryEvent): Generator<Fact, void> {
    const execution = {
      ...this.#options.execution,
      runId: this.#survey.ownerOf(event.id) ?? this.#options.execution.runId,
    }
    const inherited = execution.runId !== this.#options.execution.runId
    if (event.type.startsWith('activityTask')) {
      yield* this.#attempt(this.#activities.add(event, execution, this.#survey.sdk), inherited)
    } else if (event.type === 'markerRecorded') {
      const context = { sdk: this.#survey.sdk, values: this.#options.values, secrets: this.#survey.secrets }
      yield* this.#attempt(localAttempt(event, execution, context), inherited)
    } else {
      this.#note(event)
      const isChild = event.type.startsWith('childWorkflowExecution') && !inherited
      if (isChild) yield* childFacts(event, workflowUid(execution.runId), execution.namespace, this.#maker)
    }
  }

  *end(): Generator<Fact, void> {
    for (const attempt of this.#activities.open(this.#survey.sdk)) {
      const inherited = attempt.execution.runId !== this.#options.execution.runId
      yield* this.#attempt(attempt, inherited)
    }
  }

  *#attempt(attempt: Attempt | undefined, inherited: boolean): Generator<Fact, void> {
    if (attempt === undefined) return
    if (inherited) attemptEdges(attempt, this.#mentions)
    else yield* attemptFacts(attempt, this.#maker, this.#mentions)
  }

  /** Files that come in by messages, children and nexus operations are known from then on. */
  #note(event: HistoryEvent): void {
    const { attributes } = event
    const update = fieldsAt(fieldsAt(attributes, 'acceptedRequest'), 'input')
    const slots = event.type === 'workflowExecutionUpdateAccepted' ? [member(update, 'args')] : NOTED.get(event.type)
    for (const slot of slots ?? []) {
      const values = readableValues(parsePayloads(typeof slot === 'string' ? member(attributes, slot) : slot))
      this.#mentions.note(findReferences(values, 'args'))
    }
  }

  *#parent(): Generator<Fact, RunUid | undefined> {
    const started = this.#survey.started?.attributes ?? {}
    const parent = fieldsAt(started, 'parentWorkflowExecution')
    const runId = textAt(parent, 'runId')
    const workflowId = textAt(parent, 'workflowId')
    if (runId === undefined || workflowId === undefined) return undefined
    const namespace = textAt(started, 'parentWorkflowNamespace') ?? this.#options.execution.namespace
    return yield* stub(
      { execution: { namespace, workflowId, runId }, type: undefined, outcome: 'unknown' },
      this.#maker,
    )
  }
}

const NOTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['workflowExecutionSignaled', ['input']],
  ['childWorkflowExecutionCompleted', ['result']],
  ['nexusOperationCompleted', ['result']],
])
