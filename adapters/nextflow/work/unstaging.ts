import { shellWords } from './shell-words.ts'

/** Where outputs were brought after the task: from a scratch folder, into a `storeDir`, or to an object store. */
export interface Unstaging {
  readonly patterns: readonly string[]
  /** Absolute path or uri of the folder that received them. */
  readonly target: string
}

/** Reads the loop `for name in $(eval "ls -1d a b*" | sort | uniq); do nxf_fs_move "$name" TARGET`. */
export function parseUnstaging(body: string): Unstaging | undefined {
  const listed = /\$\(eval "ls -1d (.*)" \| sort \| uniq\)/.exec(body)?.[1]
  const moved = /nxf_(?:fs_(?:copy|move|rsync|rclone|fcp)|\w+_upload) (.*)$/m.exec(body)?.[1]
  if (listed === undefined || moved === undefined) return undefined
  // inside double quotes first, then as the words that eval sees
  const patterns = shellWords(listed.replace(/\\([$`"\\])/g, '$1'))
  const target = shellWords(moved).find((word) => word.startsWith('/') || /^[a-z][a-z0-9]*:\/\//.test(word))
  return target === undefined ? undefined : { patterns, target }
}
