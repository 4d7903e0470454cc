import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readEdges, writeTask } from './task-on-disk.ts'

test('the folder that started a job array is no task, and nobody misses its run', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'loose-')))
  try {
    await writeTask(root, { hash: `aa/${'a'.repeat(30)}`, name: 'P (1)', patterns: ['*.txt'] })
    const parent = await writeTask(root, { hash: `bb/${'b'.repeat(30)}`, name: 'P (2)', patterns: [] })
    const script = join(parent, '.command.run')
    const text = await readFile(script, 'utf8')
    await writeFile(script, text.replace('### outputs:', '### array:\n###   work-dirs:\n### outputs:'))
    const { facts } = await readEdges(root)
    expect(facts.flatMap((fact) => (fact.kind === 'run' ? [fact.name] : []))).toEqual(['P (1)'])
    const gaps = facts.flatMap((fact) => (fact.kind === 'gap' ? [fact.message] : []))
    expect(gaps).toEqual(['no source says which run 1 tasks belong to'])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
