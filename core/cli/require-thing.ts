import type { Database } from '../db/database.ts'
import { StemmaError } from '../errors.ts'
import { resolveThing } from '../query/resolve.ts'
import type { MatchedBy, Resolution, Thing } from '../query/view.ts'
import { didYouMean } from './suggest.ts'
import { visible } from './text-width.ts'
import { placeOf } from './wording.ts'
import type { CliContext } from './verb.ts'

export type Found = Extract<Resolution, { readonly found: 'one' }>

/** The one thing that was meant. Throws `query.not-found` with near names or `query.ambiguous` with all candidates. */
export async function findThing(database: Database, text: string, { terminal }: CliContext): Promise<Found> {
  const { workingFolder } = terminal
  const resolution = await resolveThing(database.sql, text, { workingFolder })
  if (resolution.found === 'one') return resolution
  if (resolution.found === 'none') {
    const meant = didYouMean(resolution.near)
    throw new StemmaError('query.not-found', `nothing of that name is known: "${text}"`, {
      detail: { thing: text, near: resolution.near },
      ...(meant === undefined ? {} : { advice: meant }),
    })
  }
  const { candidates, by, truncated } = resolution
  const lines = candidates.map((thing) => `${thing.uid}  ${describeThing(thing, workingFolder)}`)
  const list = [...lines, ...(truncated ? ['…'] : [])].map((line) => `\n  ${line}`).join('')
  throw new StemmaError('query.ambiguous', `several things fit (by ${WORDS[by]}): "${text}"`, {
    detail: { thing: text, by, candidates: candidates.map(({ uid }) => uid), truncated },
    advice: `Repeat the command with one of these uids:${list}`,
  })
}

/** The same without what else was found out. */
export async function requireThing(database: Database, text: string, context: CliContext): Promise<Thing> {
  return (await findThing(database, text, context)).thing
}

const WORDS: Readonly<Record<MatchedBy, string>> = {
  uid: 'uid',
  uri: 'uri',
  path: 'path',
  key: 'the engine’s id',
  name: 'name',
  digest: 'digest',
  'uid-prefix': 'beginning of the uid',
  'key-prefix': 'beginning of the engine’s id',
  'digest-prefix': 'beginning of the digest',
  'path-tail': 'end of the path',
  folder: 'folder',
}

/** A thing on one line. */
export function describeThing(thing: Thing, workingFolder: string): string {
  if (thing.kind === 'artifact') return `${thing.type} ${placeOf(thing.uri, workingFolder)}`
  if (thing.kind === 'run')
    return `run ${visible(thing.name)}, ${thing.outcome}${thing.startedAt === undefined ? '' : `, ${thing.startedAt}`}`
  return `${thing.type} ${visible(thing.name)}`
}
