// A pipeline of any size: each task reads one shared file and the file that the task before published.
import type { Fact } from '../../../core/fact/fact.ts'
import { artifact, consumed, copied, produced, run, transform } from '../../tools/facts.ts'

export async function* manyFacts(from: number, to: number): AsyncIterable<Fact> {
  const execution = run('execution', [1, 100_000])
  const shared = artifact('/data/shared.fa')
  yield transform('T')
  yield execution
  yield shared
  for (let at = from; at < to; at++) {
    await Promise.resolve()
    const task = run(`task ${String(at)}`, [at * 10 + 1.5, at * 10 + 5.5], { parent: execution.uid, params: { at } })
    const made = artifact(`/work/${String(at)}/out.txt`, undefined, { sizeBytes: at })
    const published = artifact(`/results/${String(at % 7)}.txt`, task.name)
    const read = artifact(`/results/${String((at + 6) % 7)}.txt`)
    yield task
    yield made
    yield published
    yield read
    yield produced(task, made, { role: 'out' })
    yield copied(made, published)
    yield consumed(task, shared, { role: 'genome' })
    yield consumed(task, read)
    if (at % 50 === 0)
      yield { kind: 'gap', code: 'test.gap', place: `log:${String(at)}`, message: 'something is missing' }
  }
}
