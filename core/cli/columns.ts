import type { ArtifactFact, RunFact, TransformFact } from '../fact/fact.ts'
import type { Style } from './style.ts'
import type { Column } from './table.ts'
import { visible } from './text-width.ts'
import { byteSize, moment, outcomeWord, paintOutcome, took } from './wording.ts'
import { styleFor } from './style.ts'

const PLAIN = styleFor(false)

/** How a row's uid is written. */
type Naming = (thing: { readonly uid: string }) => string

export function runColumns(style: Style, name: Naming): Column<RunFact>[] {
  return [
    { title: 'UID', text: name, paint: style.faint },
    { title: 'ENGINE', text: ({ engine }) => visible(engine), spare: 3 },
    {
      title: 'RUN',
      text: ({ name, attempt }) => visible(name) + attemptNote(attempt),
      cut: 'end',
      paint: boldTop(style),
    },
    {
      title: 'OUTCOME',
      text: ({ outcome }) => outcomeWord(outcome, PLAIN),
      paint: (text, { outcome }) => paintOutcome(text, outcome, style),
    },
    { title: 'STARTED', text: ({ startedAt }) => moment(startedAt), spare: 2 },
    { title: 'TOOK', text: (run) => took(run), align: 'right', spare: 1 },
  ]
}

function attemptNote(attempt: number | undefined): string {
  return attempt === undefined || attempt < 2 ? '' : ` (attempt ${attempt})`
}

/** Executions stand out among their tasks. */
function boldTop(style: Style): (text: string, run: RunFact) => string {
  return (text, run) => (run.parent === undefined ? style.bold(text) : text)
}

export function artifactColumns(style: Style, name: Naming, place: (uri: string) => string): Column<ArtifactFact>[] {
  return [
    { title: 'UID', text: name, paint: style.faint },
    { title: 'TYPE', text: ({ type }) => type, spare: 3 },
    { title: 'PLACE', text: ({ uri }) => place(uri), cut: 'middle' },
    { title: 'SIZE', text: ({ sizeBytes }) => byteSize(sizeBytes), align: 'right', spare: 4 },
    { title: 'MODIFIED', text: ({ modifiedAt }) => moment(modifiedAt), spare: 1 },
    { title: 'DIGEST', text: shortDigest, paint: style.faint, spare: 2 },
  ]
}

function shortDigest({ digests }: ArtifactFact): string {
  const digest = digests?.find(({ scope }) => scope === 'full') ?? digests?.[0]
  return digest === undefined ? '' : `${digest.algorithm.slice(0, 12)}:${digest.value.slice(0, 8)}`
}

export function transformColumns(style: Style, name: Naming): Column<TransformFact>[] {
  return [
    { title: 'UID', text: name, paint: style.faint },
    { title: 'ENGINE', text: ({ engine }) => visible(engine), spare: 4 },
    { title: 'TYPE', text: ({ type }) => type, spare: 3 },
    { title: 'NAME', text: ({ name }) => visible(name), cut: 'end', paint: style.bold },
    { title: 'VERSION', text: ({ version }) => visible(version ?? '').slice(0, 12), spare: 2 },
    { title: 'SOURCE', text: ({ sourcePath }) => visible(sourcePath ?? ''), cut: 'middle', spare: 1 },
  ]
}
