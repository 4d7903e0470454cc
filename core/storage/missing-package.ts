import { StemmaError } from '../errors.ts'
import { systemErrorCode } from '../system-error.ts'

/** For a package that only some users need and that is not installed; any other failure to load goes up as it is. */
export function missingPackage(name: string, cause: unknown): never {
  const code = systemErrorCode(cause)
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause
  throw new StemmaError('dependency.missing', `a package is not installed: "${name}"`, {
    cause,
    detail: { package: name },
    advice: `Add it to your project, then repeat the command: npm install ${name}`,
  })
}
