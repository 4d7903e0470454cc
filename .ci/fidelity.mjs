// Compares what the built program rebuilds of every recorded run with the truth beside it, on both databases.
// Writes `passed failed` to the file named; ends with 1 when any case is not whole.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { startPostgres } from '../dist-ci/postgres.js'

const shared = '../shared'
const suites = ['nextflow-recorded', 'snakemake-recorded', 'snakemake', 'redun-recorded', 'redun', 'temporal']
let passed = 0
let failed = 0
const postgres = await startPostgres()
try {
  for (const database of [undefined, postgres.url]) {
    for (const suite of suites) {
      const args = [`${shared}/tools/fidelity.mjs`, '--stemma', `node ${process.cwd()}/dist/bin.js`]
      if (database !== undefined) args.push('--database', database)
      const done = spawnSync('node', [...args, '-v', `${shared}/samples/${suite}`], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      })
      console.log(`-- ${suite} on ${database === undefined ? 'SQLite' : 'Postgres'}\n${done.stdout}${done.stderr}`)
      const [, whole, all] = /^(\d+) of (\d+) cases whole/m.exec(done.stdout) ?? [undefined, '0', '1']
      passed += Number(whole)
      failed += Number(all) - Number(whole)
    }
  }
} finally {
  await postgres.stop()
}
writeFileSync(process.argv[2], `${passed} ${failed}\n`)
process.exitCode = failed === 0 && existsSync(shared) ? 0 : 1
