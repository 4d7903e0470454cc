// What `stemma --version` and `--help` cost above a bare node start. Needs `npm run build`.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { median, report } from './measure.ts'

const ROUNDS = 15
const program = join(import.meta.dirname, '../dist/bin.js')

function start(args: readonly string[]): number {
  const began = performance.now()
  execFileSync(process.execPath, args, { stdio: 'ignore' })
  return performance.now() - began
}

for (const flag of ['--version', '--help']) {
  const bare: number[] = []
  const ours: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(start(['-e', '0'])) // in turns, so that both see the same noise
    ours.push(start([program, flag]))
  }
  report({
    bench: `startup${flag}`,
    ratio: median(ours) / median(bare),
    target: 3,
    ms: median(ours),
    bareMs: median(bare),
  })
}
