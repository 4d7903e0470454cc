// Makes or checks the golden facts of all fixtures: npx tsx test/tools/golden.ts [--check] [engine…]
// Every fixtures/<engine>/<version>/<scenario>/source is read from one fixed place with fixed times, so that the facts
// are the same on every machine.
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Adapter } from '../../core/adapter.ts'
import { openFolder } from '../../core/source/folder.ts'
import { fileHasher } from '../../core/source/hasher.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures')
/** Paths are part of uids where the leftovers do not name their own. */
const PLACE = '/tmp/stemma-golden'
const WRITTEN = new Date('2026-11-24T09:00:00.000Z')
const Module = z.object({
  default: z.custom<Adapter>((value) => typeof value === 'object' && value !== null && 'read' in value),
})

const args = process.argv.slice(2)
const isCheck = args.includes('--check')
const engines = args.filter((arg) => !arg.startsWith('--'))
let different = 0
for (const engine of engines.length > 0 ? engines : await foldersOf(FIXTURES)) {
  if (!existsSync(join(FIXTURES, '../adapters', engine, 'index.ts'))) continue
  const { default: adapter } = Module.parse(await import(`../../adapters/${engine}/index.ts`))
  for (const version of await foldersOf(join(FIXTURES, engine))) {
    for (const scenario of await foldersOf(join(FIXTURES, engine, version))) {
      const folder = join(FIXTURES, engine, version, scenario)
      if (existsSync(join(folder, 'source'))) await golden(adapter, folder, `${engine}/${version}/${scenario}`)
    }
  }
}
process.exitCode = different > 0 ? 1 : 0

async function golden(adapter: Adapter, folder: string, name: string): Promise<void> {
  const text = await factsOf(adapter, join(folder, 'source'), name)
  const file = join(folder, 'facts.ndjson')
  const before = existsSync(file) ? await readFile(file, 'utf8') : undefined
  if (before === text) return
  if (!isCheck) {
    await writeFile(file, text)
    process.stdout.write(`${name}: written\n`)
    return
  }
  different++
  process.stdout.write(`${name}: ${before === undefined ? 'has no golden facts' : firstDifference(before, text)}\n`)
  process.stdout.write('  if the change is meant: npm run golden, and look at the diff\n')
}

async function factsOf(adapter: Adapter, source: string, name: string): Promise<string> {
  const copy = join(PLACE, name)
  await rm(copy, { recursive: true, force: true })
  await mkdir(copy, { recursive: true })
  await cp(source, copy, { recursive: true, verbatimSymlinks: true })
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory()) await utimes(join(entry.parentPath, entry.name), WRITTEN, WRITTEN)
  }
  const lines = ['{"kind":"stream","format":"stemma-facts","version":1}']
  const options = { own: adapter.options.parse({}) }
  for await (const fact of adapter.read([await openFolder(copy, fileHasher('small'))], options)) {
    if (fact.kind !== 'stream') lines.push(JSON.stringify(fact))
  }
  await rm(copy, { recursive: true, force: true })
  return `${lines.join('\n')}\n`
}

function firstDifference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const at = now.findIndex((line, index) => line !== old[index])
  const shown = (line: string | undefined): string => (line ?? '(nothing)').slice(0, 300)
  return `line ${String(at + 1)} is now ${shown(now[at])}, was ${shown(old[at])}`
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}
