// Object stores on this machine: moto (S3) from .venv-moto, Azurite (Azure) from npm.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

export interface Server {
  readonly port: number
  stop(): Promise<void>
}

const MOTO = new URL('../../.venv-moto/bin/moto_server', import.meta.url).pathname
const AZURITE = new URL('../../node_modules/azurite/dist/src/blob/main.js', import.meta.url).pathname
const PATIENCE_MS = 30_000

export const hasMoto = existsSync(MOTO)
export const hasAzurite = existsSync(AZURITE)

export async function startMoto(): Promise<Server> {
  const port = await freePort()
  return start(spawn(MOTO, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' }), port)
}

export async function startAzurite(): Promise<Server> {
  const port = await freePort()
  const argv = [AZURITE, '--inMemoryPersistence', '--blobHost', '127.0.0.1', '--blobPort', String(port), '--disableTelemetry', '--skipApiVersionCheck', '--silent'] // prettier-ignore
  return start(spawn(process.execPath, argv, { stdio: 'ignore' }), port)
}

async function start(child: ChildProcess, port: number): Promise<Server> {
  const until = Date.now() + PATIENCE_MS
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the server on port ${port} did not start`)
    await setTimeout(50)
  }
  return {
    port,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`)
    return true
  } catch {
    return false // not there yet
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
