// Completion as a person meets it: keys typed into real shells.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const at = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname
const TSX = new URL('../../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href
const TAB = '\t'
let home = ''
let project = ''
let uid = ''

const has = (program: string): boolean => spawnSync(program, ['-c', 'true']).status === 0
const inShell = (shell: string): typeof test =>
  has(shell) || process.env.CI !== undefined ? test : (test.skip as typeof test)

beforeAll(async () => {
  project = await folder()
  home = await folder()
  await cp(at('fixtures/nextflow/25.04.8/retry-ignore/source'), project, { recursive: true })
  expect(await runCli(['import', '.'], { folder: project })).toMatchObject({ code: 0 })
  const { runs } = z
    .object({ runs: z.array(z.object({ uid: z.string() })) })
    .parse(JSON.parse((await runCli(['runs', '--json'], { folder: project })).out))
  uid = runs[0]?.uid ?? ''
  await mkdir(join(home, 'bin'))
  await writeFile(
    join(home, 'bin/stemma'),
    `#!/bin/sh\nexec ${process.execPath} --import ${TSX} ${at('bin.ts')} "$@"\n`,
  )
  await chmod(join(home, 'bin/stemma'), 0o755)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await runCli(['completion', shell], { folder: '/' })
    await writeFile(join(home, `stemma.${shell}`), out)
  }
  await writeFile(join(home, '.bashrc'), '. ~/stemma.bash\nPS1="ready> "\n')
  await writeFile(join(home, '.zshrc'), 'autoload -U compinit; compinit -u -D\n. ~/stemma.zsh\nPS1="ready> "\n')
  await mkdir(join(home, '.config/fish'), { recursive: true })
  const fish = 'source ~/stemma.fish\nfunction fish_prompt; echo "ready> "; end\nfunction fish_greeting; end\n'
  await writeFile(join(home, '.config/fish/config.fish'), fish)
})

/** What each shell shows after the keys. */
function type(shell: string, steps: readonly (readonly [keys: string, expected: string])[]): string[] {
  const done = spawnSync('python3', [at('test/tools/type-in-shell.py'), project, shell, '-i'], {
    encoding: 'utf8',
    input: JSON.stringify(steps),
    env: { PATH: `${home}/bin:${process.env.PATH ?? ''}`, HOME: home, TERM: 'xterm', LANG: 'C.UTF-8' },
  })
  expect(done.stderr).toBe('')
  return z.array(z.string()).parse(JSON.parse(done.stdout))
}

describe('in an interactive shell', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    inShell(shell)(
      `${shell} completes verbs, options, their values, engines, files and uids`,
      () => {
        const steps = [
          [`stemma lin${TAB}`, 'lineage'],
          [`stemma import next${TAB}`, 'nextflow'],
          [`stemma listen ne${TAB}`, 'nextflow'],
          [`stemma completion z${TAB}`, 'zsh'],
          [`stemma --ver${TAB}`, '--version'],
          [`stemma lineage x --lim${TAB}`, '--limit'],
          [`stemma runs --outcome fai${TAB}`, 'failed'],
          [`stemma runs --outcome=fai${TAB}`, 'failed'],
          [`stemma lineage --format mer${TAB}`, 'mermaid'],
          [`stemma import trace.t${TAB}`, 'trace.tsv'],
          [`stemma show trace.t${TAB}`, 'trace.tsv'],
          [`stemma show ${uid.slice(0, 5)}${TAB}`, uid],
          [`stemma path trace.tsv ${uid.slice(0, 5)}${TAB}`, uid],
        ] as const
        const seen = type(shell, steps)
        expect(seen).toEqual(steps.map(([, expected]) => expect.stringContaining(expected)))
      },
      180_000,
    )
  }

  test('uids are asked for without changing or making anything', async () => {
    expect(await runCli(['completion', 'uids', uid.slice(0, 4)], { folder: project })).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${uid}\t`),
      err: '',
    })
    for (const start of ['', 'ab', '%', "x' OR 1=1"])
      expect(await runCli(['completion', 'uids', start], { folder: project })).toMatchObject({ code: 0, out: '' })
    expect(await runCli(['completion', 'uids', 'abcd'], { folder: home })).toMatchObject({ code: 0, out: '' })
  })
})
