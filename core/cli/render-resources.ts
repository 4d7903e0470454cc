import type { RunFact } from '../fact/fact.ts'
import { byteSize, count, duration } from './wording.ts'

/** What a run asked for and used: `[label, text]`. */
export function describeResources({ requested, used }: RunFact): [label: string, text: string][] {
  const asked = [
    requested?.cpus === undefined ? '' : count(requested.cpus, 'cpu'),
    requested?.accelerators === undefined ? '' : count(requested.accelerators, 'accelerator'),
    sized('', requested?.memoryBytes, ' memory'),
    sized('', requested?.diskBytes, ' disk'),
    requested?.timeMs === undefined ? '' : duration(requested.timeMs),
  ]
  const taken = [
    used?.cpuPercent === undefined ? '' : `${used.cpuPercent} % cpu`,
    used?.realtimeMs === undefined ? '' : `${duration(used.realtimeMs)} of work`,
    sized('', used?.peakRssBytes ?? used?.rssBytes, ' memory'),
    sized('read ', used?.readBytes),
    sized('wrote ', used?.writeBytes),
  ]
  return [
    ['requested', asked.filter((text) => text !== '').join(', ')],
    ['used', taken.filter((text) => text !== '').join(', ')],
  ]
}

function sized(before: string, bytes: number | undefined, after = ''): string {
  return bytes === undefined || bytes === 0 ? '' : `${before}${byteSize(bytes)}${after}`
}
