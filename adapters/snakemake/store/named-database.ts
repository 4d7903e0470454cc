import { posix } from 'node:path'
import { filePath, normalizePath } from '../../../core/adapter.ts'
import type { FileSource } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'
import { isDatabase } from './read-database.ts'

const URL_OPTION = /--persistence-backend-db-url[= ]sqlite:\/\/(\/\S+)/

/** A database elsewhere, as a source and a path in it. */
export interface NamedDatabase {
  readonly source: FileSource
  readonly path: string
}

/**
 * The database that Snakemake was told to keep its records in, by the command lines in the logs: where it was, or as
 * far from the working directory of today as it was from that of then.
 */
export async function findNamedDatabases(
  source: FileSource,
  folder: string,
  executions: readonly Execution[],
): Promise<NamedDatabase[]> {
  const today = filePath(source.uri)
  const found: NamedDatabase[] = []
  const asked = new Set<string>()
  for (const { head, logFolder } of executions) {
    const told = URL_OPTION.exec(head.command ?? '')?.[1]
    if (told === undefined) continue
    const path = normalizePath(told)
    const workDir = logFolder ?? head.workDir
    const moved =
      workDir === undefined || today === undefined ? path : posix.join(today, folder, posix.relative(workDir, path))
    for (const place of [moved, path]) {
      if (asked.has(place)) continue
      asked.add(place)
      const holder = await source.reach(posix.dirname(place))
      const name = posix.basename(place)
      if (holder !== undefined && (await isDatabase(holder, name))) {
        found.push({ source: holder, path: name })
        break
      }
    }
  }
  return found
}
