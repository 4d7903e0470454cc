import { relative, sep } from 'node:path'
import { filePath } from '../fact/uri.ts'
import type { Outcome } from '../fact/outcome.ts'
import type { Style } from './style.ts'
import { visible } from './text-width.ts'

const MARKS = {
  scheduled: '·',
  running: '…',
  unknown: '?',
  succeeded: '✓',
  failed: '✗',
  cached: '↺',
  skipped: '−',
  cancelled: '⊘',
  aborted: '!',
} as const satisfies Record<Outcome, string>

/** One character for how a run ended. */
export function outcomeMark(outcome: Outcome, style: Style): string {
  return paintOutcome(MARKS[outcome], outcome, style)
}

export function outcomeWord(outcome: Outcome, style: Style): string {
  return paintOutcome(`${MARKS[outcome]} ${outcome}`, outcome, style)
}

export function paintOutcome(text: string, outcome: Outcome, style: Style): string {
  if (outcome === 'succeeded' || outcome === 'cached') return style.good(text)
  if (outcome === 'failed' || outcome === 'aborted') return style.bad(text)
  return outcome === 'running' || outcome === 'scheduled' ? style.link(text) : style.warning(text)
}

/** Where something lies, as short as it can be said from the working folder. */
export function placeOf(uri: string, workingFolder: string): string {
  const path = uri.startsWith('file:') ? pathOf(uri) : undefined
  if (path === undefined) return visible(uri)
  const short = relative(workingFolder, path)
  const inside = short !== '' && short !== '..' && !short.startsWith(`..${sep}`)
  return visible(inside ? short : path)
}

function pathOf(uri: string): string | undefined {
  try {
    return filePath(uri)
  } catch {
    return undefined // a % that encodes nothing: shown as it is
  }
}

/** `850 ms`, `12.3 s`, `4m 05s`, `3h 12m`, `2d 4h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes}m ${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')}s`
  const hours = Math.floor(minutes / 60)
  return hours < 48
    ? `${hours}h ${String(minutes % 60).padStart(2, '0')}m`
    : `${Math.floor(hours / 24)}d ${hours % 24}h`
}

/** Of a run that has both times. Many engines write whole seconds: of two that are the same it took up to one. */
export function took(run: { readonly startedAt?: string | undefined; readonly endedAt?: string | undefined }): string {
  if (run.startedAt === undefined || run.endedAt === undefined) return ''
  const [start, end] = [Date.parse(run.startedAt), Date.parse(run.endedAt)]
  return start === end && start % 1000 === 0 ? '< 1 s' : duration(Math.max(0, end - start))
}

/** `2026-11-24 07:00` on this machine's clock. */
export function moment(iso: string | undefined): string {
  if (iso === undefined) return ''
  const time = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${String(time.getFullYear())}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function byteSize(bytes: number | undefined): string {
  if (bytes === undefined) return ''
  let value = bytes
  let unit = 0
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit] ?? ''}`
}

/** `1,234 runs`, `1 run`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many.toLocaleString('en-US')} ${many === 1 ? one : more}`
}

/** Characters of a uid that are shown in lists: enough to name it again. */
const SHORT_UID = 8
export function shortUid(uid: string): string {
  return uid.slice(0, SHORT_UID)
}

/** The shortest way to name each of these things in a list: versions of one place need their whole uid. */
export function uidNames(things: readonly { readonly uid: string }[]): (thing: { readonly uid: string }) => string {
  const seen = new Map<string, number>()
  for (const { uid } of things) seen.set(shortUid(uid), (seen.get(shortUid(uid)) ?? 0) + 1)
  return ({ uid }) => ((seen.get(shortUid(uid)) ?? 0) > 1 ? uid : shortUid(uid))
}
