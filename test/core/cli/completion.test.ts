import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli } from '../../tools/run-cli.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

async function script(shell: string): Promise<string> {
  const file = join(await folder(), `stemma.${shell}`)
  const { out } = await runCli(['completion', shell], { folder: '/' })
  await writeFile(file, out)
  return file
}

/** What a shell without its own start files offers. */
function ask(shell: string, argv: readonly string[]): string[] {
  const done = spawnSync(shell, argv, { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: '/nonexistent' } })
  expect(done.stderr).toBe('')
  return done.stdout.split('\n').filter(Boolean)
}

/** The shell is part of CI's machines; elsewhere its test may be passed over. */
function inShell(shell: string): typeof test {
  return has(shell) || process.env.CI !== undefined ? test : (test.skip as typeof test)
}

describe('completion', () => {
  inShell('bash')('bash offers verbs, options, their values and an engine’s verbs', async () => {
    const file = await script('bash')
    const complete = (...words: string[]): string[] =>
      ask('bash', [
        '--norc',
        '-c',
        `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stemma; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        file,
        'stemma',
        ...words,
      ])
    expect(complete('')).toEqual(expect.arrayContaining(['init', 'import', 'lineage', 'runs', 'listen', 'help']))
    expect(complete('li')).toEqual(['lineage', 'listen'])
    expect(complete('lineage', '--d')).toEqual(expect.arrayContaining(['--down', '--depth']))
    expect(complete('lineage', '--format', '')).toEqual(['text', 'json', 'dot', 'mermaid'])
    expect(complete('runs', '--outcome', 'fa')).toEqual(['failed'])
    expect(complete('listen', '')).toEqual(['nextflow'])
    expect(complete('lineage', 'res')).toEqual([]) // files: bash's own
  })

  inShell('zsh')('zsh reads the script', async () => {
    const file = await script('zsh')
    expect(
      ask('zsh', ['-f', '-c', 'autoload -U compinit; compinit -D -u; . "$1"; whence -w _stemma', 'zsh', file]),
    ).toEqual(['_stemma: function'])
    const spec = ask('zsh', [
      '-f',
      '-c',
      'compdef() {}; . "$1"; _describe() { print -l ${(P)2} }; words=(stemma ""); CURRENT=2; _stemma',
      'zsh',
      file,
    ])
    expect(spec).toContain('lineage:what made a file, or what became of it')
  })

  inShell('fish')('fish offers verbs, options and values', async () => {
    const file = await script('fish')
    const complete = (line: string): string[] =>
      ask('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, line]).map(
        (text) => text.split('\t')[0] ?? '',
      )
    expect(complete('stemma li')).toEqual(expect.arrayContaining(['lineage', 'listen']))
    expect(complete('stemma lineage --dep')).toEqual(['--depth'])
    expect(complete('stemma runs --outcome fai')).toEqual(['failed'])
  })
})
