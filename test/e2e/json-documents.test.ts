// Every example of docs/json.md is run and compared.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const page = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')
const facts = /```ndjson\n(.*?)```/s.exec(page)?.[1] ?? ''
const examples = [...page.matchAll(/```console\n\$ stemma (.*?)\n```\n+```json\n(.*?)```/gs)].map(
  ([, command = '', document = '']) => ({ command, document: JSON.parse(document) as unknown }),
)
const ANY = '…'

/** Texts match with `…` for any part, objects with `…` as a key for more fields, lists ending in `…` for more items. */
function matches(expected: unknown, found: unknown): boolean {
  if (expected === ANY) return found !== undefined
  if (typeof expected === 'string') return typeof found === 'string' && toPattern(expected).test(found)
  if (Array.isArray(expected)) {
    const isOpen = expected.at(-1) === ANY
    const items: unknown[] = isOpen ? expected.slice(0, -1) : expected
    if (!Array.isArray(found) || (!isOpen && found.length !== items.length)) return false
    return isOpen
      ? items.every((item) => found.some((one) => matches(item, one)))
      : items.every((item, at) => matches(item, found[at]))
  }
  if (!isObject(expected)) return Object.is(expected, found)
  if (!isObject(found)) return false
  const keys = Object.keys(expected).filter((key) => key !== ANY)
  const isOpen = keys.length < Object.keys(expected).length
  return (
    (isOpen || keys.length === Object.keys(found).length) && keys.every((key) => matches(expected[key], found[key]))
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toPattern(text: string): RegExp {
  const parts = text.split(ANY).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}

describe('docs/json.md', () => {
  let root = ''
  beforeAll(async () => {
    root = await folder()
    await writeFile(join(root, 'lineage.ndjson'), facts)
  })

  test('has an example of every verb that answers', () => {
    const verbs = new Set(examples.map(({ command }) => command.split(' ')[0]))
    expect([...verbs].sort()).toEqual(
      ['artifacts', 'doctor', 'export', 'find', 'import', 'init', 'lineage', 'path', 'runs', 'show', 'transforms'], // prettier-ignore
    )
  })

  // In the order of the page: the first ones make the database that the others ask.
  test.each(examples)('stemma $command', async ({ command, document }) => {
    const done = await runCli(command.split(' '), { folder: root })
    const found: unknown = JSON.parse(done.out === '' ? done.err : done.out)
    expect(done.code).toBe(isObject(document) && 'error' in document ? 3 : 0)
    // The second comparison only shows the difference.
    if (!matches(document, found)) expect(found).toEqual(document)
  })

  test('the facts of the first section come back byte for byte', async () => {
    expect((await runCli(['export'], { folder: root })).out).toBe(facts)
  })
})

describe('matching', () => {
  test.each([
    ['a…c', 'abc', true],
    ['a…c', 'abd', false],
    [{ a: 1, '…': '…' }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [[1, '…'], [2, 1], true],
    [[1], [1, 2], false],
    [{ a: '…' }, {}, false],
    [null, null, true],
  ])('%j %j: %j', (expected, found, verdict) => {
    expect(matches(expected, found)).toBe(verdict)
  })
})
