import { resolve } from 'node:path'
import type { Sql } from '../db/sql.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { artifactStem } from '../fact/uid.ts'
import { fileUri } from '../fact/uri.ts'
import { isArtifactUid, loadThings } from './load.ts'
import { matchers } from './matchers.ts'
import { findNearNames } from './near-names.ts'
import { findPresentVersion } from './on-disk.ts'
import { findVersions } from './places.ts'
import { findPresentUris } from './roots.ts'
import type { MatchedBy, Resolution, Thing } from './view.ts'
import { sortVersions } from './versions.ts'

/** Candidates listed when several things fit. */
const MOST_CANDIDATES = 50
/** Rows a matcher may return: versions of one place are many rows and one candidate. */
const MOST_ROWS = 2000

interface ResolveOptions {
  /** Where relative paths start. */
  readonly workingFolder: string
}

/**
 * Finds the thing that somebody means by a uid or its start, a path as it was or is, a file name, a uri, a digest or
 * an engine's key. All versions of a place count as one: meant is the one whose bytes lie there today.
 */
export async function resolveThing(sql: Sql, text: string, options: ResolveOptions): Promise<Resolution> {
  if (text.includes('\0')) return { found: 'none', near: [] } // no name holds it, and Postgres takes no such text
  const wanted = { text, workingFolder: options.workingFolder, limit: MOST_ROWS }
  for (const matcher of matchers) {
    const found = await matcher.find(sql, wanted)
    if (found.length > 0) return await choose(sql, matcher.by, found, resolve(options.workingFolder, text))
  }
  return { found: 'none', near: await findNearNames(sql, text) }
}

async function choose(sql: Sql, by: MatchedBy, uids: readonly string[], typed: string): Promise<Resolution> {
  const stems = [...new Set(uids.filter(isArtifactUid).map((uid) => uid.slice(0, 16)))]
  const others = [...new Set(uids.filter((uid) => !isArtifactUid(uid)))]
  // Several former places of one path of today are one place: what counts is whose bytes lie there.
  const isOnePlace = others.length === 0 && (stems.length === 1 || by === 'path')
  if (isOnePlace) return await place(sql, by, { stems, typed, ...(by === 'uid' ? { named: uids[0] ?? '' } : {}) })
  const [thing, ...more] = stems.length > 0 ? [] : await loadThings(sql, others)
  if (thing === undefined || more.length > 0) return await several(sql, by, others, stems)
  return { found: 'one', thing, by, versions: [], onDisk: 'unknown' }
}

interface Meant {
  readonly stems: readonly string[]
  /** As an absolute path: that is looked at first. */
  readonly typed: string
  /** One version's uid, when that was typed. */
  readonly named?: string
}

/** The version of one place: the one named, else the one that lies there, else the newest. */
async function place(sql: Sql, by: MatchedBy, { stems, typed, named }: Meant): Promise<Resolution> {
  const versions = await sortVersions(sql, await findVersions(sql, stems))
  const exact = named === undefined ? undefined : (await loadThings(sql, [named])).find(isArtifact)
  const [newest] = exact === undefined ? versions : [exact]
  if (newest === undefined) return { found: 'none', near: [] }
  const uris: string[] = by === 'path' || by === 'content' ? [fileUri(typed)] : []
  for (const uri of new Set([newest, ...versions].map((version) => version.uri))) {
    uris.push(...(await findPresentUris(sql, uri)))
  }
  const present = await findPresentVersion([...new Set(uris)], versions)
  const thing = exact ?? present.version ?? newest
  const isOther = exact !== undefined && present.version !== undefined && present.version.uid !== exact.uid
  return {
    found: 'one',
    thing,
    by,
    versions: versions.length > 1 ? versions : [],
    onDisk: isOther ? 'differs' : present.onDisk,
    ...(present.path === undefined ? {} : { now: present.path }),
  }
}

/** One candidate a place: its newest version. */
async function several(
  sql: Sql,
  by: MatchedBy,
  others: readonly string[],
  stems: readonly string[],
): Promise<Resolution> {
  const things: Thing[] = await loadThings(sql, others.slice(0, MOST_CANDIDATES))
  const versions = await findVersions(sql, stems.slice(0, MOST_CANDIDATES))
  for (const stem of stems) {
    const ofPlace = versions.filter(({ uid }) => artifactStem(uid) === stem)
    things.push(...(await sortVersions(sql, ofPlace)).slice(0, 1))
  }
  return {
    found: 'several',
    by,
    candidates: things.slice(0, MOST_CANDIDATES),
    truncated: others.length + stems.length > MOST_CANDIDATES,
  }
}

function isArtifact(thing: Thing): thing is ArtifactFact {
  return thing.kind === 'artifact'
}
