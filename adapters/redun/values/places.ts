import type { Uri } from '../../../core/adapter.ts'
import { fileUri, toUri } from '../../../core/adapter.ts'

/** Turns paths as users wrote them into uris. */
export interface Places {
  /** `undefined` for text that is no place at all. */
  toUri(path: string): Uri | undefined
}

/**
 * redun writes paths down as they were given and does not record its working folder.
 * @param folder absolute path in which relative paths start; absent: they stay relative to the database
 * @param database uri of the database, for relative paths without a folder
 */
export function placesIn(folder: string | undefined, database: Uri): Places {
  return {
    toUri(path) {
      if (path === '' || path.includes('\0')) return undefined
      if (path.startsWith('/')) return fileUri(path)
      if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path)) return toUri(path)
      if (folder !== undefined) return fileUri(`${folder}/${path}`)
      return toUri(`redun:${database.replace(/^[A-Za-z][A-Za-z0-9+.-]*:/, '')}/${path}`)
    },
  }
}
