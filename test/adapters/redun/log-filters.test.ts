// Everything that `redun log` can be asked, asked of redun itself and of Stemma about the same project.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { runCli } from '../../tools/run-cli.ts'
import { REDUN, runRedun, withRedun } from './newest-redun.ts'

const WORKFLOW = `
from redun import File, task

redun_namespace = "asked"

@task(tags=[("kind", "counter")])
def count(f: File, extra: int) -> int:
    return len(f.read()) + extra

@task()
def write(n: int, words: list) -> File:
    out = File(f"out/{n}.txt")
    out.write(" ".join(words) * n)
    return out

@task()
def fail(n: int) -> int:
    raise ValueError("no")

@task()
def main(extra: int = 1, fails: bool = False) -> list:
    n = count(File("in.txt"), extra)
    return [write(n, ["a", "b"]), fail(n) if fails else n]
`

/** Asks `redun log` several things in one process: to start it takes longer than to answer. */
const ASK = `
import contextlib, io, json, sys
from redun.cli import RedunClient
answers = []
for words in json.load(sys.stdin):
    out = io.StringIO()
    RedunClient(stdout=out).execute(["redun", "log", "--format", "json", "--no-pager", *words])
    answers.append(out.getvalue())
json.dump(answers, sys.stdout)
`
const Record = z.looseObject({
  id: z.string().optional(),
  call_hash: z.string().optional(),
  value_hash: z.string().optional(),
})
type Record = z.infer<typeof Record>
const Runs = z.object({ runs: z.array(z.looseObject({ key: z.string() })) })
const Artifacts = z.object({ artifacts: z.array(z.looseObject({ uri: z.string() })) })
const Lineage = z.object({ nodes: z.array(z.looseObject({ kind: z.string(), key: z.string().optional() })) })

withRedun('what redun log can be asked', () => {
  let project = ''
  let folder = ''
  const answers = new Map<string, readonly Record[]>()

  function ask(questions: readonly string[]): void {
    const input = JSON.stringify(questions.map((question) => question.split(' ')))
    const python = join(dirname(REDUN), 'python')
    const done = spawnSync(python, ['-c', ASK], { cwd: project, encoding: 'utf8', input })
    if (done.status !== 0) throw new Error(done.stderr)
    const texts = z.array(z.string()).parse(JSON.parse(done.stdout))
    for (const [at, question] of questions.entries()) {
      const lines = (texts[at] ?? '').split('\n').filter((line) => line.startsWith('{'))
      answers.set(question, lines.map((line) => Record.parse(JSON.parse(line)))) // prettier-ignore
    }
  }

  const log = (question: string): readonly Record[] => {
    const found = answers.get(question)
    if (found === undefined) throw new Error(`not asked: ${question}`)
    return found
  }
  const ids = (question: string): readonly string[] => log(question).map((record) => record.id ?? '?').sort() // prettier-ignore
  const hashes = (question: string): readonly string[] => log(question).map((record) => record.value_hash ?? '?')

  async function stemma(...args: readonly string[]): Promise<unknown> {
    const { code, out, err } = await runCli([...args, '--json'], { folder })
    expect([code, err]).toEqual([0, ''])
    return JSON.parse(out)
  }
  const runs = async (...filters: readonly string[]): Promise<readonly string[]> => {
    const found = Runs.parse(await stemma('runs', ...filters)).runs.map(({ key }) => key).sort() // prettier-ignore
    expect(found).not.toEqual([])
    return found
  }

  beforeAll(async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'redun-log-'))
    project = join(scratch, 'project')
    folder = join(scratch, 'stemma')
    await mkdir(project)
    await mkdir(folder)
    await writeFile(join(project, 'wf.py'), WORKFLOW)
    await writeFile(join(project, 'in.txt'), 'text')
    runRedun(project, 'run', '--tag', 'cohort=one', 'wf.py', 'main')
    runRedun(project, 'run', '--tag', 'cohort=two', 'wf.py', 'main', '--extra', '2')
    runRedun(project, 'run', '--tag', 'cohort=two', 'wf.py', 'main', '--extra', '2')
    expect(() => runRedun(project, 'run', 'wf.py', 'main', '--fails', 'True')).toThrow('ValueError')
    ask([
      ...['--exec', '--exec --exec-status FAILED', '--exec --exec-status DONE', '--exec --exec-tag cohort=two'],
      ...['--exec --exec-tag cohort', '--exec --exec-tag cohort=one', '--job', '--job --job-status FAILED'],
      ...['--job --job-status CACHED', '--job --job-status DONE', '--job --tag kind=counter'],
      ...['--job --task-name asked.count', '--task --task-name asked.write', '--call-node --task-name asked.write'],
      ...[
        '--value --value-type builtins.int',
        '--value --value-type builtins.bool',
        '--value --value-type builtins.list',
      ],
      ...['--value --file-path in.txt', '--value --file-path out/*'],
    ])
    expect((await runCli(['import', 'redun', project], { folder })).code).toBe(0)
  }, 180_000)

  afterAll(async () => rm(resolve(project, '..'), { recursive: true, force: true }))

  test('executions: all, by status, by tag', async () => {
    expect(await runs('--engine', 'redun', '--top')).toEqual(ids('--exec'))
    expect(await runs('--top', '--outcome', 'failed')).toEqual(ids('--exec --exec-status FAILED'))
    expect(await runs('--top', '--outcome', 'succeeded')).toEqual(ids('--exec --exec-status DONE'))
    expect(await runs('--top', '--label', 'cohort=two')).toEqual(ids('--exec --exec-tag cohort=two'))
    expect(await runs('--top', '--label', 'cohort')).toEqual(ids('--exec --exec-tag cohort'))
  })

  test('jobs: by status, execution, tag, name and version of their task', async () => {
    const [one] = ids('--exec --exec-tag cohort=one')
    const [hash = '?'] = hashes('--task --task-name asked.write')
    ask([`--job --exec-id ${one ?? '?'}`, `--job --task-hash ${hash}`])
    const top = new Set(await runs('--top'))
    for (const [status, outcome] of [
      ['FAILED', 'failed'],
      ['CACHED', 'cached'],
      ['DONE', 'succeeded'],
    ] as const) {
      // prettier-ignore
      const jobs = (await runs('--outcome', outcome)).filter((key) => !top.has(key))
      expect(jobs).toEqual(ids(`--job --job-status ${status}`))
    }
    expect(await runs('--label', `execution=${one ?? '?'}`)).toEqual(ids(`--job --exec-id ${one ?? '?'}`))
    expect(await runs('--label', 'kind=counter')).toEqual(ids('--job --tag kind=counter'))
    expect(await runs('--transform', 'asked.count')).toEqual(ids('--job --task-name asked.count'))
    expect(await runs('--label', `taskHash=${hash}`)).toEqual(ids(`--job --task-hash ${hash}`))
  })

  test('jobs: by a value that they returned or were given, and by its type', async () => {
    const numbers = hashes('--value --value-type builtins.int')
    const values = [...numbers, ...hashes('--value --value-type builtins.list')]
    const all = (option: string, wanted: readonly string[]): string => `--job ${wanted.map((hash) => `${option} ${hash}`).join(' ')}` // prettier-ignore
    const results = all('--result', numbers)
    const given = all('--arg', hashes('--value --value-type builtins.bool'))
    ask([results, given, ...values.map((hash) => all('--arg', [hash]))])
    expect(await runs('--label', 'valueType=builtins.int')).toEqual(ids(results))
    expect(await runs('--label', 'argTypes=builtins.bool')).toEqual(ids(given))
    const used = values.filter((hash) => ids(all('--arg', [hash])).length > 0)
    expect(used.length).toBeGreaterThan(3)
    for (const hash of used) expect(await runs('--label', `argHashes=${hash}`)).toEqual(ids(all('--arg', [hash])))
  })

  test('files: by hash, path and folder; who read and made them', async () => {
    const [file = '?'] = hashes('--value --file-path in.txt')
    ask([`--job --arg ${file}`])
    const { artifacts } = Artifacts.parse(await stemma('artifacts', '--digest', file))
    expect(artifacts.map(({ uri }) => uri)).toEqual([expect.stringMatching(/\/in\.txt$/)])
    const { nodes } = Lineage.parse(await stemma('lineage', file, '--down', '--depth', '1'))
    const readers = nodes.flatMap((node) => (node.kind === 'run' && node.key !== undefined ? [node.key] : []))
    expect(readers).not.toEqual([])
    for (const key of readers) expect(ids(`--job --arg ${file}`)).toContain(key)
    const inside = Artifacts.parse(await stemma('artifacts', '--under', join(project, 'out'), '--extension', 'txt'))
    expect(inside.artifacts.length).toBe(log('--value --file-path out/*').length)
    const up = await runCli(['lineage', join(project, 'out/5.txt'), '--up'], { folder })
    expect(up.out).toContain('asked.write')
  })

  test('anything by the beginning of its id; the latest execution', async () => {
    const things = [ids('--exec')[0], ids('--job')[0], hashes('--task --task-name asked.write')[0], hashes('--value --file-path in.txt')[0]] // prettier-ignore
    for (const id of things) expect(await runCli(['show', (id ?? '?').slice(0, 14)], { folder })).toMatchObject({ code: 0 }) // prettier-ignore
    // A call that two jobs share is told as these.
    const call = log('--call-node --task-name asked.write').map((record) => record.call_hash ?? '?')
    for (const hash of call) expect((await runs('--label', `callHash=${hash}`)).length).toBeGreaterThan(0)
    expect((await runCli(['show', '-'], { folder })).out).toContain(ids('--exec --exec-status FAILED')[0])
  })
})
