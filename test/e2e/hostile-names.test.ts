import { beforeAll, describe, expect, test } from '@jest/globals'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { textWidth } from '../../core/cli/text-width.ts'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

/** Colours, a window title, ends of lines, a deletion, eight-bit escapes, turned text, markup, SQL, a shell's words, wide letters. */
const EVIL =
  `E\u001B[31mred\u001B]0;title\u0007\r\n\t</script><b>"'; DROP TABLE run;-- $(touch pwned) \`id\` \u009B31m\u0085 ` +
  '\u202Egnp.exe\u2066 \u2028\u007F\b 漢字テスト 😀 e\u0301'
// eslint-disable-next-line no-control-regex -- the very characters that must not come through
const POWERFUL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/
const uid = (at: number): string => String(at).padStart(16, '0')
const place = (at: number): string => `${uid(at)}0000`
const uri = (name: string): string => `file:///data/${encodeURIComponent(name)}`

const facts = [
  { kind: 'stream', format: 'stemma-facts', version: 1 },
  { kind: 'transform', uid: uid(1), name: EVIL, type: 'task', engine: 'x', version: EVIL, sourcePath: `/src/${EVIL}` },
  {
    kind: 'run', uid: uid(2), transform: uid(1), engine: 'x', key: EVIL, name: EVIL, outcome: 'failed', command: EVIL, host: EVIL,
    params: { [EVIL]: EVIL, nested: { list: [EVIL] } }, environment: { X: EVIL }, labels: { l: EVIL }, container: EVIL,
    error: { message: `${EVIL}\n${EVIL}` }, workDir: uri(EVIL), startedAt: '2026-01-01T00:00:00.000Z',
  },
  { kind: 'artifact', uid: place(3), uri: uri(`${EVIL}.txt`), type: 'file', sizeBytes: 1 },
  { kind: 'artifact', uid: place(4), uri: uri(`${'漢字😀'.repeat(40)}.txt`), type: 'file', sizeBytes: 1 },
  { kind: 'artifact', uid: place(5), uri: uri('plain.txt'), type: 'file' },
  { kind: 'consumed', run: uid(2), artifact: place(3), role: EVIL, evidence: 'recorded' },
  { kind: 'produced', run: uid(2), artifact: place(4), role: EVIL, evidence: 'inferred', method: EVIL },
  { kind: 'copied', from: place(4), to: place(5), method: 'copy', evidence: 'observed' },
  { kind: 'ambiguous', subject: place(5), relation: 'copied', candidates: [place(3), place(4)], why: EVIL },
  { kind: 'gap', code: 'a.b', place: EVIL, message: EVIL },
] // prettier-ignore

const folder = temporaryFolders()
let root = ''

beforeAll(async () => {
  root = await folder()
  await writeFile(join(root, 'x.ndjson'), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''))
  expect(await runCli(['import', 'facts', 'x.ndjson'], { folder: root })).toMatchObject({ code: 0 })
})

const asked: readonly (readonly string[])[] = [
  ['import', 'facts', 'x.ndjson', '--dry-run'],
  ['runs'], ['artifacts'], ['transforms'], ['doctor'], ['find', 'red'], ['find', '漢字テスト'],
  ['show', uid(1)], ['show', uid(2)], ['show', place(3)], ['show', place(4)], ['show', place(5)],
  ['lineage', place(5)], ['lineage', place(3), '--down'], ['lineage', place(5), '--both'],
  ['path', place(3), place(5)],
  ...['dot', 'mermaid', 'json', 'ndjson'].map((format) => ['export', '--format', format]),
  ...['dot', 'mermaid', 'json'].map((format) => ['lineage', place(5), '--format', format]),
  ['runs', '--json'], ['show', uid(2), '--json'], ['artifacts', '--json'], ['find', 'red', '--json'],
] // prettier-ignore

describe('foreign text', () => {
  test.each(asked.map((argv) => [argv.join(' '), argv] as const))(
    '%s has no power over a terminal',
    async (_, argv) => {
      for (const width of [40, 80, 200]) {
        const done = await runCli(argv, { folder: root, width })
        expect([done.code, POWERFUL.exec(done.out + done.err)]).toEqual([0, null])
        if (argv.length > 3 || !['runs', 'artifacts', 'transforms', 'lineage', 'find'].includes(argv[0] ?? '')) continue
        if (argv.includes('--json')) continue
        for (const line of done.out.split('\n')) expect([line, textWidth(line) <= width]).toEqual([line, true])
      }
      expect(await readdir(root)).not.toContain('pwned')
    },
  )

  test.each<readonly [number, ...string[]]>([
    [3, 'show', `no${EVIL}`],
    [3, 'lineage', `漢${EVIL}`],
    [2, 'runs', '--outcome', EVIL],
    [2, EVIL],
    [4, 'import', EVIL],
    [5, 'runs', '--database', `file:/nowhere/${EVIL}`],
  ])('in an error neither: exit %i, %s', async (code, ...argv) => {
    for (const more of [[], ['--json']]) {
      const done = await runCli([...argv, ...more], { folder: root })
      expect(done.code).toBe(code)
      expect(POWERFUL.exec(done.out + done.err)).toBeNull()
    }
  })

  test('comes back as it was from JSON and from an export', async () => {
    const shown: unknown = JSON.parse((await runCli(['show', uid(2), '--json'], { folder: root })).out)
    expect(shown).toMatchObject({ thing: { name: EVIL, command: EVIL, params: { [EVIL]: EVIL } } })
    const before = (await runCli(['export'], { folder: root })).out
    const other = await folder()
    await writeFile(join(other, 'e.ndjson'), before)
    expect(await runCli(['import', 'facts', 'e.ndjson'], { folder: other })).toMatchObject({ code: 0 })
    expect((await runCli(['export'], { folder: other })).out).toBe(before)
  })
})
