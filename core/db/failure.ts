import { StemmaError, isStemmaError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'

/** SQLite's result codes, without their extended part: https://sqlite.org/rescode.html */
const SQLITE: Readonly<Record<string, ErrorCode>> = {
  SQLITE_BUSY: 'database.locked',
  SQLITE_LOCKED: 'database.locked',
  SQLITE_FULL: 'database.full',
  SQLITE_CORRUPT: 'database.damaged',
  SQLITE_NOTADB: 'database.damaged',
  SQLITE_IOERR: 'database.damaged',
  SQLITE_CANTOPEN: 'database.unreachable',
  SQLITE_READONLY: 'database.unreachable',
  SQLITE_PERM: 'database.unreachable',
  SQLITE_AUTH: 'database.unreachable',
}

/** Postgres' SQLSTATE codes and classes, and the system's and driver's codes for a server that is not there. */
const POSTGRES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(55P03|57014|40P01|40001)$/, 'database.locked'],
  [/^(53100|53200|54000)$/, 'database.full'],
  [/^(XX001|XX002|58P01)$/, 'database.damaged'],
  [/^(08...|28...|3D000|53300|57P0.|42501|58000)$/, 'database.unreachable'],
  [/^(ECONN\w+|ENOTFOUND|EAI_\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT)$/, 'database.unreachable'],
]

const WHAT: Partial<Record<ErrorCode, string>> = {
  'database.locked': 'the database is busy',
  'database.full': 'the database cannot grow',
  'database.damaged': 'the database is damaged',
  'database.unreachable': 'cannot use the database',
}

/**
 * Our error for what a driver threw, with the original as its cause; what is no fault of the surroundings (a mistake
 * in a statement of ours) comes back as it is: that is a defect.
 */
export function toDatabaseError(error: unknown, shown: string): unknown {
  if (isStemmaError(error) || !isError(error)) return error
  const code = typeof error.code === 'string' ? error.code : undefined
  const ours = codeOf(code, error.message)
  if (ours === undefined) return error
  return new StemmaError(ours, `${WHAT[ours] ?? ours}: "${shown}": ${error.message}`, {
    cause: error,
    detail: { url: shown, ...(code === undefined ? {} : { driverCode: code }) },
  })
}

/** By its shape: drivers make errors that are no `Error` of this realm. */
function isError(value: unknown): value is { readonly message: string; readonly code?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
}

function codeOf(code: string | undefined, message: string): ErrorCode | undefined {
  if (code?.startsWith('SQLITE_') === true) {
    // An extended code has the plain one as its start: SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE.
    if (code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_FSYNC') return 'database.full'
    return SQLITE[code.split('_').slice(0, 2).join('_')]
  }
  if (code !== undefined) return POSTGRES.find(([pattern]) => pattern.test(code))?.[1]
  // pg's own errors bear no code.
  return /connection terminated|timeout exceeded when trying to connect|not queryable/i.test(message)
    ? 'database.unreachable'
    : undefined
}

/** The code of a broken reference between rows, in both databases. */
export function isDanglingReference(error: unknown): boolean {
  if (!isError(error) || !('code' in error)) return false
  return error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || error.code === '23503'
}
