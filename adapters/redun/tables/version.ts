import { StemmaError } from '../../../core/adapter.ts'
import { MigrationRow, VersionRow } from './schema.ts'
import type { Tables } from './tables.ts'

/** Schema 3.x by its migration (redun/backends/db/alembic/versions); 3.1 came with redun 0.7.4, 3.5 with 0.25. */
const MINORS: Readonly<Record<string, number>> = {
  cd2d53191748: 0,
  cc4f663817b6: 1,
  eb7b95e4e8bf: 2,
  f68b3aaee9cc: 3,
  '3b0a6e67cc58': 4,
  '0bee3d6dba76': 5,
}
const MAJOR = 3
/** From here on job times are UTC. */
const UTC_MINOR = 4

export interface SchemaVersion {
  readonly major: number
  /** `undefined`: a migration that this program does not know, hence newer. */
  readonly minor: number | undefined
  readonly migration: string
  readonly jobTimesAreUtc: boolean
  readonly hasHeartbeat: boolean
}

/** Which version of redun's schema this is. A major version other than 3 is refused. */
export function readVersion(tables: Tables, place: string): SchemaVersion {
  requireTables(tables, place)
  const [newest] = tables.all('select version from redun_version order by timestamp desc, version desc limit 1')
  const major = VersionRow.safeParse(newest).data?.version ?? MAJOR
  const [step] = tables.all('select version_num from alembic_version limit 1')
  const migration = MigrationRow.safeParse(step).data?.version_num ?? ''
  if (major !== MAJOR) {
    throw new StemmaError(
      'source.version-unknown',
      `redun's schema ${String(major)} is not known (3.1 to 3.5 are): "${place}"`,
      { detail: { place, major } },
    )
  }
  const minor = MINORS[migration]
  const columns = tables.all(`select name from pragma_table_info('execution') where name = 'updated_time'`)
  return {
    major,
    minor,
    migration,
    jobTimesAreUtc: minor === undefined || minor >= UTC_MINOR,
    hasHeartbeat: columns.length > 0,
  }
}

function requireTables(tables: Tables, place: string): void {
  const wanted = ['execution', 'job', 'call_node', 'argument', 'value', 'task', 'redun_version', 'alembic_version']
  const found = new Set(tables.all(`select name from sqlite_master where type = 'table'`).map((row) => row.name))
  const missing = wanted.filter((name) => !found.has(name))
  if (missing.length === 0) return
  throw new StemmaError('source.unreadable', `no redun database: "${place}": no table ${missing.join(', ')}`, {
    detail: { place, missing },
    advice: 'Name the redun.db of the project (usually .redun/redun.db).',
  })
}
