/** Whether this is an address as SQLAlchemy writes them for Postgres: `postgresql+psycopg2://…`. */
export function isPostgresAddress(address: string): boolean {
  return /^postgres(ql)?(\+\w+)?:\/\//.test(address)
}

/** The address as a Postgres client takes it: without the name of a Python driver. */
export function toClientAddress(address: string): string {
  return address.replace(/^postgres(?:ql)?(?:\+\w+)?:/, 'postgres:')
}
