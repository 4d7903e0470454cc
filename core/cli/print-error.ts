import { toJsonText } from '../fact/json-text.ts'
import { isStemmaError, type StemmaError } from '../errors.ts'
import { visible } from './text-width.ts'

/** How an error is shown. */
export interface ErrorStyle {
  readonly json: boolean
  readonly debug: boolean
}

const REPORT =
  'This is a defect of Stemma, not of your data. Please report it with the output of the same command with --debug.'

/** What goes to stderr: one line on what failed and one of advice, or a JSON document. Ends in a newline. */
export function describeError(error: unknown, style: ErrorStyle): string {
  const { code, message, detail, advice } = partsOf(error)
  const stack = style.debug ? `${stackOf(error)}\n` : ''
  if (style.json) {
    const document = { error: { code, message, detail, advice, ...(style.debug ? { stack: stackOf(error) } : {}) } }
    return `${toJsonText(document)}\n`
  }
  return `stemma: ${visible(message)}\n${advice.split('\n').map(visible).join('\n')}\n${stack}`
}

function partsOf(error: unknown): Pick<StemmaError, 'message' | 'detail' | 'advice'> & { code: string } {
  if (isStemmaError(error)) return error
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { code: 'defect', message: `unexpected error: ${message}`, detail: {}, advice: REPORT }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`
}
