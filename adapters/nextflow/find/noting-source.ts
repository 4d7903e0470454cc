import { isStemmaError, type FileSource } from '../../../core/adapter.ts'

/** Told of a path that is there and may not be read. */
export type OnUnreadable = (path: string, message: string) => void

/**
 * The same source, which goes on where something may not be read: a folder then has no members and a file is not there,
 * and both are told. Only the root must be readable. `open` tells and still throws: who streams a file decides what that
 * means.
 */
export function notingSource(source: FileSource, onUnreadable: OnUnreadable): FileSource {
  const asked = <T>(path: string, answer: Promise<T>): Promise<T | undefined> =>
    path === ''
      ? answer
      : answer.catch((cause: unknown): undefined => {
          note(cause, path, onUnreadable)
        })
  return {
    kind: 'files',
    uri: source.uri,
    list: (folder) => listNoting(source, folder, onUnreadable),
    stat: (path) => asked(path, source.stat(path)),
    lstat: (path) => asked(path, source.lstat(path)),
    readLink: (path) => asked(path, source.readLink(path)),
    open: (path, range) => openNoting(source, path, range, onUnreadable),
    readBytes: (path, maxBytes) => asked(path, source.readBytes(path, maxBytes)),
    readText: (path, maxBytes) => asked(path, source.readText(path, maxBytes)),
    async look(wanted) {
      const answers = await source.look(wanted)
      return answers.map((answer, at) => {
        if (!isStemmaError(answer)) return answer
        note(answer, wanted[at]?.path ?? '', onUnreadable)
        return undefined
      })
    },
    digest: (path) => asked(path, source.digest(path)),
    localPath: (path) => source.localPath(path),
    async reach(place) {
      const other = await source.reach(place)
      return other === undefined ? undefined : notingSource(other, onUnreadable)
    },
  }
}

function note(cause: unknown, path: string, onUnreadable: OnUnreadable): void {
  if (!isStemmaError(cause) || !cause.code.startsWith('source.')) throw cause
  onUnreadable(path, cause.message)
}

async function* listNoting(
  source: FileSource,
  folder: string,
  onUnreadable: OnUnreadable,
): ReturnType<FileSource['list']> {
  try {
    yield* source.list(folder)
  } catch (cause) {
    if (folder === '') throw cause
    note(cause, folder, onUnreadable)
  }
}

async function* openNoting(
  source: FileSource,
  path: string,
  range: Parameters<FileSource['open']>[1],
  onUnreadable: OnUnreadable,
): ReturnType<FileSource['open']> {
  try {
    yield* source.open(path, range)
  } catch (cause) {
    // links that lead out and pipes are refused by rule: only a file should be readable
    const found = path === '' ? undefined : await source.lstat(path).catch(() => undefined)
    if (found?.type === 'file') note(cause, path, onUnreadable)
    throw cause
  }
}
