import { StoredRecord } from '../schema.ts'
import type { InputChecksum, OutputRecord, StoreItem } from './record.ts'

/** Where a record was found and what its place says beside its text. */
export interface RecordPlace {
  readonly target: string
  /** For messages. */
  readonly place: string
  readonly jobHash?: string
  readonly writtenMs?: number
}

// Old hashes have up to 19 digits; inside a JSON string the quotes would be escaped.
const JOB_HASH = /[{,]\s*"job_hash":\s*(-?\d+)/

/** A record's JSON text as an item of the store. */
export function parseRecord(text: string, found: RecordPlace): StoreItem {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { kind: 'damaged', place: found.place, message: 'cut or damaged record: not whole JSON' }
  }
  const parsed = StoredRecord.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.join('.') ?? ''
    return { kind: 'damaged', place: found.place, message: `record of another shape at "${where}"` }
  }
  const jobHash = found.jobHash ?? jobHashIn(text)
  return toItem(parsed.data, jobHash === undefined ? found : { ...found, jobHash })
}

/** As a text of its own: a part of the record's text would keep the whole of it in memory. */
function jobHashIn(text: string): string | undefined {
  const digits = JOB_HASH.exec(text)?.[1]
  return digits === undefined ? undefined : BigInt(digits).toString()
}

function toItem(stored: StoredRecord, found: RecordPlace): StoreItem {
  const { rule } = stored
  // Before 5.27 a running job's marker stood in metadata/; a database's stub has no rule.
  if (stored.incomplete === true || stored.incomplete === 1) {
    const startMs = toMs(stored.starttime)
    const external = stored.external_jobid
    return {
      kind: 'incomplete',
      output: {
        target: found.target,
        ...(typeof external === 'string' ? { externalJobId: external } : {}),
        ...(startMs === undefined ? {} : { startMs }),
      },
    }
  }
  if (rule === undefined || rule === null || rule === '') {
    return { kind: 'damaged', place: found.place, message: 'record without a rule' }
  }
  return { kind: 'record', record: toRecord(stored, rule, found) }
}

function toRecord(stored: StoredRecord, rule: string, found: RecordPlace): OutputRecord {
  const container = stored.container_img_url ?? stored.singularity_img_url
  const startMs = toMs(stored.starttime)
  const endMs = toMs(stored.endtime)
  return {
    target: found.target,
    rule,
    inputs: stored.input ?? [],
    logs: stored.log ?? [],
    params: stored.params ?? [],
    format: stored.record_format_version ?? 0,
    checksums: toChecksums(stored.input_checksums ?? {}),
    ...(typeof stored.shellcmd === 'string' ? { shellcmd: stored.shellcmd } : {}),
    ...(typeof stored.code === 'string' ? { code: stored.code } : {}),
    ...(typeof stored.conda_env === 'string' ? { condaEnv: stored.conda_env } : {}),
    ...(typeof container === 'string' ? { container } : {}),
    ...(typeof stored.software_stack_hash === 'string' ? { stackHash: stored.software_stack_hash } : {}),
    ...(found.jobHash === undefined ? {} : { jobHash: found.jobHash }),
    ...(found.writtenMs === undefined ? {} : { writtenMs: found.writtenMs }),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  }
}

/** Before 9.18 the value is a bare sha256, later `algorithm:value`. */
function toChecksums(found: Readonly<Record<string, unknown>>): InputChecksum[] {
  const checksums: InputChecksum[] = []
  for (const [path, text] of Object.entries(found)) {
    const parts = typeof text === 'string' ? /^(?:([\w-]{1,32}):)?([0-9a-fA-F]{8,256})$/.exec(text) : null
    if (parts?.[2] === undefined) continue
    checksums.push({ path, algorithm: (parts[1] ?? 'sha256').toLowerCase(), value: parts[2].toLowerCase() })
  }
  return checksums
}

function toMs(seconds: number | null | undefined): number | undefined {
  if (seconds === undefined || seconds === null || seconds <= 0 || seconds > 8_000_000_000) return undefined
  return seconds * 1000
}
