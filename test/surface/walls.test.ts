// Each wall is shown to stand by a planted violation: a lint rule can be off without a sound.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { ESLint } from 'eslint'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
let eslint: ESLint

beforeAll(() => {
  eslint = new ESLint({ cwd: root })
})

/** Lints files planted for a moment; returns `rule: message` of the first one's findings. */
async function plant(files: Record<string, string>): Promise<string[]> {
  const paths = Object.keys(files).map((file) => join(root, file))
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true })
      await writeFile(join(root, file), text, { flag: 'wx' })
    }
    const [first] = await eslint.lintFiles(paths.slice(0, 1))
    return (first?.messages ?? []).map((found) => `${found.ruleId ?? 'parser'}: ${found.message}`)
  } finally {
    for (const path of paths) await rm(path, { force: true })
  }
}

describe('walls', () => {
  test.each([
    [
      'core imports an adapter',
      'core/query/planted-a.ts',
      `import '../../adapters/nextflow/index.ts'\n`,
      'import-x/no-restricted-paths',
    ],
    [
      'an adapter imports another',
      'adapters/redun/planted-b.ts',
      `import '../nextflow/index.ts'\n`,
      'import-x/no-restricted-paths',
    ],
    [
      'an adapter imports core behind its contract',
      'adapters/redun/planted-c.ts',
      `import '../../core/db/database.ts'\n`,
      'import-x/no-restricted-paths',
    ],
    [
      'a query imports the ingest',
      'core/query/planted-d.ts',
      `import '../ingest/ingest.ts'\n`,
      'import-x/no-restricted-paths',
    ],
    ['Prisma outside core/db', 'core/query/planted-e.ts', `import '@prisma/client'\n`, 'no-restricted-syntax'],
    [
      'Prisma loaded dynamically outside core/db',
      'core/query/planted-f.ts',
      `await import('@prisma/client')\n`,
      'no-restricted-syntax',
    ],
    [
      'an S3 SDK outside its file',
      'core/storage/planted-g.ts',
      `await import('@aws-sdk/client-s3')\n`,
      'no-restricted-syntax',
    ],
    [
      'Azure outside its file',
      'adapters/nextflow/planted-h.ts',
      `import '@azure/storage-blob'\n`,
      'no-restricted-syntax',
    ],
    [
      'Temporal outside its adapter',
      'core/record/planted-i.ts',
      `import '@temporalio/client'\n`,
      'no-restricted-syntax',
    ],
    ['commander outside the command line', 'core/query/planted-j.ts', `import 'commander'\n`, 'no-restricted-syntax'],
    ['printing outside the command line', 'core/query/planted-k.ts', `console.log('x')\n`, 'no-restricted-syntax'],
    [
      'ending the process outside the command line',
      'core/query/planted-l.ts',
      `process.exit(1)\n`,
      'no-restricted-syntax',
    ],
    ['export of everything', 'core/query/planted-m.ts', `export * from './view.ts'\n`, 'no-restricted-syntax'],
    ['any', 'core/query/planted-n.ts', `export const x: any = 1\n`, '@typescript-eslint/no-explicit-any'],
    ['a long file', 'core/query/planted-o.ts', 'export {}\n'.repeat(301), 'max-lines'],
  ])('%s', async (_title, file, text, rule) => {
    expect(await plant({ [file]: text })).toContainEqual(expect.stringContaining(`${rule}: `))
  })

  test('a cycle', async () => {
    const found = await plant({
      'core/query/planted-p.ts': `import { b } from './planted-q.ts'\nexport const a = (): number => b()\n`,
      'core/query/planted-q.ts': `import { a } from './planted-p.ts'\nexport const b = (): number => a()\n`,
    })
    expect(found).toContainEqual(expect.stringContaining('import-x/no-cycle: '))
  })
})
