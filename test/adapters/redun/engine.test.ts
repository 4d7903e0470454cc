// Runs the newest redun itself: what it leaves is imported and compared with what it was seen to do.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Fact } from '../../../core/adapter.ts'
import { REDUN, runRedun, withRedun } from './newest-redun.ts'
import { edgesOf, readFacts, runsOf } from './read-facts.ts'

const WORKFLOW = `
import os, time
from dataclasses import dataclass
from redun import Dir, File, catch, cond, script, task
from redun.file import ContentFile

redun_namespace = "lab"

@dataclass
class Aligned:
    bam: File
    depth: int

@task(version="2.1", tags=[("step", "align")])
def align(sample: File, ref: File) -> Aligned:
    out = File("out/" + os.path.basename(sample.path) + ".bam")
    out.write(sample.read() + ref.read())
    return Aligned(out, len(sample.read()))

@task()
def deep(a: Aligned, least: int) -> bool:
    return a.depth >= least

@task()
def count(a: Aligned) -> dict:
    return script(
        "wc -c < in.bam > n.txt",
        inputs=[File(os.path.abspath(a.bam.path)).stage("in.bam")],
        outputs={"size": File(os.path.abspath(a.bam.path + ".size")).stage("n.txt")},
        tempdir=True,
    )

@task()
def risky(a: Aligned) -> File:
    raise ValueError("no marker in " + a.bam.path)

@task()
def none(error) -> None:
    return None

@task()
def merge(parts: list, sizes: list) -> File:
    out = ContentFile("out/merged.txt")
    out.write("".join(p.bam.read() for p in parts))
    return out

@task()
def folder(parts: list) -> Dir:
    os.makedirs("box", exist_ok=True)
    File("box/inner.txt").write("x")
    return Dir("box")

@task()
def main(ref: File = File("ref.fa"), least: int = 2, api_token: str = "none") -> dict:
    parts = [align(File(p), ref) for p in ("in/a.fq", "in/b.fq")]
    return {
        "merged": merge(parts, [count(p)["size"] for p in parts]),
        "deep": [cond(deep(p, least), p, None) for p in parts],
        "risky": catch(risky(parts[0]), ValueError, none),
        "box": folder(parts),
    }

@task()
def slow(seconds: int = 60) -> int:
    File("started").write("x")
    time.sleep(seconds)
    return seconds
`

withRedun('the newest redun', () => {
  let project = ''
  const run = (...args: string[]): string => runRedun(project, ...args)

  beforeAll(async () => {
    project = join(await mkdtemp(join(tmpdir(), 'redun-engine-')), 'lab')
    await mkdir(join(project, 'in'), { recursive: true })
    await writeFile(join(project, 'wf.py'), WORKFLOW)
    await writeFile(join(project, 'ref.fa'), '>ref\n')
    await writeFile(join(project, 'in/a.fq'), 'AAAA\n')
    await writeFile(join(project, 'in/b.fq'), 'C\n')
    run('run', '--tag', 'run=first', 'wf.py', 'main', '--api-token', 'SENTINEL_SECRET_7')
    run('run', '--tag', 'run=second', 'wf.py', 'main', '--api-token', 'SENTINEL_SECRET_7')
    await writeFile(join(project, 'in/b.fq'), 'CCCCCC\n')
    run('run', '--tag', 'run=third', 'wf.py', 'main', '--api-token', 'SENTINEL_SECRET_7')
  }, 180_000)

  afterAll(async () => rm(resolve(project, '..'), { recursive: true, force: true }))

  test('its executions and jobs have the outcomes that redun reports', async () => {
    const runs = runsOf(await readFacts(project))
    const top = runs.filter((fact) => fact.parent === undefined)
    expect(top.map((fact) => [fact.name, fact.outcome, fact.engineVersion])).toEqual(
      ['first', 'second', 'third'].map(() => ['lab.main', 'succeeded', expect.any(String)]),
    )
    for (const execution of top) {
      expect(execution.params).toMatchObject({ least: 2, api_token: '<redacted>' })
      expect(Math.abs(Date.parse(execution.startedAt ?? '') - Date.now())).toBeLessThan(10 * 60_000)
    }
    const records = run('log', '--job', '--format', 'json', '--no-pager').split('\n').filter(Boolean)
    expect(runs.length - top.length).toBe(records.length - foldedJobs(records.length, runs.length - top.length))
    const cached = runs.filter((fact) => fact.outcome === 'cached')
    expect(cached.length).toBeGreaterThan(8)
    for (const fact of cached) expect(fact.reuses).toBeDefined()
    expect(runs.find((fact) => fact.name === 'lab.risky')?.error).toMatchObject({
      type: 'ValueError',
      message: 'no marker in out/a.fq.bam',
    })
  })

  test('its files have the tasks that made and read them', async () => {
    const edges = new Set(edgesOf(await readFacts(project), project))
    for (const edge of [
      'lab.align <- in/a.fq',
      'lab.align <- ref.fa',
      'lab.align -> out/a.fq.bam',
      'lab.count <- out/a.fq.bam',
      'redun.script <- out/a.fq.bam',
      'redun.script -> out/a.fq.bam.size',
      'lab.merge <- out/b.fq.bam.size',
      'lab.merge -> out/merged.txt',
      'lab.folder -> box',
      'lab.deep <- out/a.fq.bam',
    ])
      expect(edges).toContain(edge)
    for (const edge of ['lab.main -> out/merged.txt', 'lab.deep -> out/a.fq.bam', 'lab.merge <- in/a.fq'])
      expect(edges).not.toContain(edge)
  })

  test('what an input that changed led to is a version of its own', async () => {
    const facts = await readFacts(project)
    const versions = (path: string): number => {
      const named = facts.flatMap((fact) => (fact.kind === 'artifact' && fact.uri.endsWith(path) ? [fact] : []))
      const plain = named.filter((fact) => fact.digests?.some((digest) => digest.algorithm === 'redun') === true)
      return new Set(plain.map((fact) => fact.uid)).size
    }
    expect([versions('in/a.fq'), versions('in/b.fq'), versions('/a.fq.bam'), versions('/b.fq.bam')]).toEqual([
      1, 2, 1, 2,
    ])
  })

  test('files that were not touched since carry what was seen on disk', async () => {
    const facts = await readFacts(project)
    const seen = facts.filter((fact) => fact.kind === 'artifact' && fact.uri.endsWith('in/a.fq'))
    expect(seen).toContainEqual(expect.objectContaining({ sizeBytes: 5 }))
    const merged = facts.filter((fact) => fact.kind === 'artifact' && fact.uri.endsWith('in/b.fq'))
    expect(merged.filter((fact) => fact.kind === 'artifact' && fact.sizeBytes !== undefined)).toHaveLength(1)
  })

  test('tags, task versions and sources come along, credentials do not', async () => {
    const facts = await readFacts(project)
    const text = JSON.stringify(facts)
    expect(text).not.toContain('SENTINEL_SECRET')
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'transform', name: 'lab.align', version: '2.1' }))
    const align = runsOf(facts).find((fact) => fact.name === 'lab.align')
    expect(align?.labels).toMatchObject({ tags: { step: 'align' } })
    const tags = runsOf(facts).flatMap((fact) => (fact.parent === undefined ? [fact.labels?.tags] : []))
    expect(tags).toContainEqual(expect.objectContaining({ run: 'third' }))
  })

  test('its export gives the same facts as its database', async () => {
    await writeFile(join(project, 'export.jsonl'), run('export'))
    const plain = (facts: readonly Fact[]): string[] => facts.map((fact) => JSON.stringify(fact)).sort()
    expect(plain(await readFacts(join(project, 'export.jsonl')))).toEqual(plain(await readFacts(project)))
    await rm(join(project, 'export.jsonl'))
  })

  test('a database at work is read as it stands and stays as it is', async () => {
    const work = spawn(REDUN, ['run', 'wf.py', 'slow'], { cwd: project, stdio: 'ignore' })
    try {
      for (let tries = 0; tries < 200 && !existsSync(join(project, 'started')); tries++) await wait(100)
      const path = join(project, '.redun/redun.db')
      const before = [await readFile(path), (await stat(path)).mtimeMs]
      const slow = runsOf(await readFacts(project)).filter((fact) => fact.name === 'lab.slow')
      expect(slow.map((fact) => fact.outcome)).toEqual(['running', 'running'])
      expect([await readFile(path), (await stat(path)).mtimeMs]).toEqual(before)
    } finally {
      work.kill('SIGKILL')
    }
  }, 60_000)
})

/** Jobs of redun's own that are part of a script's run. */
function foldedJobs(jobs: number, runs: number): number {
  const folded = jobs - runs
  expect(folded).toBeGreaterThan(0)
  expect(folded % 2).toBe(0)
  return folded
}
