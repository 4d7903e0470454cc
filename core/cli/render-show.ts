import type { Digest } from '../fact/digest.ts'
import type { GapFact, RunFact } from '../fact/fact.ts'
import type {
  ArtifactDetail, ConsumedArtifact, ConsumingRun, CopiedArtifact, Detail, ProducedArtifact, ProducingRun, RunDetail, TransformDetail,
} from '../query/view.ts' // prettier-ignore
import { describeResources } from './render-resources.ts'
import type { Look } from './look.ts'
import {
  fieldLine,
  LABEL_WIDTH,
  listRoom,
  namedValues,
  nodeList,
  paintedLine,
  scriptLines,
  timesOf,
} from './render-fields.ts'
import { describeNode } from './render-lineage.ts'
import { cutEnd, visible } from './text-width.ts'
import { byteSize, count, moment, outcomeWord } from './wording.ts'

/** Lines of a script that are shown. */
const MOST_SCRIPT_LINES = 20
const MOST_ERROR_LINES = 30

/** Everything that is known of a thing, as lines that fit the terminal. */
export function describeDetail(detail: Detail, look: Look): string[] {
  if (detail.kind === 'run') return describeRun(detail, look)
  return detail.kind === 'artifact' ? describeArtifact(detail, look) : describeTransform(detail, look)
}

function describeRun(detail: RunDetail, look: Look): string[] {
  const { thing: run, transform, parent, reuses } = detail
  const { terminal, style } = look
  const line = (label: string, text: string | undefined): string[] => fieldLine(label, text, look)
  const node = (label: string, of: RunDetail['parent']): string[] =>
    of === undefined
      ? []
      : paintedLine(label, describeNode(of, undefined, terminal.width - LABEL_WIDTH - 2, look), look)
  const exit = run.exitCode === undefined ? '' : `, exit ${run.exitCode}`
  const attempt = run.attempt === undefined || run.attempt < 2 ? '' : `, attempt ${run.attempt}`
  return [
    `${style.bold(visible(run.name))}  ${style.faint(`run ${run.uid}`)}`,
    ...paintedLine('outcome', `${outcomeWord(run.outcome, style)}${exit}${attempt}`, look),
    ...line('known', run.evidence),
    ...line('code', `${transform.type} ${transform.name} (${transform.uid})`),
    ...line('engine', [run.engine, run.engineVersion ?? ''].join(' ').trim()),
    ...line('key', run.key),
    ...line('when', timesOf(run)),
    ...node('part of', parent),
    ...node('reuses', reuses),
    ...line('container', run.container),
    ...line('host', run.host),
    ...line('folder', run.workDir === undefined ? undefined : look.place(run.workDir)),
    ...describeResources(run).flatMap(([label, text]) => line(label, text)),
    ...errorLines(run, look),
    ...namedValues('parameters', run.params, look),
    ...namedValues('labels', run.labels, look),
    ...runLists(detail, look),
    ...scriptLines(transform.type === 'pipeline' ? 'command' : 'script', run.command, MOST_SCRIPT_LINES, look),
  ]
}

/** Engines tell a failure in one sentence or as a report of many lines. */
function errorLines({ error }: RunFact, look: Look): string[] {
  if (error === undefined) return []
  const text = [error.type, error.message].filter(Boolean).join(': ')
  return text.trim().includes('\n')
    ? scriptLines('error', text, MOST_ERROR_LINES, look)
    : fieldLine('error', text, look)
}

function runLists(detail: RunDetail, look: Look): string[] {
  const { consumed, produced, reusedBy, children, gaps } = detail
  const room = listRoom(look)
  const parts = Object.entries(children.byOutcome).map(([outcome, many]) => `${many} ${outcome}`)
  const started = children.total === 0 ? undefined : `${count(children.total, 'run')}: ${parts.join(', ')}`
  const file = ({ edge, artifact }: ConsumedArtifact | ProducedArtifact): string =>
    describeNode(artifact, edge, room, look, roleOf(edge))
  const reusing = reusedBy.items.map((run) => describeNode(run, undefined, room, look))
  return [
    ...fieldLine('started', started, look),
    ...nodeList('read', consumed.total, consumed.items.map(file), look),
    ...nodeList('wrote', produced.total, produced.items.map(file), look),
    ...nodeList('reused by', reusedBy.total, reusing, look),
    ...nodeList('gaps of the import', gaps.total, gapLines(gaps.items, room), look),
  ]
}

/** The first of each kind. */
function gapLines(gaps: readonly GapFact[], room: number): string[] {
  const firsts = gaps.filter(({ code }, at) => gaps.findIndex((gap) => gap.code === code) === at)
  return firsts.map(({ code, message, place }) => {
    const where = place === '' ? '' : ` (${visible(place)})`
    return cutEnd(`${visible(code)}: ${visible(message)}${where}`, room)
  })
}

function roleOf({ role }: { readonly role?: string | undefined }): string[] {
  return role === undefined || role === '' ? [] : [visible(role)]
}

function describeArtifact(detail: ArtifactDetail, look: Look): string[] {
  const { thing: artifact } = detail
  const { style } = look
  const line = (label: string, text: string | undefined): string[] => fieldLine(label, text, look)
  const bytes = artifact.sizeBytes
  return [
    `${style.bold(look.place(artifact.uri))}  ${style.faint(`${artifact.type} ${artifact.uid}`)}`,
    ...line('uri', artifact.uri),
    ...line('size', bytes === undefined ? undefined : `${byteSize(bytes)} (${bytes.toLocaleString('en-US')} bytes)`),
    ...line('modified', moment(artifact.modifiedAt)),
    ...(artifact.digests ?? []).flatMap((digest) => line('digest', digestText(digest))),
    ...artifactLists(detail, look),
  ]
}

function artifactLists(detail: ArtifactDetail, look: Look): string[] {
  const { producedBy, consumedBy, copiedFrom, copiedTo, sameContent } = detail
  const room = listRoom(look)
  const ran = ({ edge, run }: ProducingRun | ConsumingRun): string => describeNode(run, edge, room, look, roleOf(edge))
  const other = ({ edge, artifact }: CopiedArtifact): string => describeNode(artifact, edge, room, look)
  const same = sameContent.items.map((artifact) => describeNode(artifact, undefined, room, look))
  return [
    ...nodeList('made by', producedBy.total, producedBy.items.map(ran), look),
    ...nodeList('copied from', copiedFrom.total, copiedFrom.items.map(other), look),
    ...nodeList('read by', consumedBy.total, consumedBy.items.map(ran), look),
    ...nodeList('copied to', copiedTo.total, copiedTo.items.map(other), look),
    ...nodeList('same bytes', sameContent.total, same, look),
  ]
}

function describeTransform({ thing, runs, byOutcome, versions }: TransformDetail, look: Look): string[] {
  const { style } = look
  const line = (label: string, text: string | undefined): string[] => fieldLine(label, text, look)
  const others = versions.filter(({ uid }) => uid !== thing.uid)
  const outcomes = Object.entries(byOutcome).map(([outcome, many]) => `${many} ${outcome}`)
  return [
    `${style.bold(visible(thing.name))}  ${style.faint(`${thing.type} ${thing.uid}`)}`,
    ...line('engine', thing.engine),
    ...line('version', thing.version),
    ...line('source', thing.sourcePath),
    ...line('digest', thing.sourceDigest === undefined ? undefined : digestText(thing.sourceDigest)),
    ...line(
      'versions',
      others.length === 0
        ? undefined
        : `${count(others.length, 'other')}: ${others
            .slice(0, 5)
            .map(({ uid }) => uid)
            .join(', ')}`,
    ),
    ...line('runs', `${count(runs.total, 'run')}${outcomes.length === 0 ? '' : `: ${outcomes.join(', ')}`}`),
    ...runs.items.map((run) => `  ${describeNode(run, undefined, listRoom(look), look)}`),
    ...(runs.total > runs.items.length ? [style.faint(`  … stemma runs --transform ${thing.uid}`)] : []),
    ...scriptLines('source', thing.source, MOST_SCRIPT_LINES, look),
  ]
}

function digestText({ algorithm, value, scope, evidence }: Digest): string {
  return `${algorithm} ${value}${scope === 'full' ? '' : ` (${scope})`} ${evidence}`
}
