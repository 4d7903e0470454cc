import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { spooled } from '../../core/record/record-script.ts'

const tsx = join(import.meta.dirname, '../../../node_modules/.bin/tsx')

test('histories that an older SDK made without the plugin replay with it, and record nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temporal-replay-'))
  mkdirSync(join(folder, '.stemma'))
  const script = join(import.meta.dirname, 'replay-scenario.ts')
  const done = spawnSync(tsx, [script], { cwd: folder, encoding: 'utf8', timeout: 100_000 })
  expect(done.stderr).toBe('')
  expect(done.stdout.trim().split('\n')).toEqual([
    'old-busy.1.json replayed',
    'old-doomed.3.json replayed',
    'old-pipeline.4.json replayed',
    'old-waiting.2.json replayed',
    'rolling.5.json replayed',
    'rolling.6.json replayed',
    'errors logged: 0',
  ])
  expect(spooled({ folder, spool: join(folder, '.stemma/spool') })).toEqual([])
}, 120_000)
