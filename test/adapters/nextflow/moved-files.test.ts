import { mkdtemp, realpath, rm, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readEdges, writeNew, writeTask } from './task-on-disk.ts'

const A = `aa/${'a'.repeat(30)}`
const B = `bb/${'b'.repeat(30)}`
const C = `cc/${'c'.repeat(30)}`
/** Long enough not to be equal by chance. */
const TEXT = 'a result that nobody else has, with many words\n'
let root = ''

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'moved-')))
})
afterEach(async () => rm(root, { recursive: true, force: true }))

/** Edges without those between a task and its own files. */
async function published(): Promise<readonly string[]> {
  const { edges } = await readEdges(root)
  return edges.filter((edge) => edge.includes(' => '))
}

describe('a published file of which nothing is left in the task folder', () => {
  beforeEach(async () => {
    await writeTask(root, { hash: A, name: 'CALL (a)', patterns: ['*.vcf'], script: 'call > a.vcf', ran: [1000, 1100] })
    await writeTask(root, { hash: B, name: 'CALL (b)', patterns: ['*.vcf'], script: 'call > b.vcf', ran: [1000, 1100] })
    await writeTask(root, { hash: C, name: 'CALL (c)', patterns: ['*.vcf'], script: 'call > a.vcf', ran: [2000, 2100] })
  })

  test('was moved from the task that ran when it was written and whose script names it', async () => {
    await writeNew(join(root, 'results/a.vcf'), TEXT, 1050)
    await writeNew(join(root, 'results/deep/b.vcf'), TEXT, 1100)
    const { edges, facts } = await readEdges(root)
    expect(edges).toEqual([
      'CALL (a) -> work/' + A + '/a.vcf',
      'CALL (b) -> work/' + B + '/b.vcf',
      `work/${A}/a.vcf => results/a.vcf (move, inferred)`,
      `work/${B}/b.vcf => results/deep/b.vcf (move, inferred)`,
    ])
    expect(facts.filter((fact) => fact.kind === 'ambiguous')).toEqual([])
  })

  test('is nobody’s when no task ran at the time, or its pattern is another, or the task still has it', async () => {
    await writeNew(join(root, 'results/a.vcf'), TEXT, 1500)
    await writeNew(join(root, 'results/a.vcf.gz'), TEXT, 1050)
    await writeNew(join(root, 'work', C, 'a.vcf'), 'what the task left\n')
    await writeNew(join(root, 'other/a.vcf'), TEXT, 2050)
    expect(await published()).toEqual([])
  })

  test('is nobody’s when the folder was copied without its times', async () => {
    await utimes(join(root, 'work', A, '.command.begin'), 999, 999) // as all is: in the order of names
    await writeNew(join(root, 'results/a.vcf'), TEXT, 1050)
    expect(await published()).toEqual([])
  })

  test('is nobody’s when it is no word of the script', async () => {
    await writeNew(join(root, 'results/aa.vcf'), TEXT, 1050)
    await writeNew(join(root, 'results/vcf'), TEXT, 1050)
    expect(await published()).toEqual([])
  })

  test('may be of several tasks where others are published: said, and not decided', async () => {
    await writeNew(join(root, 'work', A, 'log.txt'), 'log\n')
    await symlinkTo(`work/${A}/log.txt`, 'results/log.txt')
    await writeNew(join(root, 'results/generated.vcf'), TEXT, 1050)
    const { facts } = await readEdges(root)
    expect((await published()).filter((edge) => edge.includes('generated'))).toEqual([])
    const [open] = facts.filter((fact) => fact.kind === 'ambiguous')
    expect(open?.candidates.length).toBe(2)
  })

  test('may be a whole folder', async () => {
    await writeTask(root, { hash: A, name: 'INDEX', patterns: ['idx'], script: 'index --out idx', ran: [1000, 1100] })
    await writeNew(join(root, 'trace.txt'), 'task_id\thash\tname\tstatus\texit\n1\taa/aaaaaa\tINDEX\tCOMPLETED\t0\n')
    await writeNew(join(root, 'results/idx/part/1.bin'), TEXT, 1050)
    expect(await published()).toEqual([
      `work/${A}/idx => results/idx (move, inferred)`,
      `work/${A}/idx/part/1.bin => results/idx/part/1.bin (move, inferred)`,
    ])
  })

  test('is not of a task that ran by chance, when folders were cleaned since', async () => {
    const inputs = { 'in.txt': join(root, 'in.txt') }
    await writeNew(join(root, 'in.txt'), 'in\n')
    for (const [hash, name, from] of [[A, 'FIRST', 1000], [B, 'SECOND', 1200]] as const) // prettier-ignore
      await writeTask(root, { hash, name, inputs, patterns: ['versions.yml'], script: 'echo > versions.yml', ran: [from, from + 100] }) // prettier-ignore
    await writeNew(join(root, 'trace.txt'), 'task_id\thash\tname\tstatus\texit\n1\taa/aaaaaa\tFIRST\tCOMPLETED\t0\n2\tbb/bbbbbb\tSECOND\tCOMPLETED\t0\n') // prettier-ignore
    await writeNew(join(root, 'results/versions.yml'), TEXT, 1250) // copied from the first while the second ran
    expect(await published()).toEqual([`work/${B}/versions.yml => results/versions.yml (move, inferred)`])
    await rm(join(root, 'work', B, 'in.txt'))
    expect(await published()).toEqual([])
  })

  test('is not of a task without inputs that ran by chance, when others lack such a file too', async () => {
    for (const [hash, name, from] of [[A, 'FIRST', 1000], [B, 'SECOND', 1200]] as const) // prettier-ignore
      await writeTask(root, { hash, name, patterns: ['versions.yml'], script: 'echo > versions.yml', ran: [from, from + 100] }) // prettier-ignore
    await writeNew(join(root, 'trace.txt'), 'task_id\thash\tname\tstatus\texit\n1\taa/aaaaaa\tFIRST\tCOMPLETED\t0\n2\tbb/bbbbbb\tSECOND\tCOMPLETED\t0\n') // prettier-ignore
    await writeNew(join(root, 'results/versions.yml'), TEXT, 1250)
    expect(await published()).toEqual([])
  })

  test('is found where the engine wrote no patterns down, by the script', async () => {
    await writeTask(root, { hash: A, name: 'OLD', script: 'tool --out x.txt', ran: [1000, 1100] })
    await writeNew(join(root, 'results/x.txt'), TEXT, 1050)
    await writeNew(join(root, 'results/y.txt'), TEXT, 1050)
    expect(await published()).toEqual([`work/${A}/x.txt => results/x.txt (move, inferred)`])
  })
})

describe('a copy under another name', () => {
  beforeEach(async () => {
    const files = { 'a.vcf': TEXT, 'log.txt': 'log\n', 'n.txt': '3\n' }
    await writeTask(root, { hash: A, name: 'CALL', patterns: ['*'], files, ran: [1000, 1100] })
  })

  test('counts where other files are certainly published', async () => {
    await writeNew(join(root, 'results/calls/final.vcf'), TEXT, 1200)
    expect(await published()).toEqual([])
    await symlinkTo(`work/${A}/log.txt`, 'results/logs/log.txt')
    expect(await published()).toEqual([`work/${A}/log.txt => results/logs/log.txt (symlink, observed)`])
    await symlinkTo(`work/${A}/log.txt`, 'results/log.txt')
    expect(await published()).toContain(`work/${A}/a.vcf => results/calls/final.vcf (copy, inferred)`)
  })

  test('is nothing when few bytes are equal', async () => {
    await symlinkTo(`work/${A}/log.txt`, 'results/log.txt')
    await writeNew(join(root, 'results/count'), '3\n', 1200)
    expect((await published()).filter((edge) => edge.includes('count'))).toEqual([])
  })
})

async function symlinkTo(target: string, name: string): Promise<void> {
  await writeNew(join(root, name), '')
  await rm(join(root, name))
  await symlink(join(root, target), join(root, name))
}
