import type { AddressSource, Fact, FileSource, ReadOptions, Source } from '../../core/adapter.ts'
import { StemmaError } from '../../core/adapter.ts'
import type { Found } from './find/find-databases.ts'
import { findDatabases } from './find/find-databases.ts'
import { placesIn } from './values/places.ts'
import type { Project } from './find/project.ts'
import { findProject, valueStoreOf } from './find/project.ts'
import { isPostgresAddress, withoutPassword } from './find/postgres-address.ts'
import { readPostgres } from './tables/postgres.ts'
import type { DatabaseSource } from './read-databases.ts'
import { readDatabases } from './read-databases.ts'
import { readExport } from './tables/read-export.ts'
import type { RedunOptions } from './tables/schema.ts'
import { openSqlite } from './tables/sqlite.ts'

/** Facts of all sources, in portions. They are read as one: what one of them made may be handed out by another. */
export async function* readSources(
  sources: readonly Source[],
  options: ReadOptions<RedunOptions>,
): AsyncIterable<readonly Fact[]> {
  const opened: Opened[] = []
  try {
    for await (const each of openSources(sources, options)) {
      opened.push(each)
      yield each.gaps
    }
    yield* readDatabases(opened)
  } finally {
    for (const { tables } of opened) tables.close()
  }
}

interface Opened extends DatabaseSource {
  readonly gaps: readonly Fact[]
}

async function* openSources(sources: readonly Source[], options: ReadOptions<RedunOptions>): AsyncIterable<Opened> {
  const folders = sources.filter((source) => source.kind === 'files')
  for (const source of sources) {
    if (source.kind === 'address') {
      yield await openAddress(source, folders, options)
      continue
    }
    const found = await findDatabases(source)
    // A project folder beside an address only says where relative paths start.
    if (found.length === 0 && folders.length === sources.length) throw await nothingFound(source)
    for (const each of found) yield await openFound(each, options)
  }
}

async function nothingFound(source: FileSource): Promise<StemmaError> {
  const start = source.localPath('')
  const project = start === undefined ? undefined : await findProject(source, start)
  const address = project?.backend.get('db_uri') ?? ''
  return new StemmaError('source.not-found', `no redun database or export: "${start ?? source.uri}"`, {
    detail: { place: start ?? source.uri },
    // Not followed unasked: it is another machine, and whose credentials are to be used the configuration need not say.
    advice: isPostgresAddress(address)
      ? `redun.ini keeps the database in Postgres: stemma import redun '${withoutPassword(address)}'`
      : 'Name the project folder, its .redun/redun.db, an export, or a postgres:// address.',
  })
}

/**
 * A database behind an address knows nothing of folders: relative paths start in the project named beside it, or in
 * the one around the working folder if that keeps its database in Postgres.
 */
async function openAddress(
  { address, uri, folder }: AddressSource,
  named: readonly FileSource[],
  options: ReadOptions<RedunOptions>,
): Promise<Opened> {
  const near = named[0] ?? folder
  const start = near?.localPath('')
  const around = near === undefined || start === undefined ? undefined : await findProject(near, start)
  const project = around !== undefined && isPostgresAddress(around.backend.get('db_uri') ?? '') ? around : undefined
  const cwd = options.own.cwd ?? project?.folder ?? named[0]?.localPath('')
  return {
    tables: await readPostgres(address, uri),
    gaps: cwd === undefined ? [unknownFolder(uri)] : [],
    place: uri,
    places: placesIn(cwd, uri),
    store: valueStoreOf(project),
    files: cwd === undefined ? undefined : near,
    timezone: options.timezone,
    nowMs: Date.now(),
    timesHaveZones: false,
  }
}

function unknownFolder(place: string): Fact {
  const message = 'relative paths have no folder: import from the project folder, name it beside the address, or give --cwd' // prettier-ignore
  return { kind: 'gap', code: 'redun.working-folder-unknown', place, message }
}

async function openFound(found: Found, options: ReadOptions<RedunOptions>): Promise<Opened> {
  const { source, path, form } = found
  const local = source.localPath(path)
  const place = local ?? `${source.uri}/${path}`
  const start = local === undefined ? undefined : local.slice(0, local.lastIndexOf('/')) || '/'
  const project = start === undefined ? undefined : await findProject(source, start)
  return {
    ...(form === 'export' ? await readExport(source.open(path), place) : await open(local, place)),
    place,
    places: placesIn(options.own.cwd ?? workingFolder(project, start), source.uri),
    store: valueStoreOf(project),
    files: source,
    writtenMs: form === 'export' ? undefined : (await source.stat(path))?.modifiedMs,
    timezone: options.timezone,
    nowMs: Date.now(),
    timesHaveZones: form === 'export',
  }
}

/** redun's configuration folder lies in the folder where it is run; a database without one is taken to lie there itself. */
function workingFolder(project: Project | undefined, start: string | undefined): string | undefined {
  if (project !== undefined) return project.folder
  return start?.endsWith('/.redun') === true ? start.slice(0, -'/.redun'.length) || '/' : start
}

async function open(
  local: string | undefined,
  place: string,
): Promise<{ tables: Awaited<ReturnType<typeof openSqlite>>; gaps: readonly Fact[] }> {
  if (local === undefined) {
    throw new StemmaError('source.unreadable', `a SQLite database can only be read from a local disk: "${place}"`, {
      detail: { place },
      advice: 'Copy the database here first, or import the lines of `redun export`.',
    })
  }
  return { tables: await openSqlite(local), gaps: [] }
}
