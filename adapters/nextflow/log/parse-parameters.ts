import type { LogFact } from './log-event.ts'

const MARK = 'Only displaying parameters that differ from the pipeline defaults'

/**
 * The summary that nf-core pipelines print: sections with `name : value` lines. The section on Nextflow itself holds no
 * parameters.
 */
export function parseParameters(text: string): LogFact | undefined {
  if (!text.includes(MARK)) return undefined
  const values: Record<string, string> = {}
  let isEngine = false
  for (const line of text.split('\n')) {
    const [, name, value] = /^ {2}(\w{1,256}) *: (.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      isEngine = line.startsWith(' ') ? isEngine : line === 'Core Nextflow options'
    else if (!isEngine) values[name] = value.trimEnd()
  }
  return { event: 'parameters', values }
}
