import type { JobDetails } from '../store/record.ts'
import type { Environment } from './conda.ts'

/** md5 of nothing: the job ran without any managed software, whatever its rule declares. */
const NO_SOFTWARE = 'd41d8cd98f00b204e9800998ecf8427e'

/** Most characters of an environment file that a run carries. */
const MOST_CHARACTERS = 20_000

export interface Software {
  readonly container?: string
  readonly environment?: Record<string, string | Record<string, string>>
}

/**
 * Container and environment of a job. A record names what the rule declares; only from 8.25.2 on it also says whether
 * that was used. Before, and where it was not, both are told as declared.
 */
export function toSoftware(record: JobDetails, environments: readonly Environment[]): Software {
  const used = record.stackHash === undefined ? undefined : record.stackHash !== NO_SOFTWARE
  const conda = decodeEnvironment(record.condaEnv)
  const packages = used === true ? environments.find(({ text }) => text === conda)?.packages : undefined
  const environment: Record<string, string | Record<string, string>> = {}
  if (conda !== undefined) environment[used === true ? 'conda' : 'declaredConda'] = conda.slice(0, MOST_CHARACTERS)
  if (packages !== undefined) environment.packages = packages
  if (record.container !== undefined && used !== true) environment.declaredContainer = record.container
  return {
    ...(record.container !== undefined && used === true ? { container: record.container } : {}),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
  }
}

/** The text of the environment file, kept as base64. */
export function decodeEnvironment(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8')
}
