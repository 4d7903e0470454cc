import { describe, expect, test } from '@jest/globals'
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const SENTINELS = ['Sup3rS3cretSentinel', 'AKIAIOSFODNN7EXAMPLE', 'ghp_0123456789abcdefghijklmnopqrstuvwxyzAB'] as const

/** Every byte that Stemma wrote: database, write-ahead log, caches, records. */
async function written(root: string): Promise<string> {
  let all = ''
  for (const name of await readdir(join(root, '.stemma'), { recursive: true })) {
    const path = join(root, '.stemma', name)
    if ((await stat(path)).isFile()) all += (await readFile(path)).toString('latin1')
  }
  return all
}

describe('secrets', () => {
  test('of parameters, environments and commands are in no database, cache, export or output', async () => {
    const root = await folder()
    const [password, key, token] = SENTINELS
    const uid = (at: number): string => String(at).padStart(16, 'A')
    const facts = [
      { kind: 'stream', format: 'stemma-facts', version: 1 },
      { kind: 'transform', uid: uid(1), name: 'T', type: 'task', engine: 'x' },
      {
        kind: 'run',
        uid: uid(2),
        transform: uid(1),
        engine: 'x',
        key: 'k',
        name: 'run',
        outcome: 'failed',
        params: { password, nested: { apiToken: token }, url: `https://me:${password}@host/x` },
        environment: { AWS_ACCESS_KEY_ID: key, DB_PASSWORD: password },
        command: `curl -H 'Authorization: Bearer ${token}' --password ${password} https://host`,
        error: { message: `login with password=${password} failed for ${key}` },
      },
      { kind: 'gap', code: 'x.y', place: `https://me:${password}@host`, message: `token ${token}` },
    ]
    await writeFile(join(root, 'facts.ndjson'), facts.map((fact) => JSON.stringify(fact)).join('\n'))
    const outputs: [string, string][] = []
    for (const argv of [
      ['import', 'facts', 'facts.ndjson'],
      ['runs', '--json'],
      ['show', uid(2)],
      ['show', uid(2), '--json'],
      ['export'],
      ['export', '--format', 'json'],
      ['export', '--format', 'dot'],
      ['find', 'run'],
      ['doctor'],
      ['import', 'facts', 'facts.ndjson', '--dry-run'],
    ]) {
      const done = await runCli(argv, { folder: root })
      expect([argv, done.code]).toEqual([argv, 0])
      outputs.push([argv.join(' '), done.out + done.err])
    }
    const where = new Map([...outputs, ['what was written', await written(root)]])
    for (const [place, text] of where) {
      expect([place, SENTINELS.filter((sentinel) => text.includes(sentinel))]).toEqual([place, []])
    }
  })

  test('of a real pipeline’s leftovers neither', async () => {
    const source = new URL('../../../shared/samples/nextflow-recorded/09-secrets-keys', import.meta.url).pathname
    const isHere = await stat(source).then(() => true, () => false) // prettier-ignore
    if (!isHere) return
    const root = join(await folder(), 'case')
    await mkdir(root)
    await cp(source, root, { recursive: true, verbatimSymlinks: true })
    const truth = await readFile(join(root, 'truth.json'), 'utf8')
    const secrets = [...new Set(truth.match(/[A-Za-z0-9_]*SENTINEL[A-Za-z0-9_-]*/g) ?? [])].filter(
      (word) => word.length > 12,
    )
    let shown = ''
    for (const argv of [['import', 'nextflow', '.'], ['export'], ['runs', '--json']]) {
      const done = await runCli(argv, { folder: root })
      expect([argv, done.code]).toEqual([argv, 0])
      shown += done.out + done.err
    }
    const everything = shown + (await written(root))
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
  })

  test('of the database’s address are never shown', async () => {
    const root = await folder()
    for (const argv of [['runs'], ['runs', '--json'], ['doctor'], ['init'], ['import', '.']]) {
      const done = await runCli([...argv, '--database', 'postgres://me:Sup3rS3cretSentinel@127.0.0.1:1/db'], {
        folder: root,
      })
      expect(done.out + done.err).not.toContain('Sup3rS3cretSentinel')
      expect(done.code).not.toBe(0)
    }
  })
})
