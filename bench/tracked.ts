// What a tracked call costs above the same call untracked, spool included. A/A: two equal bare arms show the noise.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeRecorder, configureRecorder, flushRecorder } from '../core/record/process-recorder.ts'
import { run } from '../core/record/script.ts'
import { tracked } from '../core/record/tracked.ts'
import { median, peakRssMb, report } from './measure.ts'

const CALLS = 20_000
const ROUNDS = 7
const TARGET_US = 50

const folder = mkdtempSync(join(tmpdir(), 'bench-tracked-'))
configureRecorder({ spool: folder, deliver: false })

const bare = (sample: string, threads: number): string => `${sample}${threads}`
const later = async (sample: string, threads: number): Promise<string> => Promise.resolve(`${sample}${threads}`)
const arms: Record<string, (sample: string, threads: number) => unknown> = {
  bare,
  bareAgain: (sample, threads) => bare(sample, threads),
  sync: tracked(bare, { name: 'sync' }),
  async: tracked(later, { name: 'async' }),
}

/** Microseconds of this process's time a call, until everything is on disk; other processes do not count. */
async function measure(call: (sample: string, threads: number) => unknown): Promise<number> {
  const began = process.cpuUsage()
  await run('bench', async () => {
    for (let at = 0; at < CALLS; at++) {
      const result = call(`sample-${at}`, at)
      if (result instanceof Promise) await result
      // The workload does something else now and then, and the recorder gets its turn.
      if (at % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
    }
  })
  await flushRecorder()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / CALLS
}

const times: Record<string, number[]> = {}
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, call] of Object.entries(arms)) {
    const took = await measure(call)
    if (round > 0) (times[name] ??= []).push(took) // the first round warms up
  }
}
const bareUs = median(times.bare ?? [])
const noiseUs = Math.abs(median(times.bareAgain ?? []) - bareUs)
for (const name of ['sync', 'async']) {
  const us = median(times[name] ?? []) - bareUs
  report({
    bench: `tracked.${name}`,
    ratio: us / TARGET_US,
    target: 1,
    cpuUsPerCall: us,
    noiseUs,
    calls: CALLS,
    rssMb: peakRssMb(),
  })
}
await closeRecorder()
rmSync(folder, { recursive: true })
