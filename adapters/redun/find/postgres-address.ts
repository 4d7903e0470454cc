/** Whether this is an address as SQLAlchemy writes them for Postgres: `postgresql+psycopg2://…`. */
export function isPostgresAddress(address: string): boolean {
  return /^postgres(ql)?(\+\w+)?:\/\//.test(address)
}

/** The address as a Postgres client takes it: without the name of a Python driver. */
export function toClientAddress(address: string): string {
  return address.replace(/^postgres(?:ql)?(?:\+\w+)?:/, 'postgres:')
}

/** The address as it may be shown. */
export function withoutPassword(address: string): string {
  return address.replace(/^([^/]*\/\/[^/@:]*):[^/]*@/, '$1@').replace(/([?&]password=)[^&]*/gi, '$1<redacted>')
}
