import type { RunFact } from '../../../core/adapter.ts'
import { told, type TaskFields, type TaskView } from '../join/task.ts'

type Requested = NonNullable<RunFact['requested']>
type Used = NonNullable<RunFact['used']>

/** What the task asked for; `undefined` when nothing is known. */
export function requestedOf(fields: TaskFields): Requested | undefined {
  let known: Measures | undefined
  known = measured(known, 'cpus', fields.cpus)
  known = measured(known, 'memoryBytes', fields.memoryBytes)
  known = measured(known, 'diskBytes', fields.diskBytes)
  known = measured(known, 'timeMs', fields.timeMs)
  return measured(known, 'accelerators', fields.accelerators)
}

/** What it used. Read and written bytes are those of the calls (`rchar`, `wchar`): they count cached reads too. */
export function usedOf(fields: TaskFields): Used | undefined {
  let known: Measures | undefined
  known = measured(known, 'cpuPercent', fields.cpuPercent)
  known = measured(known, 'memoryPercent', fields.memoryPercent)
  known = measured(known, 'realtimeMs', fields.realtimeMs)
  known = measured(known, 'rssBytes', fields.rssBytes)
  known = measured(known, 'peakRssBytes', fields.peakRssBytes)
  known = measured(known, 'vmemBytes', fields.vmemBytes)
  known = measured(known, 'peakVmemBytes', fields.peakVmemBytes)
  known = measured(known, 'readBytes', fields.readCharBytes ?? fields.readBytes)
  return measured(known, 'writeBytes', fields.writeCharBytes ?? fields.writeBytes)
}

/** The engine's words worth finding again. */
export function labelsOf(view: TaskView): Labels | undefined {
  const fields = told(view)
  let known: Labels | undefined
  known = said(known, 'tag', fields.tag)
  known = said(known, 'queue', fields.queue)
  known = said(known, 'nativeId', view.isCached ? undefined : fields.nativeId)
  known = said(known, 'errorAction', fields.errorAction ?? view.logged?.errorAction)
  known = said(known, 'module', fields.module)
  known = said(known, 'scratch', fields.scratch)
  return said(known, 'cpuModel', fields.cpuModel)
}

type Labels = Record<string, string>

function said(known: Labels | undefined, name: string, value: string | undefined): Labels | undefined {
  if (value === undefined) return known
  if (known === undefined) return { [name]: value }
  known[name] = value
  return known
}

type Measures = Record<string, number>

/** Adds a number that is there; negative ones were never measured. */
function measured(
  known: Measures | undefined,
  name: keyof Requested | keyof Used,
  value: number | undefined,
): Measures | undefined {
  if (value === undefined || !Number.isFinite(value) || value < 0) return known
  if (known === undefined) return { [name]: value }
  known[name] = value
  return known
}
