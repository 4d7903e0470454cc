import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StemmaError } from '../errors.ts'

/** Where a database is, parsed. `shown` has no password. */
export type DatabaseAddress =
  | { readonly provider: 'sqlite'; readonly path: string; readonly shown: string }
  | { readonly provider: 'postgres'; readonly connection: string; readonly schema: string; readonly shown: string }
export type PostgresAddress = Extract<DatabaseAddress, { provider: 'postgres' }>

/** Reads `file:path` (relative to the working directory) and `postgres://user@host/db?schema=name`. */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  if (url.startsWith('file:')) return sqliteAddress(url)
  if (/^postgres(ql)?:\/\//.test(url)) return postgresAddress(url)
  throw invalid('a database url starts with file: or postgres://', url)
}

function sqliteAddress(url: string): DatabaseAddress {
  const rest = url.slice('file:'.length).replace(/\?.*$/s, '')
  if (rest === '') throw invalid('no file is named', url)
  const path = rest.startsWith('//') ? fileURLToPath(`file:${rest}`) : isAbsolute(rest) ? rest : resolve(rest)
  return { provider: 'sqlite', path, shown: `file:${path}` }
}

function postgresAddress(url: string): DatabaseAddress {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw invalid('not a url', url)
  }
  const schema = parsed.searchParams.get('schema') ?? 'public'
  // Prisma's own settings that the driver does not know.
  for (const name of ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'socket_timeout'])
    parsed.searchParams.delete(name)
  const connection = parsed.href
  if (parsed.password !== '') parsed.password = '***'
  for (const name of ['password', 'sslpassword'])
    if (parsed.searchParams.has(name)) parsed.searchParams.set(name, '***')
  parsed.searchParams.set('schema', schema)
  return { provider: 'postgres', connection, schema, shown: parsed.href }
}

function invalid(why: string, url: string): StemmaError {
  const shown = url.replace(/\/\/[^@/]*@/, '//***@')
  return new StemmaError('config.invalid', `cannot use the database url: "${shown}": ${why}`, {
    advice: 'Write file:path/to/stemma.db or postgres://user@host/database?schema=name.',
  })
}
