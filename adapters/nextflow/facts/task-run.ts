import type { RunFact } from '../../../core/adapter.ts'
import { bestOf, type TaskView } from '../join/task.ts'

type Requested = NonNullable<RunFact['requested']>
type Used = NonNullable<RunFact['used']>

/** What the task asked for; `undefined` when nothing is known. */
export function requestedOf(view: TaskView): Requested | undefined {
  return measured<keyof Requested>({
    cpus: bestOf(view, 'cpus'),
    memoryBytes: bestOf(view, 'memoryBytes'),
    diskBytes: bestOf(view, 'diskBytes'),
    timeMs: bestOf(view, 'timeMs'),
    accelerators: bestOf(view, 'accelerators'),
  })
}

/** What it used. Read and written bytes are those of the calls (`rchar`, `wchar`): they count cached reads too. */
export function usedOf(view: TaskView): Used | undefined {
  return measured<keyof Used>({
    cpuPercent: bestOf(view, 'cpuPercent'),
    memoryPercent: bestOf(view, 'memoryPercent'),
    realtimeMs: bestOf(view, 'realtimeMs'),
    rssBytes: bestOf(view, 'rssBytes'),
    peakRssBytes: bestOf(view, 'peakRssBytes'),
    vmemBytes: bestOf(view, 'vmemBytes'),
    peakVmemBytes: bestOf(view, 'peakVmemBytes'),
    readBytes: bestOf(view, 'readCharBytes') ?? bestOf(view, 'readBytes'),
    writeBytes: bestOf(view, 'writeCharBytes') ?? bestOf(view, 'writeBytes'),
  })
}

/** The engine's words worth finding again. */
export function labelsOf(view: TaskView): Record<string, string> | undefined {
  const values: Record<string, string | undefined> = {
    tag: bestOf(view, 'tag'),
    queue: bestOf(view, 'queue'),
    nativeId: view.isCached ? undefined : bestOf(view, 'nativeId'),
    errorAction: bestOf(view, 'errorAction') ?? view.logged?.errorAction,
    module: bestOf(view, 'module'),
    scratch: bestOf(view, 'scratch'),
    cpuModel: bestOf(view, 'cpuModel'),
  }
  const labels: Record<string, string> = {}
  let isEmpty = true
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    labels[name] = value
    isEmpty = false
  }
  return isEmpty ? undefined : labels
}

/** The numbers that are there; negative ones were never measured. `undefined` when none is. */
function measured<K extends string>(
  values: Readonly<Record<K, number | undefined>>,
): Record<string, number> | undefined {
  const kept: Record<string, number> = {}
  let isEmpty = true
  for (const name in values) {
    const value = values[name]
    if (value === undefined || !Number.isFinite(value) || value < 0) continue
    kept[name] = value
    isEmpty = false
  }
  return isEmpty ? undefined : kept
}
