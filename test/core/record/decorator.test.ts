import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { lastRuns, spooled } from './record-script.ts'

const root = join(import.meta.dirname, '../../..')
const SOURCE = `
import { tracked } from '${root}/core/record/tracked.ts'
class Pipeline {
  factor = 2
  @tracked() scale(n: number): number { return n * this.factor }
  @tracked({ name: 'later' }) async wait(n: number): Promise<number> { return n }
  @tracked() static make(): Pipeline { return new Pipeline() }
}
const pipeline = Pipeline.make()
console.log(pipeline.scale(21), await pipeline.wait(1), pipeline.scale.name, pipeline.scale.length)
try { class Wrong { @tracked() accessor x = 1 } ; new Wrong() } catch (error) { console.log(error.code) }
`

describe('@tracked()', () => {
  test.each([true, false])('on methods, experimentalDecorators %s', (experimentalDecorators) => {
    const folder = mkdtempSync(join(tmpdir(), 'decorator-'))
    mkdirSync(join(folder, '.stemma'))
    const source = experimentalDecorators ? SOURCE.replace(/^try.*$/m, '') : SOURCE
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { experimentalDecorators, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    })
    writeFileSync(join(folder, 'script.mjs'), outputText)
    const done = spawnSync(join(root, 'node_modules/.bin/tsx'), ['script.mjs'], { cwd: folder, encoding: 'utf8' })
    expect(done.stderr).toBe('')
    expect(done.stdout.trim().split('\n')).toEqual([
      '42 1 scale 1',
      ...(experimentalDecorators ? [] : ['usage.not-a-function']),
    ])
    const runs = lastRuns(spooled({ folder, spool: join(folder, '.stemma/spool') }))
    const scale = experimentalDecorators ? 'Pipeline.scale' : 'scale'
    const make = experimentalDecorators ? 'Pipeline.make' : 'make'
    expect(runs.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      `${make} succeeded`,
      `${scale} succeeded`,
      'later succeeded',
    ])
  })
})
