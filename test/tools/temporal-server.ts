import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The `temporal` program: named by the environment, from `.ci/engines temporal`, or on the path. */
export function temporalProgram(): string | undefined {
  const named = process.env.TEMPORAL_CLI_PATH
  if (named !== undefined && named !== '') return named
  const own = join(import.meta.dirname, '..', '..', '.venv-temporal', 'bin', 'temporal')
  if (existsSync(own)) return own
  return spawnSync('temporal', ['--version']).status === 0 ? 'temporal' : undefined
}

/** The same for tests: without it they are skipped on a developer's machine, and fail in CI. */
export function requireTemporal(): string | undefined {
  const program = temporalProgram()
  if (program === undefined && process.env.CI !== undefined) {
    throw new Error('no `temporal` program: run .ci/engines temporal')
  }
  return program
}

export interface TemporalServer {
  readonly address: string
  readonly program: string
  stop(): Promise<void>
}

/** Starts a dev server in memory with the namespaces `default` and `other`, and waits until it serves. */
export async function startTemporal(program: string): Promise<TemporalServer> {
  const [port, uiPort, httpPort] = [await freePort(), await freePort(), await freePort()]
  const address = `127.0.0.1:${port}`
  // prettier-ignore
  const server = spawn(program, [
    'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort),
    '--http-port', String(httpPort), '--headless', '--namespace', 'other', '--log-level', 'never',
  ], { stdio: 'ignore' })
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM')
    if (server.exitCode === null && server.signalCode === null) {
      await new Promise((resolve) => server.once('exit', resolve))
    }
  }
  for (let left = 100; left > 0; left--) {
    if (spawnSync(program, ['operator', 'cluster', 'health', '--address', address]).status === 0) {
      return { address, program, stop }
    }
    await sleep(200)
  }
  await stop()
  throw new Error(`the dev server does not serve on ${address}`)
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
