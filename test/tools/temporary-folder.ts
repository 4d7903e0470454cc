import { afterAll } from '@jest/globals'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders of this test file, removed after its last test. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = []
  afterAll(async () => {
    for (const folder of made) {
      await chmod(folder, 0o700)
      await rm(folder, { recursive: true, force: true })
    }
  })
  return async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'stemma-test-')))
    made.push(folder)
    return folder
  }
}
