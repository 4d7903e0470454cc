import { StemmaError, fileUri, type FileSource, type Stat } from '../../../core/adapter.ts'

/** Files in memory, for damage that no fixture has. */
export function memorySource(files: Readonly<Record<string, Uint8Array | string>>, chunkBytes = 1000): FileSource {
  const bytes = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]))
  const stat = (path: string): Promise<Stat | undefined> => {
    const found = bytes.get(path)
    return Promise.resolve(found && { type: 'file', sizeBytes: found.length, modifiedMs: 0 })
  }
  const source: FileSource = {
    kind: 'files',
    uri: fileUri('/memory'),
    async *list(folder) {
      await Promise.resolve()
      const prefix = folder === '' ? '' : `${folder}/`
      const names = new Map<string, 'file' | 'folder'>()
      for (const path of bytes.keys()) {
        if (!path.startsWith(prefix)) continue
        const [name = '', ...rest] = path.slice(prefix.length).split('/')
        names.set(name, rest.length > 0 ? 'folder' : 'file')
      }
      for (const [name, type] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) yield { name, type }
    },
    stat,
    lstat: stat,
    readLink: () => Promise.resolve(undefined),
    async *open(path, range = {}) {
      await Promise.resolve()
      const found = bytes.get(path)
      if (found === undefined) throw new StemmaError('source.not-found', `nothing is there: "${path}"`)
      const end = Math.min(range.end ?? found.length, found.length)
      for (let at = range.start ?? 0; at < end; at += chunkBytes)
        yield found.subarray(at, Math.min(at + chunkBytes, end))
    },
    readBytes: (path) => Promise.resolve(bytes.get(path)),
    readText: (path) => Promise.resolve(bytes.get(path)?.toString('utf8')),
    digest: () => Promise.resolve(undefined),
    localPath: () => undefined,
    reach: () => Promise.resolve(undefined),
  }
  return source
}
