// Prints what an adapter reads, without a database: npx tsx test/tools/print-facts.ts <engine> <source…>
import { z } from 'zod'
import type { Adapter } from '../../core/adapter.ts'
import { openFolder } from '../../core/source/folder.ts'
import { fileHasher } from '../../core/source/hasher.ts'

const [engine = '', ...places] = process.argv.slice(2)
const Module = z.object({
  default: z.custom<Adapter>((value) => typeof value === 'object' && value !== null && 'read' in value),
})
const { default: adapter } = Module.parse(await import(`../../adapters/${engine}/index.ts`))
const sources = []
for (const place of places) sources.push(await openFolder(place, fileHasher('small')))
process.stdout.write('{"kind":"stream","format":"stemma-facts","version":1}\n')
for await (const fact of adapter.read(sources, { own: adapter.options.parse({}) })) {
  if (fact.kind !== 'stream') process.stdout.write(`${JSON.stringify(fact)}\n`)
}
