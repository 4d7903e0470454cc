// A process of its own that imports a made-up pipeline: tsx child.ts <url> <from> <to>. Killed by tests.
import { openDatabase } from '../../../core/db/open-database.ts'
import { ingest } from '../../../core/ingest/ingest.ts'
import { manyFacts } from './many-facts.ts'

const [url = '', from = '0', to = '0'] = process.argv.slice(2)
const database = await openDatabase(url, { create: true })
process.stdout.write('open\n')
await ingest(database, manyFacts(Number(from), Number(to)), {
  adapter: 'test',
  adapterVersion: 1,
  place: 'file:///here',
})
await database.close()
process.stdout.write('done\n')
