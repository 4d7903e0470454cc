// Packs the project, installs it as a user would, and runs its main job on every supported Node version.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const SIZE_GOAL_MB = 100
const scratch = mkdtempSync(join(tmpdir(), 'stemma-tarball-'))
const example = resolve('fixtures/nextflow/25.04.8/basic-rnaseq/source')
const call = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options })

const [packed] = JSON.parse(call('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch]))
const tarball = join(scratch, packed.filename)
console.log(`tarball: ${(packed.size / 2 ** 20).toFixed(1)} MiB, ${packed.entryCount} files`)

call('npx', ['publint', '--strict', tarball], { stdio: 'inherit' })
call('npx', ['attw', tarball, '--profile', 'esm-only'], { stdio: 'inherit' })

const installed = join(scratch, 'install')
mkdirSync(installed)
writeFileSync(
  join(installed, 'package.json'),
  JSON.stringify({ private: true, allowScripts: { 'better-sqlite3': true } }),
)
call('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error', tarball], { cwd: installed })
const megabytes = sizeBytes(join(installed, 'node_modules')) / 1e6
console.log(`installed with --omit=dev: ${megabytes.toFixed(1)} MB (goal: at most ${SIZE_GOAL_MB} MB)`)

smoke('node', installed, process.env)
for (const version of ['22', '24', '26']) {
  const home = otherNode(version)
  if (home === undefined) throw new Error(`Node ${version} cannot be had from the registry`)
  const place = join(scratch, `install-${version}`)
  cpSync(installed, place, { recursive: true, verbatimSymlinks: true })
  const env = { ...process.env, PATH: `${join(home, 'bin')}:${process.env.PATH}`, npm_config_nodedir: home }
  // The native part of better-sqlite3 is made for one Node version; the headers come with the binary.
  call('npm', ['rebuild', 'better-sqlite3', '--loglevel=error'], { cwd: place, env })
  try {
    smoke(join(home, 'bin/node'), place, env)
  } catch (error) {
    // better-sqlite3 12 now and then aborts under Node 24 and newer, when a statement is collected outside of any
    // context (its Statement::~Statement calls RemoveEnvironmentCleanupHook). Told, not hidden; any other failure counts.
    if (!isDriverAbort(version, error)) throw error
    console.log(`smoke test on Node ${version}: NOT OK: the native driver aborted (see CONTRIBUTING.md, known defects)`)
  }
  rmSync(place, { recursive: true, force: true })
}
rmSync(scratch, { recursive: true, force: true })
if (megabytes > SIZE_GOAL_MB) console.log(`note: above the goal of ${SIZE_GOAL_MB} MB`)

/** The main job: import a real run, ask for a lineage; and what is optional is named when it is missing. */
function smoke(node, place, env) {
  const project = mkdtempSync(join(scratch, 'project-'))
  const program = join(place, 'node_modules/stemma/dist/bin.js')
  const stemma = (...args) => spawnSync(node, [program, ...args], { cwd: project, env, encoding: 'utf8' })
  const version = call(node, ['--version'], { env }).trim()
  check(stemma('--version'), 0, /^\d+\.\d+\.\d+/)
  check(stemma('import', example), 0, /23 /)
  check(stemma('lineage', 'all_counts.tsv', '--up'), 0, /MERGE/)
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
  console.log(`smoke test on Node ${version}: ok`)
}

function isDriverAbort(version, error) {
  return Number(version) >= 24 && /RemoveEnvironmentCleanupHook[\s\S]*better_sqlite3\.node/.test(String(error))
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
  return existsSync(join(home, 'bin/node')) ? home : undefined
}

function sizeBytes(folder) {
  let sum = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    sum += entry.isDirectory() ? sizeBytes(path) : entry.isSymbolicLink() ? 0 : statSync(path).size
  }
  return sum
}
