import type { HistoryEvent } from './event.ts'
import { countAt, fieldsAt, member, textAt, toWord } from './shapes.ts'

/** An activity that was closed before any attempt began: no run, but told with its workflow's. */
export interface Unstarted {
  readonly activityType: string
  readonly activityId: string
  readonly why: string
}

const TIMEOUT_TYPES = ['', 'START_TO_CLOSE', 'SCHEDULE_TO_START', 'SCHEDULE_TO_CLOSE', 'HEARTBEAT']
const MOST = 1000

/** Finds activities that closed without ACTIVITY_TASK_STARTED: nobody took them in time, or they were cancelled first. */
export class UnstartedActivities {
  readonly list: Unstarted[] = []
  readonly #waiting = new Map<number, Omit<Unstarted, 'why'>>()

  add(event: HistoryEvent): void {
    const { attributes, type } = event
    if (type === 'activityTaskScheduled') {
      const activityType = textAt(fieldsAt(attributes, 'activityType'), 'name') ?? '(unknown)'
      this.#waiting.set(event.id, { activityType, activityId: textAt(attributes, 'activityId') ?? String(event.id) })
      return
    }
    const id = countAt(attributes, 'scheduledEventId') ?? 0
    const waiting = this.#waiting.get(id)
    if (waiting === undefined || type === 'activityTaskCancelRequested') return
    this.#waiting.delete(id)
    if (type === 'activityTaskStarted' || this.list.length >= MOST) return
    const timeout = fieldsAt(fieldsAt(attributes, 'failure'), 'timeoutFailureInfo')
    const why = toWord(member(timeout, 'timeoutType'), 'TIMEOUT_TYPE_', TIMEOUT_TYPES)
    this.list.push({ ...waiting, why: why?.toLowerCase() ?? type.replace('activityTask', '').toLowerCase() })
  }
}
