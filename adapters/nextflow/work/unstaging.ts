import { shellCommands, shellWords } from './shell-words.ts'

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
  if (listed === undefined || moved === undefined) return parseLines(body)
  // inside double quotes first, then as the words that eval sees
  const patterns = shellWords(listed.replace(/\\([$`"\\])/g, '$1'))
  const target = shellWords(moved).find((word) => word.startsWith('/') || /^[a-z][a-z0-9]*:\/\//.test(word))
  return target === undefined ? undefined : { patterns, target }
}

/**
 * Engines of 20.x and 21.x wrote a line a pattern: `mkdir -p TARGET`, then `mv -f a TARGET || true`, and
 * `mkdir -p TARGET/sub && mv -f sub/b* TARGET/sub || true` for one in a folder. Copying uses `cp -fRL` or `rsync -rRl`.
 */
function parseLines(body: string): Unstaging | undefined {
  let target: string | undefined
  const patterns: string[] = []
  for (const line of body.split('\n')) {
    const commands = shellCommands(line)
    const [only = []] = commands
    if (commands.length === 1 && only[0] === 'mkdir' && only[1] === '-p') target ??= only[2]
    const [, , pattern] = commands.find(isTransfer) ?? []
    if (target !== undefined && pattern !== undefined) patterns.push(pattern)
  }
  return target === undefined || patterns.length === 0 ? undefined : { patterns, target }
}

/** The engine's own files are copied back too, by a plain `cp`. */
function isTransfer([program = '', options = '', ...operands]: readonly string[]): boolean {
  return /^(mv -f|cp -fRL|rsync -rRl)$/.test(`${program} ${options}`) && operands.length === 2
}
