// Compiled, never run: tracked functions have the types of the functions that they wrap.
import { artifactRef, input, output, run, step, tracked } from '../../core/index.ts'
import type { ArtifactRef } from '../../core/index.ts'

/** `true` when both types are one: assignable each way, and neither is `any`. */
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? (0 extends 1 & A ? false : true) : false) : false
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the type argument is the assertion
function same<T extends true>(...proof: T[]): number {
  return proof.length
}

async function align(reads: string, options?: { threads: number }): Promise<{ bam: string }> {
  return Promise.resolve({ bam: `${reads}${options?.threads ?? 1}` })
}
const trackedAlign = tracked(align)
same<Equal<typeof trackedAlign, typeof align>>()

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at]
}
const trackedPick = tracked(pick, { name: 'pick', inputs: () => ['/a'], outputs: (item) => [String(item)] })
same<Equal<typeof trackedPick, typeof pick>>()
same<Equal<ReturnType<typeof trackedPick<number>>, number | undefined>>()

function* count(to: number): Generator<number, string, boolean> {
  for (let at = 0; at < to; at++) yield at
  return 'done'
}
const trackedCount = tracked(count)
same<Equal<typeof trackedCount, typeof count>>()

tracked(align, { outputs: (result, reads, options) => [result.bam, reads, String(options?.threads)] })
// @ts-expect-error -- the result has no such member
tracked(align, { outputs: (result) => [String(result.vcf)] })
// @ts-expect-error -- a name is text
tracked(align, { name: 1 })

class Pipeline {
  readonly factor = 2
  @tracked()
  scale(n: number): number {
    return n * this.factor
  }
  @tracked({ name: 'load' })
  static async load(): Promise<Pipeline> {
    return Promise.resolve(new Pipeline())
  }
}
same<Equal<Pipeline['scale'], (n: number) => number>>()

const path: '/data/s1.fq' = input('/data/s1.fq')
const ref: ArtifactRef = output(artifactRef('/data/s1.bam'))
const result = run('qc', async () => Promise.resolve(step('one', () => 1)))
same<Equal<typeof result, Promise<number>>>()
export const used = [trackedAlign, trackedPick, trackedCount, Pipeline, ref, result, path]
