// npm run bench [-- <name>… [full]]: runs every benchmark, or those named; each prints a line of JSON a measure.
// `full` is handed on: the largest sizes, which take minutes.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const folder = import.meta.dirname
const notBenchmarks = new Set([
  'run',
  'measure',
  'measure-import',
  'measure-redun',
  'bare-inserts',
  'bare-copy',
  'bare-reads',
])
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generate-'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => !notBenchmarks.has(name))

const words = process.argv.slice(2)
const full = words.filter((word) => word === 'full')
const named = words.filter((word) => word !== 'full')
for (const name of named) {
  if (!known.includes(name)) {
    process.stderr.write(`bench: unknown benchmark: "${name}"\nThere are: ${known.join(', ')}.\n`)
    process.exit(2)
  }
}

let worst = 0
for (const name of named.length > 0 ? named : known) {
  // A process each: one benchmark's memory and warm code must not help or hurt the next.
  const done = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', join(folder, `${name}.ts`), ...full], {
    stdio: 'inherit',
  })
  worst = Math.max(worst, done.status ?? 1)
}
process.exit(worst)
