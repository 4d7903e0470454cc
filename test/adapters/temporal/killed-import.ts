// Run by live.test.ts in a process of its own: imports from a server, and is killed in the middle of the fourth execution.
import temporal from '../../../adapters/temporal/index.ts'
import { openDatabase } from '../../../core/db/open-database.ts'
import { Uri } from '../../../core/fact/uri.ts'
import { importParts } from '../../../core/ingest/import-parts.ts'
import type { Adapter } from '../../../core/adapter.ts'
import type { Fact } from '../../../core/fact/fact.ts'

const [url = '', address = ''] = process.argv.slice(2)
const WHOLE = 3

async function* dieAfterOne(facts: AsyncIterable<Fact>): AsyncIterable<Fact> {
  for await (const fact of facts) {
    yield fact
    process.kill(process.pid, 'SIGKILL')
  }
}

const adapter: Adapter = {
  ...temporal,
  options: temporal.options,
  async *parts(source, { signal }) {
    let left = WHOLE
    const options = { own: temporal.options.parse({}), ...(signal === undefined ? {} : { signal }) }
    for await (const part of temporal.parts?.(source, options) ?? []) {
      yield left-- > 0 ? part : { ...part, facts: () => dieAfterOne(part.facts()) }
    }
  },
}
const database = await openDatabase(url, { create: true })
const source = { kind: 'address', address, uri: Uri.parse(address) } as const
await importParts(database, adapter, [source], { own: {}, ingest: {}, watch: (facts) => facts })
