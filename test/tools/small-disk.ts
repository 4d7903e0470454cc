import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string
  remove(): void
}

/** Mounts one in memory; `undefined` where this user may not. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', folder])
  const remove = (): void => {
    if (mounted.status === 0) spawnSync('umount', [folder])
    rmdirSync(folder)
  }
  if (mounted.status === 0) return { folder, remove }
  remove()
  return undefined
}
