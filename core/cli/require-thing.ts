import { basename, resolve } from 'node:path'
import type { Database } from '../db/database.ts'
import { StemmaError } from '../errors.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { toUri } from '../fact/uri.ts'
import { findThings } from '../query/find.ts'
import { findFormerUris } from '../query/roots.ts'
import { listArtifacts } from '../query/list-artifacts.ts'
import { resolveThing } from '../query/resolve.ts'
import type { MatchedBy, Resolution, Thing } from '../query/view.ts'
import { todaysPlaces } from './look.ts'
import { didYouMean } from './suggest.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './text-width.ts'
import { moment } from './wording.ts'
import type { CliContext } from './verb.ts'

export type Found = Extract<Resolution, { readonly found: 'one' }>

/** The one thing that was meant. Throws `query.not-found` with near names or `query.ambiguous` with all candidates. */
export async function findThing(database: Database, text: string, { terminal }: CliContext): Promise<Found> {
  const { workingFolder } = terminal
  const resolution = await resolveThing(database.sql, text, { workingFolder })
  if (resolution.found === 'one') {
    if (resolution.by === 'content') await sayWhose(database, text, resolution.thing, terminal)
    return resolution
  }
  if (resolution.found === 'none') {
    await refuseFolder(database, text, workingFolder)
    const meant = didYouMean(resolution.near) ?? (await mentions(database, text, workingFolder))
    throw new StemmaError('query.not-found', `nothing of that name is known: "${text}"`, {
      detail: { thing: text, near: resolution.near },
      ...(meant === undefined ? {} : { advice: meant }),
    })
  }
  const { candidates, by, truncated } = resolution
  const place = await todaysPlaces(database, workingFolder)
  const lines = candidates.map((thing) => `${thing.uid}  ${describeThing(thing, place)}`)
  const list = [...lines, ...(truncated ? ['…'] : [])].map((line) => `\n  ${line}`).join('')
  throw new StemmaError('query.ambiguous', `several things fit (by ${WORDS[by]}): "${text}"`, {
    detail: { thing: text, by, candidates: candidates.map(({ uid }) => uid), truncated },
    advice: `Repeat the command with one of these uids:${list}`,
  })
}

/** The file that was typed is a copy that somebody took: what is answered for lay elsewhere. */
async function sayWhose(database: Database, text: string, thing: Thing, terminal: Terminal): Promise<void> {
  const place = await todaysPlaces(database, terminal.workingFolder)
  terminal.warn(
    `stemma: not known by its path, its bytes are those of ${describeThing(thing, place)}: "${visible(text)}"\n`,
  )
}

/** Who speaks of a name that nothing has: a run with a sample sheet among its parameters. */
async function mentions(database: Database, text: string, workingFolder: string): Promise<string | undefined> {
  const found = await findThings(database.sql, basename(text), MOST_MENTIONS)
  if (found.length === 0) return undefined
  const place = await todaysPlaces(database, workingFolder)
  const lines = found.map(({ thing }) => `\n  ${thing.uid}  ${describeThing(thing, place)}`)
  return `It is spoken of in parameters, commands or labels of these:${lines.join('')}`
}
const MOST_MENTIONS = 5

/** A folder that is no artifact itself, but in which artifacts lie: they are listed. */
async function refuseFolder(database: Database, text: string, workingFolder: string): Promise<void> {
  const under = /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : resolve(workingFolder, text)
  const inside: ArtifactFact[] = []
  for (const folder of await findFormerUris(database.sql, toUri(under) ?? under)) {
    if (inside.length === 0)
      inside.push(...(await listArtifacts(database.sql, { under: folder }, { limit: MOST_LISTED + 1 })))
  }
  if (inside.length === 0) return
  const place = await todaysPlaces(database, workingFolder)
  const names = inside
    .slice(0, MOST_LISTED)
    .map(({ uri }) => place(uri))
    .sort()
  const list = [...names, ...(inside.length > MOST_LISTED ? ['…'] : [])].map((line) => `\n  ${line}`).join('')
  throw new StemmaError('query.ambiguous', `a folder in which several things lie: "${text}"`, {
    detail: { thing: text, by: 'folder', candidates: inside.slice(0, MOST_LISTED).map(({ uid }) => uid) },
    advice: `Repeat the command with one of these:${list}`,
  })
}

/** Files of a folder that are listed. */
const MOST_LISTED = 30

/** The same without what else was found out. */
export async function requireThing(database: Database, text: string, context: CliContext): Promise<Thing> {
  return (await findThing(database, text, context)).thing
}

const WORDS: Readonly<Record<MatchedBy, string>> = {
  uid: 'uid',
  uri: 'uri',
  path: 'path',
  content: 'its bytes',
  key: 'the engine’s id',
  name: 'name',
  digest: 'digest',
  'uid-prefix': 'beginning of the uid',
  'key-prefix': 'beginning of the engine’s id',
  'digest-prefix': 'beginning of the digest',
  'label-prefix': 'an id or hash among the labels',
  'path-tail': 'end of the path',
  folder: 'folder',
}

/** A thing on one line. */
export function describeThing(thing: Thing, place: (uri: string) => string): string {
  if (thing.kind === 'artifact') return `${thing.type} ${place(thing.uri)}`
  if (thing.kind === 'run')
    return [`run ${visible(thing.name)}`, thing.outcome, moment(thing.startedAt)].filter(Boolean).join(', ')
  return `${thing.type} ${visible(thing.name)}`
}
