// The README's first command: imports a bundled real run into an embedded database and prints a lineage.
// `--readme` writes what is printed into the README instead.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const place = mkdtempSync(join(tmpdir(), 'stemma-demo-'))
const pipeline = join(place, 'rnaseq')
const steps = [
  ['import', '.'],
  ['lineage', 'results/matrix/all_counts.tsv', '--up', '--depth', '6'],
]
let shown = ''
try {
  cpSync(join(root, 'fixtures/nextflow/25.04.8/basic-rnaseq/source'), pipeline, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
  })
  for (const step of steps) {
    const done = spawnSync(process.execPath, [join(root, 'dist/bin.js'), ...step], { cwd: pipeline, encoding: 'utf8' })
    shown += `$ stemma ${step.join(' ')}\n${done.stdout}${done.stderr}`
    if (done.status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
if (process.argv[2] === '--readme') {
  const file = join(root, 'README.md')
  const quoted = shown.replaceAll(place, '/data').replace(/^(?=.)/gm, '    ')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      /(<!-- demo -->\n)[\s\S]*(<!-- \/demo -->)/,
      (_all, head, tail) => `${head}\n${quoted}\n${tail}`,
    ),
  )
} else process.stdout.write(shown)
