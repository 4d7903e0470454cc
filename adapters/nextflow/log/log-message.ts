import type { Line } from '../lines.ts'
import { findMonth } from '../month.ts'

/** One message of a log; `text` may span lines. */
export interface LogMessage {
  readonly line: number
  /** Local time without a year: milliseconds into a leap year. */
  readonly at?: number
  readonly thread: string
  readonly level: string
  readonly logger: string
  readonly text: string
}

const MOST_CHARACTERS = 262_144
const HEAD =
  /^(\S{1,8})-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}) \[(.{0,200}?)\] (TRACE|DEBUG|INFO|WARN|ERROR) {1,2}(\S{1,200}) - /
// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const COLOURS = /\u001B\[[0-9;]*[A-Za-z]/g

/** Joins lines to messages: a line without a head belongs to the message before it. */
export class MessageJoiner {
  #head: Omit<LogMessage, 'text'> | undefined
  #text: string[] = []
  #size = 0

  /** @returns the message that ended before this line */
  add(line: Line, number: number): LogMessage | undefined {
    const head = looksLikeHead(line.text) ? HEAD.exec(line.text) : null
    if (head === null) {
      this.#push(line.text)
      return undefined
    }
    const ended = this.finish()
    const [whole = '', month = '', day, hour, minute, second, milli, thread = '', level = '', logger = ''] = head
    const at = timeInYear(findMonth(month), [day, hour, minute, second, milli])
    this.#head = { line: number, ...(at === undefined ? {} : { at }), thread, level, logger }
    this.#push(line.text.slice(whole.length))
    return ended
  }

  finish(): LogMessage | undefined {
    const head = this.#head
    const text = this.#text.join('\n')
    this.#head = undefined
    this.#text = []
    this.#size = 0
    if (head === undefined) return undefined
    return { ...head, text: text.includes('\u001B') ? text.replace(COLOURS, '') : text }
  }

  #push(text: string): void {
    if (this.#head === undefined || this.#size > MOST_CHARACTERS) return
    this.#size += text.length
    this.#text.push(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text)
  }
}

/** A cheap look before the pattern: `…-dd hh:` somewhere at the beginning. */
function looksLikeHead(text: string): boolean {
  const dash = text.indexOf('-')
  return dash > 0 && dash <= 8 && text.charCodeAt(dash + 3) === 32 && text.charCodeAt(dash + 6) === 58
}

function timeInYear(month: number | undefined, parts: readonly (string | undefined)[]): number | undefined {
  if (month === undefined) return undefined
  const [day = 1, hour = 0, minute = 0, second = 0, milli = 0] = parts.map(Number)
  return Date.UTC(LEAP_YEAR, month, day, hour, minute, second, milli) - Date.UTC(LEAP_YEAR, 0, 1)
}

const LEAP_YEAR = 1972

/** The local time (counted as though it were UTC) of a log's time: in the year that brings it nearest to `nearMs`. */
export function toLogTime(at: number, nearMs: number): number {
  const inLeapYear = new Date(Date.UTC(LEAP_YEAR, 0, 1) + at)
  const year = new Date(nearMs).getUTCFullYear()
  const candidates = [year - 1, year, year + 1].map((candidate) => {
    const moved = new Date(inLeapYear)
    moved.setUTCFullYear(candidate)
    return moved.getTime()
  })
  return candidates.reduce((best, time) => (Math.abs(time - nearMs) < Math.abs(best - nearMs) ? time : best))
}
