// Packs the project, installs it as a user would, and runs its main job on every supported Node version.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const SIZE_GOAL_MB = 100
const IMPORTS = 8
const scratch = mkdtempSync(join(tmpdir(), 'stemma-tarball-'))
const example = resolve('fixtures/nextflow/25.04.8/basic-rnaseq/source')
const call = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options })

const [packed] = JSON.parse(call('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch]))
const tarball = join(scratch, packed.filename)
console.log(`tarball: ${(packed.size / 2 ** 20).toFixed(1)} MiB, ${packed.entryCount} files`)

call('npx', ['publint', '--strict', tarball], { stdio: 'inherit' })
call('npx', ['attw', tarball, '--profile', 'esm-only'], { stdio: 'inherit' })

// Each version installs for itself: npm takes the release of the SQLite driver that runs on it.
const homes = ['22', '24', '26'].map((version) => otherNode(version))
for (const home of [undefined, ...homes]) {
  const env = home === undefined ? process.env : { ...process.env, PATH: `${join(home, 'bin')}:${process.env.PATH}` }
  const place = mkdtempSync(join(scratch, 'install-'))
  const settings = { private: true, allowScripts: { 'better-sqlite3': true } }
  writeFileSync(join(place, 'package.json'), JSON.stringify(settings))
  // A driver that has to be compiled finds the headers beside the binary.
  const built = home === undefined ? env : { ...env, npm_config_nodedir: home }
  call('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
    cwd: place,
    env: built,
  })
  smoke(home === undefined ? 'node' : join(home, 'bin/node'), place, env)
  const megabytes = sizeBytes(join(place, 'node_modules')) / 1e6
  console.log(`installed with --omit=dev: ${megabytes.toFixed(1)} MB (goal: at most ${SIZE_GOAL_MB} MB)`)
  rmSync(place, { recursive: true, force: true })
}
rmSync(scratch, { recursive: true, force: true })

/**
 * The main job: import a real run, ask for a lineage; and what is optional is named when it is missing. Several times: a
 * driver that does not fit aborts only where the garbage collector comes at a bad moment.
 */
function smoke(node, place, env) {
  const driver = JSON.parse(readFileSync(join(place, 'node_modules/better-sqlite3/package.json'), 'utf8')).version
  const program = join(place, 'node_modules/stemma/dist/bin.js')
  let project = place
  const stemma = (...args) => spawnSync(node, [program, ...args], { cwd: project, env, encoding: 'utf8' })
  const version = call(node, ['--version'], { env }).trim()
  check(stemma('--version'), 0, /^\d+\.\d+\.\d+/)
  for (let times = 0; times < IMPORTS; times++) {
    project = mkdtempSync(join(scratch, 'project-'))
    check(stemma('import', example), 0, /23 /)
    check(stemma('lineage', 'all_counts.tsv', '--up'), 0, /MERGE/)
    check(stemma('doctor'), 0, /no damage found/)
  }
  check(stemma('import', 's3://bucket/prefix'), 2, /@aws-sdk\/client-s3/)
  call(
    node,
    [
      '--input-type=module',
      '-e',
      "import { openStemma } from 'stemma'; if (typeof openStemma !== 'function') process.exit(1)",
    ],
    { cwd: place, env },
  )
  console.log(`smoke test on Node ${version} with better-sqlite3 ${driver}: ok`)
}

function check(done, status, text) {
  if (done.status === status && text.test(done.stdout + done.stderr)) return
  throw new Error(
    `${done.args?.join(' ') ?? ''} ended with ${done.status}, expected ${status} and ${text}:\n${done.stdout}\n${done.stderr}`,
  )
}

/** Unpacks another Node version with its headers, from the packages that carry the binaries. */
function otherNode(version) {
  const name = `node-${process.platform}-${process.arch}`
  const file = call('npm', ['pack', '--silent', '--pack-destination', scratch, `${name}@${version}`])
    .trim()
    .split('\n')
    .at(-1)
  const home = join(scratch, `node-${version}`)
  mkdirSync(home)
  call('tar', ['xzf', join(scratch, file), '-C', home, '--strip-components=1'])
  if (!existsSync(join(home, 'bin/node'))) throw new Error(`Node ${version} cannot be had from the registry`)
  return home
}

function sizeBytes(folder) {
  let sum = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    sum += entry.isDirectory() ? sizeBytes(path) : entry.isSymbolicLink() ? 0 : statSync(path).size
  }
  return sum
}
