import { afterEach, describe, expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenNextflow } from '../../../adapters/nextflow/listen/command.ts'
import { Spool } from '../../../adapters/nextflow/listen/spool.ts'
import type { CommandContext, Fact } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fixtureBytes } from './fixture.ts'

const EVENTS = fixtureBytes('20.10.0/pileup', 'weblog/events.ndjson').toString().trim().split('\n')
const SESSION = 'c2154e54-402a-4811-bd54-9d89ede75915'
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A listener in this process; `imported` are the facts of each import. */
class Listener {
  readonly imported: Fact[][] = []
  readonly warnings: string[] = []
  readonly folder: string
  fails = false
  readonly #stop = new AbortController()
  readonly #done: Promise<number>
  address = ''
  #listening: (() => void) | undefined

  private constructor(folder: string, options: Record<string, unknown>) {
    this.folder = folder
    this.#done = listenNextflow.run({ args: [], options: { port: '0', ...options } }, this.#context())
  }

  static async start(
    options: Record<string, unknown> = {},
    folder = mkdtempSync(join(tmpdir(), 'listen-')),
  ): Promise<Listener> {
    if (!folders.includes(folder)) folders.push(folder)
    const listener = new Listener(folder, options)
    await Promise.race([new Promise<void>((resolve) => (listener.#listening = resolve)), listener.#done])
    return listener
  }

  async post(body: string, headers: Record<string, string> = {}, method = 'POST'): Promise<number> {
    const response = await fetch(this.address, { method, ...(method === 'GET' ? {} : { body }), headers })
    return response.status
  }

  stop(): Promise<number> {
    this.#stop.abort()
    return this.#done
  }

  #context(): CommandContext {
    return {
      workingFolder: this.folder,
      stemmaFolder: this.folder,
      signal: this.#stop.signal,
      write: (text) => {
        const address = /http:\/\/\S+/.exec(text)?.[0]
        if (address === undefined) return
        this.address = address
        this.#listening?.()
      },
      warn: (text) => { this.warnings.push(text) }, // prettier-ignore
      open: (place) => openFolder(place, () => Promise.resolve(undefined)),
      ingest: async (facts) => {
        if (this.fails) throw new Error('the database is locked')
        const found: Fact[] = []
        for await (const fact of facts) found.push(fact)
        this.imported.push(found)
        return { added: found.length, gaps: 0 }
      },
    }
  }
}

const spooled = (folder: string, run: string): string[] =>
  readFileSync(join(folder, 'spool', 'nextflow', SESSION, run, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
const runsOf = (facts: readonly Fact[]): (string | undefined)[][] =>
  facts.flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact.name, fact.outcome]] : [])).sort()

describe('listen nextflow', () => {
  test('events are on disk when they are answered, and imported at the end', async () => {
    const listener = await Listener.start()
    for (const [index, line] of EVENTS.entries()) {
      expect(await listener.post(line)).toBe(200)
      if (index === 5) expect(spooled(listener.folder, 'lone_chr')).toHaveLength(6)
    }
    expect(await listener.stop()).toBe(0)
    expect(spooled(listener.folder, 'lone_chr').length + spooled(listener.folder, 'both_chr').length).toBe(
      EVENTS.length,
    )
    expect(listener.imported.length).toBeGreaterThanOrEqual(2)
    const runs = runsOf(listener.imported.flat())
    expect(runs.map(([, name]) => name)).toEqual(expect.arrayContaining(['SORT (A)', 'PILEUP (C)', 'MERGE (chrA)']))
    expect(listener.warnings).toEqual([])
  })

  test('posted twice, the same runs', async () => {
    const once = await Listener.start()
    for (const line of EVENTS) await once.post(line)
    await once.stop()
    const twice = await Listener.start()
    for (const line of [...EVENTS, ...EVENTS]) await twice.post(line)
    await twice.stop()
    const lastOf = (listener: Listener): unknown => [...new Map(listener.imported.flat().flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact.outcome] as const] : [])))].sort() // prettier-ignore
    expect(lastOf(twice)).toEqual(lastOf(once))
  })

  test('what cannot be imported waits for the next listener', async () => {
    const first = await Listener.start()
    first.fails = true
    for (const line of EVENTS.slice(0, 10)) await first.post(line)
    await expect(first.stop()).rejects.toThrow('the database is locked')
    const second = await Listener.start({}, first.folder)
    await second.stop()
    expect(second.imported).toHaveLength(1)
    const third = await Listener.start({}, first.folder)
    await third.stop()
    expect(third.imported).toEqual([])
  })

  test('only events are taken, of a bounded size, with the right token', async () => {
    const listener = await Listener.start({ token: 'stemma:secret' })
    const line = EVENTS[0] ?? ''
    const basic = { authorization: `Basic ${Buffer.from('stemma:secret').toString('base64')}` }
    expect(await listener.post(line)).toBe(401)
    expect(await listener.post(line, { authorization: 'Basic x' })).toBe(401)
    expect(await listener.post(line, { authorization: 'Bearer stemma:secret' })).toBe(200)
    expect(await listener.post(line, basic)).toBe(200)
    expect(await listener.post('', basic, 'GET')).toBe(405)
    expect(await listener.post('nonsense', basic)).toBe(400)
    expect(await listener.post('{"runName":"../../x","runId":"y","event":"started"}', basic)).toBe(400)
    expect(await listener.post('{"runName":"x","runId":"..","event":"started"}', basic)).toBe(400)
    const large = await listener.post(`{"x":"${'x'.repeat(17 << 20)}"}`, basic).catch(() => 413) // the connection may end first
    expect(large).toBe(413)
    await listener.stop()
    expect(spooled(listener.folder, 'lone_chr')).toHaveLength(2)
  })

  test('it listens to this machine only, and says so when a port is taken', async () => {
    const listener = await Listener.start()
    const { hostname, port } = new URL(listener.address)
    expect(hostname).toBe('127.0.0.1')
    for (const bad of [port, 'x', '70000']) {
      await expect(Listener.start({ port: bad }, listener.folder)).rejects.toMatchObject({
        code: 'usage.invalid-option',
      })
    }
    await listener.stop()
  })

  test('a spool cut in the middle of a line goes on with a new one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spool-'))
    folders.push(folder)
    const first = new Spool(folder)
    await Promise.all([first.append('s', 'r', 'a'), first.append('s', 'r', 'b'), first.append('s', 'r', 'c{"cut')])
    await first.close()
    const path = join(folder, 's', 'r', 'events.ndjson')
    truncateSync(path, readFileSync(path).length - 3)
    const second = new Spool(folder)
    await second.append('s', 'r', 'd')
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nc{"c\nd\n')
    expect(existsSync(join(folder, 's', 'r', 'imported.txt'))).toBe(false)
    const [waiting] = await second.waiting()
    if (waiting !== undefined) await second.markImported(waiting)
    expect(await second.waiting()).toEqual([])
    await second.close()
  })
})
