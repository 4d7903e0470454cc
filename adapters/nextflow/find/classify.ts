import { isTrace } from '../trace/read-trace.ts'
import type { Place } from './places.ts'

/** Leftovers that are single files. */
export type LeftoverKind = 'trace' | 'report' | 'timeline' | 'dag' | 'log' | 'weblog' | 'params' | 'history'

/** Enough for a trace's header line or the head of a report (its title stands behind a licence text). */
const BEGINNING_BYTES = 4096
/** An event of 20.x drags 10 kB of time zone tables before the keys that tell what it is. */
const EVENT_BYTES = 65_536
const HISTORY_LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\t[^\t]*\t[^\t]*\t(OK|ERR|-)\t[^\t]*\t[0-9a-f]{8}-[0-9a-f-]{27}\t/
const LOG_LINE = /^[A-Z][a-zé]{2,4}\.?-\d\d \d\d:\d\d:\d\d\.\d{3} \[[^\]]+\] [A-Z]+ +\S+ - /

/** What a file is, by its name and its first bytes; `undefined` for everything that is not the engine's. */
export async function classify(place: Place, name: string): Promise<LeftoverKind | undefined> {
  if (/^params_[0-9_-]+\.json$/.test(name)) return 'params'
  if (/\.(mmd|dot|gexf)(\.\d+)?$/.test(name)) {
    const beginning = await readBeginning(place, BEGINNING_BYTES)
    return beginning !== undefined && isGraph(beginning) ? 'dag' : undefined
  }
  if (!/\.(txt|tsv|csv|html?|log|ndjson|jsonl|json|trace)(\.\d+)?$|trace|^history$/i.test(name)) return undefined
  const isJson = /\.(ndjson|jsonl|json)(\.\d+)?$/i.test(name)
  const beginning = await readBeginning(place, isJson ? EVENT_BYTES : BEGINNING_BYTES)
  if (beginning === undefined) return undefined
  if (name === 'history') return HISTORY_LINE.test(beginning) ? 'history' : undefined
  if (/\.html?(\.\d+)?$/i.test(name)) return classifyHtml(beginning)
  if (isJson) return isWeblog(beginning) ? 'weblog' : undefined
  if (LOG_LINE.test(beginning)) return 'log'
  return isTrace(beginning) ? 'trace' : undefined
}

function classifyHtml(beginning: string): LeftoverKind | undefined {
  if (/<title>(\[[^\]]*\] )?Nextflow Workflow Report<\/title>/.test(beginning)) return 'report'
  if (!/Copyright \d{4}-\d{4}, (Seqera Labs|Centre for Genomic Regulation)/.test(beginning)) return undefined
  return /^\s*<!doctype/i.test(beginning) ? 'timeline' : 'dag'
}

/** As Nextflow draws them: nodes are `v0`, before that `p0`. Other graphs may be results. */
function isGraph(beginning: string): boolean {
  if (/^digraph "[^"\n]*" \{\s+(?:rankdir=\w+;?\s+)?[vp]0 \[/.test(beginning)) return true
  if (/^\s*(?:%%\{[^%]*\}%%\s+)?flowchart (?:TB|LR)\s/.test(beginning)) return /\n\s+v0[[(]/.test(beginning)
  return beginning.includes('<gexf') && /nextflow/i.test(beginning)
}

/** One posted event a line. Histories of Temporal have `runId` and `metadata` too, only Nextflow names its runs. */
function isWeblog(beginning: string): boolean {
  return /^\s*\{/.test(beginning) && /"runName"\s*:/.test(beginning) && !beginning.includes('"@context"')
    ? /"(event|metadata|trace|utcTime)"\s*:/.test(beginning)
    : false
}

async function readBeginning({ source, path }: Place, bytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of source.open(path, { start: 0, end: bytes })) {
      text += decoder.decode(chunk, { stream: true })
    }
  } catch {
    return undefined // a link that leads nowhere, or no permission: it is not read as a leftover
  }
  return text
}
