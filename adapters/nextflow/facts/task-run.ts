import type { RunFact } from '../../../core/adapter.ts'
import { told, type TaskFields, type TaskView } from '../join/task.ts'

type Requested = NonNullable<RunFact['requested']>
type Used = NonNullable<RunFact['used']>

/** What the task asked for; `undefined` when nothing is known. */
export function requestedOf(fields: TaskFields): Requested | undefined {
  const { cpus, memoryBytes, diskBytes, timeMs, accelerators } = fields
  return known<Requested>({
    accelerators: measured(accelerators),
    cpus: measured(cpus),
    diskBytes: measured(diskBytes),
    memoryBytes: measured(memoryBytes),
    timeMs: measured(timeMs),
  })
}

/** What it used. Read and written bytes are those of the calls (`rchar`, `wchar`): they count cached reads too. */
export function usedOf(fields: TaskFields): Used | undefined {
  return known<Used>({
    cpuPercent: measured(fields.cpuPercent),
    memoryPercent: measured(fields.memoryPercent),
    peakRssBytes: measured(fields.peakRssBytes),
    peakVmemBytes: measured(fields.peakVmemBytes),
    readBytes: measured(fields.readCharBytes ?? fields.readBytes),
    realtimeMs: measured(fields.realtimeMs),
    rssBytes: measured(fields.rssBytes),
    vmemBytes: measured(fields.vmemBytes),
    writeBytes: measured(fields.writeCharBytes ?? fields.writeBytes),
  })
}

/** The engine's words worth finding again. */
export function labelsOf(view: TaskView): Labels | undefined {
  const fields = told(view)
  let labels: Labels | undefined
  labels = said(labels, 'cpuModel', fields.cpuModel)
  labels = said(labels, 'errorAction', fields.errorAction ?? view.logged?.errorAction)
  labels = said(labels, 'module', fields.module)
  labels = said(labels, 'nativeId', view.isCached ? undefined : fields.nativeId)
  labels = said(labels, 'queue', fields.queue)
  labels = said(labels, 'scratch', fields.scratch)
  return said(labels, 'tag', fields.tag)
}

type Labels = Record<string, string>

function said(labels: Labels | undefined, name: string, value: string | undefined): Labels | undefined {
  if (value === undefined) return labels
  if (labels === undefined) return { [name]: value }
  labels[name] = value
  return labels
}

/** Negative numbers were never measured. */
function measured(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** `undefined` when there is nothing in it. */
function known<T extends object>(values: T): T | undefined {
  for (const name in values) if (values[name] !== undefined) return values
  return undefined
}
