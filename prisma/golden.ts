// Writes prisma/golden.<provider>.sql, the schema that the migrations make: npm run golden:schema
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../core/db/open-database.ts'
import { startPostgres } from '../test/tools/postgres.ts'
import { dumpSchema } from '../test/tools/schema-dump.ts'

async function writeGolden(url: string): Promise<void> {
  const database = await openDatabase(url, { create: true })
  await writeFile(join(import.meta.dirname, `golden.${database.provider}.sql`), await dumpSchema(database))
  await database.close()
}

const folder = await mkdtemp(join(tmpdir(), 'stemma-golden-'))
await writeGolden(`file:${join(folder, 'golden.db')}`)
await rm(folder, { recursive: true })
const server = await startPostgres()
if (server === undefined) throw new Error('the golden schema of Postgres needs a Postgres')
await writeGolden(`${server.url}?schema=golden`)
await server.stop()
