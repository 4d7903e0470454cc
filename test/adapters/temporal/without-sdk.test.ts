import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')
const HOOK = `
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('@temporalio/')) return next(specifier, context)
  throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' })
}`

/** The command line in a project where nothing of Temporal is installed. */
function stemma(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'without-sdk-'))
  writeFileSync(join(folder, 'hook.mjs'), HOOK)
  writeFileSync(
    join(folder, 'register.mjs'),
    `import { register } from 'node:module'\nregister('./hook.mjs', import.meta.url)\n`,
  )
  const loaders = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), '--import', join(folder, 'register.mjs')]
  const env = { ...process.env, STEMMA_DATABASE: `file:${join(folder, 'stemma.db')}`, NO_COLOR: '1' }
  return spawnSync(process.execPath, [...loaders, join(root, 'bin.ts'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
}

test('histories are imported without any package of Temporal', () => {
  const done = stemma('import', 'temporal', join(root, 'fixtures/temporal/server-1.32/chain/source'))
  expect([done.status, done.stderr]).toEqual([0, ''])
  expect(done.stdout).toMatch(/6 tasks/)
})

test('an import from a server says which package to add', () => {
  const done = stemma('import', 'temporal', '--address', '127.0.0.1:7233')
  expect(done.status).toBe(2)
  expect(done.stderr).toMatch(/"@temporalio\/client"\n.*npm install @temporalio\/client/)
})
