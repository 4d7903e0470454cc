import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../../..')

test('the fixtures give the facts that were reviewed', () => {
  const tsx = join(ROOT, 'node_modules/.bin/tsx')
  const done = spawnSync(tsx, ['test/tools/golden.ts', '--check', 'nextflow'], { cwd: ROOT, encoding: 'utf8' })
  expect(done.stdout).toBe('')
  expect(done.status).toBe(0)
})
