// Compares what the built program rebuilds of every recorded run with the truth beside it, on both databases.
// Writes `passed failed` to the file named. Usage: tsx .ci/fidelity.ts <file> [suite…]
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { startPostgres } from '../test/tools/postgres.ts'

const comparer = '../shared/tools/fidelity.mjs'
const everySuite = [
  'nextflow-recorded',
  'snakemake-recorded',
  'snakemake',
  'redun-recorded',
  'redun',
  'temporal',
  'chain-recorded',
]

/**
 * Cases whose truth asks for what their leftovers cannot show. They must stay the only ones that are not whole, and
 * leave this list when the truth is corrected.
 */
const mistakenTruths = new Map([
  ['temporal/samples/encrypted', 'wants files that stand in encrypted payloads, without a key'],
  ['temporal/samples/standalone', 'names nothing to import'],
  ['temporal/samples/local-activities', 'wants the inputs of local activities that it calls unknowable'],
])

const [output = '', ...named] = process.argv.slice(2)
const suites = named.length > 0 ? named : everySuite
const postgres = await startPostgres()
if (postgres === undefined) throw new Error('no Postgres server can be started here')
let passed = 0
let failed = 0
try {
  for (const database of [undefined, postgres.url]) for (const suite of suites) compare(suite, database)
} finally {
  await postgres.stop()
}
writeFileSync(output, `${passed} ${failed}\n`)
process.exitCode = failed === 0 ? 0 : 1

function compare(suite: string, database: string | undefined): void {
  const args = [comparer, '--stemma', `node ${process.cwd()}/dist/bin.js`, '-v']
  if (database !== undefined) args.push('--database', database)
  const done = spawnSync('node', [...args, `../shared/samples/${suite}`], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  process.stdout.write(`-- ${suite} on ${database === undefined ? 'SQLite' : 'Postgres'}\n${done.stdout}${done.stderr}`)
  const cases = [...done.stdout.matchAll(/^(ok|BAD) +(\S+?):? /gm)]
  if (cases.length === 0) failed++
  for (const [, verdict, name = ''] of cases) {
    const isWhole = verdict === 'ok'
    if (isWhole !== mistakenTruths.has(name)) passed++
    else failed++
    if (mistakenTruths.has(name)) process.stdout.write(`note: ${name}: its truth ${mistakenTruths.get(name)}\n`)
  }
}
