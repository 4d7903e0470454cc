import { beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { runCli } from '../../tools/run-cli.ts'
import { copyOf } from './read-facts.ts'

const Run = z.looseObject({
  uid: z.string(),
  key: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.json()).optional(),
})
const Runs = z.object({ runs: z.array(Run) })
type Run = z.infer<typeof Run>

describe('what redun log answers', () => {
  let folder = ''
  let job: Run | undefined

  async function runs(...filters: readonly string[]): Promise<readonly Run[]> {
    const { code, out, err } = await runCli(['runs', ...filters, '--json'], { folder })
    expect([code, err]).toEqual([0, ''])
    return Runs.parse(JSON.parse(out)).runs
  }

  function labelOf(name: string): string {
    return z.string().parse(job?.labels?.[name])
  }

  beforeAll(async () => {
    folder = await copyOf('0.44.1/shapes')
    const done = await runCli(['import', 'redun', '.'], { folder })
    expect(done.code).toBe(0)
    job = (await runs('--transform', 'shapes.near'))[0]
  })

  test('executions by tag, all tags at once', async () => {
    const all = await runs('--top', '--label', 'project=shapes')
    expect(all.map((run) => run.name).sort()).toEqual(['shapes.main', 'shapes.size', 'shapes.size'])
    expect(await runs('--label', 'project=shapes', '--label', 'redun.version=0.44.1')).toHaveLength(3)
    expect(await runs('--label', 'project=shapes', '--label', 'redun.version=0.1')).toEqual([])
    expect(await runs('--label', 'redun.version', '--label', 'user')).toHaveLength(3)
  })

  test.each(['callHash', 'valueHash'])('jobs by %s', async (name) => {
    const found = await runs('--label', `${name}=${labelOf(name)}`)
    expect(found.map((run) => run.uid)).toContain(job?.uid)
  })

  test.each(['execution', 'taskHash', 'callHash'])('a thing by the beginning of its %s', async (name) => {
    const start = labelOf(name).slice(0, 10)
    const { code, out } = await runCli(['show', start], { folder })
    expect(code).toBe(0)
    expect(out).toContain(name === 'execution' ? 'shapes.main' : 'shapes.near')
  })

  test('a file by the beginning of its value hash', async () => {
    const { code, out } = await runCli(['show', labelOf('valueHash').slice(0, 10)], { folder })
    expect([code, out.includes('out/near.txt')]).toEqual([0, true])
  })

  test('the latest execution and those before it', async () => {
    expect((await runCli(['show', '-'], { folder })).out).toContain('shapes.size')
    expect((await runCli(['show', '~3'], { folder })).out).toContain('shapes.main')
  })

  test('a label without a name is refused', async () => {
    expect(await runCli(['runs', '--label', '=x'], { folder })).toMatchObject({ code: 2 })
  })
})
