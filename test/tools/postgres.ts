// A Postgres for tests: a container where a Docker engine answers, else a private server from installed binaries.
// `startPostgres()` gives `undefined` when there is neither; with CI set it throws instead, so that nothing is skipped unseen.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PostgresServer {
  /** `postgres://stemma@127.0.0.1:<port>/stemma`, without a schema: add `?schema=name` for a fresh one. */
  readonly url: string
  /** A url with a schema that no other test has. */
  freshUrl(): string
  /** Takes the server down at once, as a crash would. */
  kill(): Promise<void>
  stop(): Promise<void>
}

let schemas = 0

export async function startPostgres(): Promise<PostgresServer | undefined> {
  const server = (await startContainer()) ?? (await startInstalled())
  if (server === undefined && process.env.CI !== undefined) {
    throw new Error('neither a Docker engine nor Postgres binaries: CI must test both databases')
  }
  return server
}

/** Whether there is anything to start; `true` with CI set, so that a missing server fails instead of being skipped. */
export function canStartPostgres(): boolean {
  return process.env.CI !== undefined || hasDocker() || findPrograms() !== undefined
}

function hasDocker(): boolean {
  return process.env.DOCKER_HOST !== undefined || existsSync('/var/run/docker.sock')
}

function serverAt(url: string, stop: () => Promise<void>, kill: () => Promise<void>): PostgresServer {
  return { url, stop, kill, freshUrl: () => `${url}?schema=test_${String(process.pid)}_${String(++schemas)}` }
}

/** Asks for a container only where the engine's socket is there: looking for one costs seconds. */
async function startContainer(): Promise<PostgresServer | undefined> {
  if (!hasDocker()) return undefined
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  const container = await new PostgreSqlContainer('postgres:15-alpine')
    .withDatabase('stemma')
    .withUsername('stemma')
    .start()
  const stop = async (): Promise<void> => {
    await container.stop()
  }
  return serverAt(container.getConnectionUri(), stop, stop)
}

/** The newest installed server's programs: Debian keeps them out of the path. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** The server refuses to run as root: then as the user `postgres` that its package made. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const ask = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: ask('-u'), gid: ask('-g') }
}

async function startInstalled(): Promise<PostgresServer | undefined> {
  const programs = findPrograms()
  if (programs === undefined) return undefined
  const user = serverUser()
  const folder = mkdtempSync(join(tmpdir(), 'stemma-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'stemma', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'],
    { ...user, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'unix_socket_directories=',
    'listen_addresses=127.0.0.1',
    'max_wal_size=4GB',
  ]
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, cwd: folder, stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      resolve()
    }),
  )
  const clean = (): void => {
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => {
    server.kill('SIGKILL')
    clean()
  })
  await answering(programs, port)
  const base = ['-h', '127.0.0.1', '-p', String(port), '-U', 'stemma']
  const created = spawnSync(join(programs, 'createdb'), [...base, 'stemma'], { encoding: 'utf8', cwd: folder })
  if (created.status !== 0) throw new Error(`createdb failed: ${created.stderr}`)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal)
    await ended
    clean()
  }
  return serverAt(
    `postgres://stemma@127.0.0.1:${String(port)}/stemma`,
    () => end('SIGINT'),
    () => end('SIGQUIT'),
  )
}

async function answering(programs: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const asked = spawnSync(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
    if (asked.status === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the private Postgres did not answer within ten seconds')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}
