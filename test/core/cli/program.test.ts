import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import nextflow from '../../../adapters/nextflow/index.ts'
import { ADVICE } from '../../../core/errors.ts'
import { defineAdapter, type CommandContext } from '../../../core/adapter.ts'
import { exportFormats, lineageFormats } from '../../../core/cli/formats.ts'
import { ownVerbs } from '../../../core/cli/verbs.ts'
import { runCli, toEngine } from '../../tools/run-cli.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()

describe('the command line', () => {
  test('alone says what to do, before and after there is a project', async () => {
    const root = await folder()
    const before = await runCli([], { folder: root })
    expect(before).toMatchObject({ code: 0, err: '' })
    expect(before.out).toContain('stemma import .')
    await runCli(['init'], { folder: root })
    expect((await runCli([], { folder: root })).out).toContain('stemma lineage <file>')
  })

  test.each([
    [['impotr', '.'], 'unknown verb: "impotr"', 'Did you mean import?'],
    [['runs', '--engin', 'x'], 'unknown option: "--engin"', 'Did you mean --engine?'],
    [['runs', '--limit', 'many'], 'option --limit is not a whole number: "many"', 'stemma runs --help'],
    [['runs', '--since', 'yesterday'], 'option --since is not a time', 'stemma runs --help'],
    [['runs', '--param', 'genome'], 'option --param is not name=value', 'stemma runs --help'],
    [['runs', '--outcome', 'fine'], 'option --outcome is none of', 'stemma runs --help'],
    [['lineage'], 'missing required argument: "thing"', 'stemma lineage --help'],
    [['path', 'a', 'b', 'c'], 'too many arguments', 'stemma path --help'],
    [['import'], 'missing required argument', 'stemma import --help'],
    [['import', 'nextflow'], 'no source is named', 'stemma import --help'],
    [['import', 'nexflow', '.'], 'unknown engine: "nexflow"', 'Did you mean nextflow?'],
    [['import', '.', '--hash', 'some'], 'option --hash is none of none, small, all: "some"', 'stemma import --help'],
    [['import', '.', '--timezone', 'Mars/Base'], 'option --timezone is no IANA time zone', 'stemma import --help'],
    [['export', '--format', 'xml'], 'option --format is none of', 'stemma export --help'],
    [['--database', 'mysql://x', 'runs'], 'not a database url', 'file:path'],
    [['completion', 'powershell'], 'no completion for this shell', 'bash, zsh, fish'],
    [['runs'], 'no database is named here', 'stemma init'],
  ])('%j is wrong usage: exit 2, a line on what and a line of advice', async (argv, message, advice) => {
    const done = await runCli(argv, { folder: await folder() })
    expect(done.code).toBe(2)
    expect(done.out).toBe('')
    const [first = '', second = '', end] = done.err.split('\n')
    expect(first).toMatch(/^stemma: /)
    expect(first).toContain(message)
    expect(second).toContain(advice)
    expect(end).toBe('')
  })

  test('an error is a document with --json, and has a stack only with --debug', async () => {
    const root = await folder()
    const done = await runCli(['lineage', 'x', '--json'], { folder: root })
    expect(JSON.parse(done.err)).toEqual({
      error: {
        code: 'config.no-database',
        message: expect.stringContaining(root),
        detail: {},
        advice: ADVICE['config.no-database'],
      },
    })
    expect((await runCli(['lineage', 'x'], { folder: root })).err).not.toMatch(/\n\s+at /)
    expect((await runCli(['lineage', 'x', '--debug'], { folder: root })).err).toMatch(/\n\s+at /)
  })

  test('a defect says how to report it and exits 1', async () => {
    const broken = defineAdapter({
      engine: 'broken',
      version: 1,
      options: z.object({}),
      detect: () => Promise.resolve({ engine: 'broken', confidence: 1, because: 'all' }),
      // eslint-disable-next-line require-yield
      async *read() {
        await Promise.resolve()
        throw new TypeError('x is not a function')
      },
    })
    const done = await runCli(['import', '.'], { folder: await folder(), engines: [toEngine(broken)] })
    expect(done.code).toBe(1)
    expect(done.err).toMatch(/^stemma: unexpected error: TypeError: x is not a function\nThis is a defect of Stemma/)
  })

  test('what a verb of an engine warns of is a line of its own, without power over the terminal', async () => {
    const run = (_: unknown, context: CommandContext): Promise<number> => {
      for (const text of ['one \u001B[31m', 'two\n', 'three\nfour']) context.warn(text)
      return Promise.resolve(0)
    }
    const chat = { name: 'chat', summary: 'chat', examples: ['stemma chat'], run }
    const chatty = { ...nextflow, engine: 'chatty', commands: [chat] }
    const done = await runCli(['chat'], { folder: await folder(), engines: [toEngine(chatty)] })
    expect(done).toMatchObject({ code: 0, err: 'one \\u{1b}[31m\ntwo\nthree\nfour\n' })
  })

  test('every verb has help with an example that names it, at 80 columns', async () => {
    for (const verb of ownVerbs) {
      const { code, out } = await runCli([verb.name, '--help'], { folder: '/', width: 80 })
      expect(code).toBe(0)
      expect(verb.examples.length).toBeGreaterThan(0)
      for (const example of verb.examples) {
        expect(example).toMatch(new RegExp(`^stemma ${verb.name}\\b`))
        expect(out).toContain(`  ${example}\n`)
      }
      expect(out).toContain('--json')
    }
  })

  test('help lists all verbs, and the version is printed', async () => {
    const { out } = await runCli(['--help'], { folder: '/' })
    for (const { name } of ownVerbs) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(await runCli(['--version'], { folder: '/' })).toEqual({ code: 0, out: '0.0.0-test\n', err: '' })
    expect((await runCli(['help', 'lineage'], { folder: '/' })).out).toContain('Usage: stemma lineage')
  })

  test('what an option takes is what its verb accepts', () => {
    const choices = (verb: string, flag: string): readonly string[] | undefined =>
      ownVerbs.find(({ name }) => name === verb)?.flags?.find(({ flags }) => flags.startsWith(flag))?.choices
    expect(choices('lineage', '--format')).toEqual(lineageFormats)
    expect(choices('export', '--format')).toEqual(exportFormats)
  })

  test('options of an engine’s adapter are known after its name only', async () => {
    expect((await runCli(['import', 'temporal', '--help'], { folder: '/' })).out).toContain('--namespace <name>')
    expect((await runCli(['import', '--help'], { folder: '/' })).out).not.toContain('--namespace')
  })
})
