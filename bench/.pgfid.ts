import { spawnSync } from 'node:child_process'
import { startPostgres } from '../test/tools/postgres.ts'
const server = await startPostgres()
const done = spawnSync('node', ['/work/shared/tools/fidelity.mjs', '--stemma', `node ${process.cwd()}/dist/bin.js`, '--database', server.url, '/work/shared/samples/nextflow-recorded'], { encoding: 'utf8' })
process.stdout.write(done.stdout + done.stderr)
await server.stop()
