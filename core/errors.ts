/** Exit code of each family of errors: the part of a code before the dot. Public, see the command line's promise. */
const EXIT_CODES = {
  defect: 1,
  usage: 2,
  config: 2,
  dependency: 2,
  query: 3,
  source: 4,
  fact: 4,
  database: 5,
  storage: 6,
  interrupted: 130,
} as const

type Family = keyof typeof EXIT_CODES

/** What each code means to the user: what to do next. One line, no full stop needed by the printer. */
export const ADVICE = {
  'usage.unknown-verb': 'See `stemma --help`.',
  'usage.unknown-engine': 'See `stemma import --help`.',
  'usage.not-a-function': 'Track functions and methods; wrap the work of a class in its methods.',
  'usage.invalid-option': 'See `stemma <verb> --help`.',
  'config.invalid': 'Correct the file, or remove it and run `stemma init`.',
  'config.no-database': 'Run `stemma init` here, or name a database with --database or STEMMA_DATABASE.',
  'dependency.missing': 'Add the package to your project, then repeat the command.',
  'dependency.mismatch': 'Update Node, or install again with npm on this one: it takes the release that fits.',
  'query.not-found': 'List what is there with `stemma runs`, `stemma artifacts` or `stemma find`.',
  'query.ambiguous': 'Repeat the command with one of the uids listed.',
  'source.not-found': 'Check the path.',
  'source.unreadable': 'Check the permissions and that the file is whole.',
  'source.not-recognised':
    'Name the folder in which the run was started, or what it left. An export is read by `stemma import facts <file>`.',
  'source.version-unknown': 'Update Stemma, or report the version so that it can be added.',
  'source.gaps': 'Repeat without --strict to import what can be read.',
  'source.locked': 'Wait until the other program is done, then repeat.',
  'fact.invalid': 'Correct the line, or make the file again with `stemma export --format ndjson`.',
  'fact.version': 'Update Stemma to read this file.',
  'fact.dangling-reference': 'The stream is cut or out of order: definitions come before uses.',
  'database.unreachable': 'Check the url, that the server runs, and your permissions.',
  'database.locked': 'Another program is writing. Wait until it is done, then repeat.',
  'database.newer': 'Update Stemma: the database was made by a newer version.',
  'database.not-initialised': 'Run `stemma init`.',
  'database.foreign': 'Name another file, or another schema with ?schema=name.',
  'database.damaged': 'Restore the file from a backup, or remove it and import again.',
  'database.full': 'Free some space, then repeat: nothing was half written.',
  'database.migration-failed': 'Nothing was changed. Report this with the message above.',
  'storage.denied': 'Check the credentials and the rights on the bucket or container.',
  'storage.not-found': 'Check the name of the bucket or container and the key.',
  'storage.not-written': 'Check that the folder is there, that you may write to it, and that there is space.',
  'storage.unavailable': 'Check the network and the endpoint, then repeat.',
  interrupted: 'Nothing was half written. Repeat the command to go on.',
} as const satisfies Record<string, string>

export type ErrorCode = keyof typeof ADVICE

const MARK = Symbol.for('stemma.error')

/** What may stand in an error's detail: facts for programs, never secrets. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** The one error that Stemma throws on purpose; anything else that escapes is a defect. */
export class StemmaError extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
  /** @param message what failed: which thing: where — without the advice, which follows from the code */
  constructor(
    code: ErrorCode,
    message: string,
    options: { detail?: ErrorDetail; cause?: unknown; advice?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StemmaError'
    this.code = code
    this.detail = options.detail ?? {}
    this.advice = options.advice ?? ADVICE[code]
    Object.defineProperty(this, MARK, { value: true })
  }
  readonly advice: string
}

/** Recognises our error over two installed copies of the package, where `instanceof` fails. */
export function isStemmaError(error: unknown): error is StemmaError {
  return typeof error === 'object' && error !== null && MARK in error
}

/** The exit code for whatever was thrown. */
export function exitCodeOf(error: unknown): number {
  if (!isStemmaError(error)) return EXIT_CODES.defect
  const family = error.code.split('.')[0] as Family // ADVICE's keys all start with a family; a test goes over them
  return EXIT_CODES[family]
}
