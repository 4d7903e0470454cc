/**
 * The system's code of an error: `ENOENT`, `EACCES`. Not asked by `instanceof Error`: in a program with several realms
 * (test runners, sandboxes) the file system's errors are of another one.
 */
export function systemErrorCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  return typeof cause.code === 'string' ? cause.code : undefined
}

/** Whether the system refused something, rather than a program having a defect. */
export function isSystemError(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'syscall' in cause
}

const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

/** Whether it says that nothing lies at a path, or that no path like it can be. */
export function saysNothingThere(cause: unknown): boolean {
  return NOTHING_THERE.has(systemErrorCode(cause) ?? '')
}

/** What kind of error it is, as its class calls itself. */
export function errorName(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('name' in cause)) return 'error'
  return typeof cause.name === 'string' ? cause.name : 'error'
}
