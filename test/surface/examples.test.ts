// The example in the documentation of each entry of the package, run as a program of its own beside real leftovers.
import { expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const folder = temporaryFolders()

const { exports } = z
  .object({ exports: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
const entries = Object.entries(exports).flatMap(([name, places]) => {
  const parsed = z.object({ default: z.string() }).safeParse(places)
  if (!parsed.success) return []
  const source = parsed.data.default.replace('./dist/', '').replace(/\.js$/, '.ts')
  return [{ name: `stemma${name.slice(1)}`, source: join(ROOT, source) }]
})

/** Where each is run, and what it prints. */
const runs: Readonly<Record<string, { readonly beside: string; readonly prints: RegExp }>> = {
  stemma: { beside: 'nextflow/25.04.8/basic-rnaseq/source', prints: /^artifact file:.*all_counts\.tsv\n[^]*run MERGE/ },
  'stemma/adapter': { beside: '', prints: /^\[ 'artifact' \]\n$/ },
  'stemma/nextflow': { beside: 'nextflow/25.04.8/basic-rnaseq/source', prints: /run: 24,/ },
  'stemma/snakemake': { beside: 'snakemake/9.27.1/failed-checks/source', prints: /^\w+ / },
  'stemma/redun': {
    beside: 'redun/0.46.0/script/source',
    prints: /^redun\.examples\.script\.count_color [0-9a-f]{8}\n/,
  },
  'stemma/temporal': { beside: 'temporal/server-1.32/failure', prints: / failed\n/ },
  'stemma/temporal/workflow-interceptors': { beside: '', prints: /true\n$/ },
}

test.each(entries)('the example of $name runs', async ({ name, source }) => {
  const run = runs[name]
  if (run === undefined) throw new Error('tell where its example is run')
  const place = await folder()
  if (run.beside !== '') cpSync(join(ROOT, 'fixtures', run.beside), place, { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(place, 'jobs.log'), '1 /data/report.html\n')
  writeFileSync(join(place, 'workflows.js'), 'export async function nothing() {}\n')
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'))
  const script = join(place, 'example.mts')
  writeFileSync(script, exampleIn(source))
  const loader = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href
  const done = spawnSync(process.execPath, ['--import', loader, script], { cwd: place, encoding: 'utf8' })
  expect(done.stdout).toMatch(run.prints)
  expect(done.status).toBe(0)
})

function exampleIn(source: string): string {
  const example = /```ts\n(.*?)```/s.exec(readFileSync(source, 'utf8'))?.[1]?.replace(/^ \* ?/gm, '')
  if (example === undefined) throw new Error(`no example in ${source}`)
  return example.replace(/'(stemma(?:\/[\w-]+)*)'/g, (all, name: string) => {
    const entry = entries.find((each) => each.name === name)
    return entry === undefined ? all : `'${pathToFileURL(entry.source).href}'`
  })
}
