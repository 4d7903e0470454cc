import { once } from 'node:events'
import type { Server } from 'node:http'
import { isIP, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { StemmaError, type CommandCall, type CommandContext } from '../../../core/adapter.ts'
import { Importer } from './importer.ts'
import { DEFAULT_PORT } from './port.ts'
import { createReceiver } from './receiver.ts'
import { Spool } from './spool.ts'

const Options = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(DEFAULT_PORT),
  host: z.string().default('127.0.0.1'),
  token: z.string().min(1).optional(),
  timezone: z.string().optional(),
})

/** Listens until the context's signal; then imports what is left. */
export async function listen(call: CommandCall, context: CommandContext): Promise<number> {
  const options = parseOptions(call)
  if (options.token === undefined && !isLoopback(options.host)) {
    context.warn(`anyone who reaches ${options.host} can post events: use --token`)
  }
  const spool = new Spool(join(context.stemmaFolder, 'spool', 'nextflow'))
  const importer = new Importer(spool, context, options.timezone)
  const server = createReceiver({
    token: options.token,
    warn: (text) => { context.warn(text) }, // prettier-ignore
    keep: async (event, line) => {
      await spool.append(event.runId, event.runName, line)
      importer.schedule(event.event === 'completed' ? 'now' : 'soon')
    },
  })
  const address = await open(server, options)
  context.write(`listening: run Nextflow with -with-weblog http://${address}/\n`)
  importer.schedule('now') // what an earlier listener could not import
  if (!context.signal.aborted) await once(context.signal, 'abort')
  await close(server)
  await spool.close()
  await importer.finish()
  return 0
}

function parseOptions(call: CommandCall): z.infer<typeof Options> {
  const parsed = Options.safeParse(call.options)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = issue?.path.join('.') ?? ''
  throw new StemmaError('usage.invalid-option', `not a value of --${name}: ${issue?.message ?? ''}`)
}

async function open(server: Server, { port, host }: { port: number; host: string }): Promise<string> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const isTaken = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'EADDRINUSE'
    const why = isTaken ? 'the port is in use' : String(cause)
    throw new StemmaError('usage.invalid-option', `cannot listen: "${host}:${port}": ${why}`, { cause })
  }
  const address = server.address()
  return isAddress(address)
    ? `${isIP(address.address) === 6 ? `[${address.address}]` : address.address}:${address.port}`
    : host
}

/** Ends what is under way, and connections that are kept open without a request. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await closed
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
