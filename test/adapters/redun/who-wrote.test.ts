// Who wrote a file, where redun's own records mislead. Every case is run by the newest redun itself.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { onlyNamesFiles } from '../../../adapters/redun/jobs/only-names.ts'
import type { Fact } from '../../../core/adapter.ts'
import { runRedun, withRedun } from './newest-redun.ts'
import { edgesOf, readFacts, runsOf } from './read-facts.ts'

const WORKFLOW = `
import os, time
from redun import File, Handle, task

redun_namespace = "who"

@task()
def plan(n: int) -> list:
    """Names files (that others write)."""
    return [File(f"plan/{i}.txt") for i in range(n)]

@task()
def fill(f: File) -> File:
    f.write("filled")
    return File(f.path)

@task()
def extend(f: File) -> File:
    f.write(f.read() + " and more")
    return f

@task()
def use(f: File, name: str) -> File:
    out = File(f"use/{name}.txt")
    out.write(f.read())
    return out

@task()
def quiet(src: File) -> str:
    File("quiet.txt").write(src.read())
    return "quiet.txt"

@task()
def named(path: str) -> File:
    return File(path)

@task()
def both(tag: str, src: File, note=None) -> File:
    File("both.txt").write("equal")
    File(f"{tag}.done").write("x")
    while not (os.path.exists("x.done") and os.path.exists("y.done")):
        time.sleep(0.02)
    return File("both.txt")

def wait_for(path: str):
    while not os.path.exists(path):
        time.sleep(0.02)

@task()
def first(src: File) -> File:
    File("contested.txt").write("by first")
    File("first.done").write("x")
    wait_for("second.done")
    return File("contested.txt")

@task()
def second(src: File) -> File:
    wait_for("first.done")
    File("second.done").write("x")
    return File("contested.txt")

@task()
def part(n: int) -> File:
    out = File(f"part/{n}.txt")
    out.write(f"part {n}")
    return out

@task()
def extend_all(files: list, table: dict) -> dict:
    for f in [*files, table["last"]]:
        f.write(f.read() + " and more")
    return {"files": files, **table}

@task()
def gather(parts: dict) -> File:
    out = File("gathered.txt")
    out.write("".join(f.read() for f in parts["files"]))
    return out

class Db(Handle):
    def __init__(self, name):
        self.rows = []

@task()
def load(db: Db, src: File) -> Db:
    return db

@task()
def main(src: File = File("src.txt")) -> list:
    filled = fill(plan(1)[0])
    once = use(src, "once")
    return [use(filled, "filled"), use(extend(once), "extended"), use(named(quiet(src)), "named"), both("x", src), both("y", src), load(Db("lab"), src), first(src), second(src),
            gather(extend_all([part(0), part(1)], {"last": part(2), "n": 1}))]
`

withRedun('who wrote a file', () => {
  let project = ''
  let facts: readonly Fact[] = []
  let edges: readonly string[] = []

  /** Names of the runs that made the version which a run read. */
  const makersOfInput = (reader: string, path: string): readonly string[] => {
    const names = new Map(runsOf(facts).map((run) => [run.uid, run.name]))
    const uris = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, fact.uri] as const] : [])))
    const read = facts.flatMap((fact) =>
      fact.kind === 'consumed' && names.get(fact.run) === reader && uris.get(fact.artifact)?.endsWith(path) === true
        ? [fact.artifact]
        : [],
    )
    expect(read).not.toEqual([])
    return facts.flatMap((fact) =>
      fact.kind === 'produced' && read.includes(fact.artifact) ? [names.get(fact.run) ?? '?'] : [],
    )
  }

  beforeAll(async () => {
    project = join(await mkdtemp(join(tmpdir(), 'redun-who-')), 'who')
    await mkdir(project)
    await writeFile(join(project, 'wf.py'), WORKFLOW)
    await writeFile(join(project, 'src.txt'), 'text')
    runRedun(project, 'run', 'wf.py', 'main')
    // Nothing on disk can tell any more when they were written.
    for (const path of ['quiet.txt', 'both.txt']) await writeFile(join(project, path), 'changed afterwards')
    facts = await readFacts(project)
    edges = edgesOf(facts, project)
  }, 120_000)

  afterAll(async () => rm(resolve(project, '..'), { recursive: true, force: true }))

  test('a task that can only name files made none of them', () => {
    expect(edges.filter((edge) => /^who\.(plan|named) ->/.test(edge))).toEqual([])
    expect(makersOfInput('who.use', '/quiet.txt')).toEqual([])
  })

  test('a file that was written through an argument is an output of the writer', () => {
    expect(edges).toContain('who.fill -> plan/0.txt')
    expect(makersOfInput('who.use', '/plan/0.txt')).toEqual(['who.fill'])
  })

  test('a file that was changed in place was read in the state before and made in the state after', () => {
    expect(makersOfInput('who.extend', '/use/once.txt')).toEqual(['who.use'])
    expect(makersOfInput('who.use', '/use/once.txt')).toEqual(['who.extend'])
  })

  test('so is one that was changed inside a list or a dict', () => {
    for (const path of ['part/0.txt', 'part/1.txt', 'part/2.txt']) {
      expect(makersOfInput('who.extend_all', `/${path}`)).toEqual(['who.part'])
      expect(edges.filter((edge) => edge === `who.extend_all -> ${path}`)).toHaveLength(1)
      expect(makersOfInput('who.gather', `/${path}`)).toEqual(['who.extend_all'])
    }
  })

  test('of two jobs on different tasks that name one path at once neither is its maker', () => {
    expect(edges.filter((edge) => edge.endsWith('-> contested.txt'))).toEqual([])
    const doubts = facts.flatMap((fact) => (fact.kind === 'ambiguous' ? [fact] : []))
    const names = new Map<string, string>(runsOf(facts).map((run) => [run.uid, run.name]))
    expect(
      doubts.map(({ relation, candidates }) => [relation, ...candidates.map((uid) => names.get(uid)).sort()]),
    ).toEqual([['produced', 'who.first', 'who.second']])
  })

  test('two jobs that write one path at once are both its makers', () => {
    expect(edges.filter((edge) => edge === 'who.both -> both.txt')).toHaveLength(2)
    const tags = runsOf(facts).flatMap((run) => (run.name === 'who.both' ? [run.params] : []))
    for (const params of tags) expect(params).toMatchObject({ tag: expect.stringMatching(/^[xy]$/), note: null })
  })

  test('its export tells the same', async () => {
    await writeFile(join(project, 'export.jsonl'), runRedun(project, 'export'))
    const plain = (from: readonly Fact[]): string[] => from.map((fact) => JSON.stringify(fact)).sort()
    expect(plain(await readFacts(join(project, 'export.jsonl')))).toEqual(plain(facts))
  })
})

describe('a body that can only name files', () => {
  test.each([
    'def names(paths: list) -> list:\n    return [File(p) for p in paths]\n',
    'def sheet(f: File) -> list:\n    "Reads it (all)."\n    return [File(line.split()[0]) for line in f.readlines() if line.strip()] # write(\n',
    'def one(n: int = len("x")) -> File:\n    return File(f"out/{n}.txt")\n',
    'async def deep(p: str):\n    return {"x": (File(os.path.join(p, "a")), 1)}\n',
  ])('%j', (source) => {
    expect(onlyNamesFiles(source)).toBe(true)
  })

  test.each([
    'def make(p: str) -> File:\n    out = File(p)\n    out.write("x")\n    return out\n',
    'def make(p: str) -> File:\n    return build(File(p))\n',
    'def make(p: str) -> File:\n    subprocess.run(["touch", p])\n    return File(p)\n',
    'def make(p: str) -> File:\n    open(p, "w")\n    return File(p)\n',
    'def make(p: str) -> File:\n    return File(f"{build(p)}")\n',
    'def make(p: str) -> File:\n    tools["x"](p)\n    return File(p)\n',
    'def make(p: str) -> File:\n    os.replace("a", p)\n    return File(p)\n',
    'def make(p: str) -> str:\n    return p\n',
    '',
  ])('not %j', (source) => {
    expect(onlyNamesFiles(source)).toBe(false)
  })
})
