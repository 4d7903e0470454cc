import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string
  remove(): void
}

/** Mounts one in memory; where this user may not, what the system said. */
export function mountSmallDisk(megabytes: number): SmallDisk | { readonly refused: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-disk-'))
  const options = ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', folder]
  const mounted = spawnSync('mount', options, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  if (mounted.status !== 0) {
    rmdirSync(folder)
    return { refused: mounted.error?.message ?? mounted.stderr }
  }
  const remove = (): void => {
    spawnSync('umount', [folder])
    rmdirSync(folder)
  }
  return { folder, remove }
}
