import { isStemmaError, type StemmaError } from '../errors.ts'
import type { FileSource, Found, Wanted } from './source.ts'

/** `look` for a source that gains nothing from being asked several things at once but not to be waited for in turn. */
export async function lookOneByOne(
  source: Pick<FileSource, 'lstat' | 'stat' | 'readBytes'>,
  wanted: readonly Wanted[],
): Promise<readonly (Found | StemmaError | undefined)[]> {
  return Promise.all(wanted.map(async (each) => lookOrError(source, each)))
}

async function lookOrError(
  source: Pick<FileSource, 'lstat' | 'stat' | 'readBytes'>,
  { path, maxBytes }: Wanted,
): Promise<Found | StemmaError | undefined> {
  try {
    const stat = await (maxBytes === undefined ? source.lstat(path) : source.stat(path))
    if (stat === undefined) return undefined
    const bytes = maxBytes === undefined || stat.type !== 'file' ? undefined : await source.readBytes(path, maxBytes)
    return bytes === undefined ? { stat } : { stat, bytes }
  } catch (cause) {
    if (isStemmaError(cause) && cause.code.startsWith('source.')) return cause
    throw cause
  }
}
