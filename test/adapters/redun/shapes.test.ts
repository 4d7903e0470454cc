import { beforeAll, describe, expect, test } from '@jest/globals'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fact } from '../../../core/adapter.ts'
import { copyOf, edgesOf, readFacts, runsOf } from './read-facts.ts'

describe('values of the user’s own classes, and a sub-run in a second database', () => {
  let project = ''
  let facts: readonly Fact[] = []
  let edges: readonly string[] = []
  beforeAll(async () => {
    project = await copyOf('0.44.1/shapes')
    const before = new Date('2026-11-20T10:00:00.250Z')
    for (const name of ['a.txt', 'b.txt', 'sheet.txt']) await utimes(join(project, 'in', name), before, before)
    facts = await readFacts(project, { cwd: project })
    edges = edgesOf(facts, project)
  })

  test('a value with a path, a hash and files in it stands for these files', () => {
    expect(edges).toEqual(expect.arrayContaining(['shapes.cut -> shards/0.txt', 'shapes.cut -> shards/1.txt']))
    expect(edges).toEqual(expect.arrayContaining(['shapes.join <- shards/0.txt', 'shapes.join <- shards/1.txt']))
    expect(edges.filter((edge) => edge.endsWith('shards'))).toEqual([])
  })

  test('a subclass of Dir is a folder', () => {
    expect(edges).toEqual(expect.arrayContaining(['shapes.bundle -> bundle', 'shapes.unbundle <- bundle']))
    const folder = facts.find((fact) => fact.kind === 'artifact' && fact.uri.endsWith('/bundle'))
    expect(folder).toMatchObject({ type: 'folder' })
  })

  test('files that are older than the whole execution were not made by the task that names them', () => {
    // The sub-run works its argument out once more: there it is not yet known.
    const of = edges.filter((edge) => edge.startsWith('shapes.inputs'))
    expect([...new Set(of)]).toEqual(['shapes.inputs <- in/sheet.txt'])
    expect(edges).toEqual(expect.arrayContaining(['shapes.cut <- in/a.txt', 'shapes.cut <- in/b.txt']))
  })

  test('what the sub-run made is not made again by the job that waited for it', () => {
    expect(edges.filter((edge) => edge.endsWith('-> out/far.txt'))).toEqual(['shapes.far -> out/far.txt'])
    const far = runsOf(facts).find((run) => run.name === 'shapes.far')
    const made = facts.find((fact) => fact.kind === 'produced' && fact.run === far?.uid)
    const near = runsOf(facts).find((run) => run.name === 'shapes.near')
    const read = facts.find((fact) => fact.kind === 'consumed' && fact.run === near?.uid)
    expect(read).toMatchObject({ artifact: made?.kind === 'produced' ? made.artifact : '?', evidence: 'inferred' })
  })

  test('a command that ran anew below a cached script read what the script was given', () => {
    expect(edges).toEqual(
      expect.arrayContaining(['redun.script_task <- out/joined.txt', 'redun.script_task -> out/size.txt']),
    )
  })
})
