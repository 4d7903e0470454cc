/** How a Snakemake of some major version is told to record. */
export function recordingArguments(major: number, script: string): readonly [string, string] | undefined {
  if (major >= 9) return ['--logger', 'stemma']
  return major >= 5 ? ['--log-handler-script', script] : undefined
}

/**
 * The user's arguments with the recording option among them. It takes any number of values, so something must follow
 * that is no target: another option, `--`, or nothing.
 */
export function withRecording(args: readonly string[], [option, value]: readonly [string, string]): string[] {
  const own = args.indexOf(option)
  if (own >= 0 && option === '--logger') return [...args.slice(0, own + 1), value, ...args.slice(own + 1)]
  if (own >= 0 || args.some((word) => word.startsWith(`${option}=`))) return [...args]
  const at = args.findIndex((word) => word.startsWith('-'))
  return at < 0 ? [...args, option, value] : [...args.slice(0, at), option, value, ...args.slice(at)]
}

/** The working directory that the arguments name. */
export function directoryOf(args: readonly string[]): string | undefined {
  for (const [at, word] of args.entries()) {
    if (word === '--') return undefined
    if (word === '--directory' || word === '-d') return args[at + 1]
    const joined = /^(?:--directory=|-d)(.+)$/s.exec(word)?.[1]
    if (joined !== undefined) return joined
  }
  return undefined
}

/** Nothing runs: `-n` and its long forms. */
export function isDryRun(args: readonly string[]): boolean {
  return args.some((word) => /^(-n[a-z]*|--dry-?run)$/.test(word))
}
