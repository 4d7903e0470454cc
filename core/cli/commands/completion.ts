import { StemmaError } from '../../errors.ts'
import type { Verb } from '../verb.ts'

/** In the place of a shell: what the scripts ask for while somebody types. */
const UIDS = 'uids'

export const completion: Verb = {
  name: 'completion',
  arguments: '<shell> [start]',
  usage: '<shell> [options]',
  summary: 'a script that completes verbs, options and uids in bash, zsh or fish',
  completes: ['bash', 'zsh', 'fish'],
  examples: [
    'stemma completion bash >> ~/.bashrc',
    'stemma completion zsh > "${fpath[1]}/_stemma"',
    'stemma completion fish > ~/.config/fish/completions/stemma.fish',
  ],
  async run(call, context) {
    const [shell = '', start = ''] = call.args
    if (shell === UIDS) {
      const { printUids } = await import('../print-uids.ts')
      return printUids(start, call, context)
    }
    const { completionScript, isShell, shells } = await import('../completion-script.ts')
    if (!isShell(shell)) {
      throw new StemmaError('usage.invalid-option', `no completion for this shell: "${shell}"`, {
        advice: `There is one for ${shells.join(', ')}.`,
      })
    }
    await context.terminal.write(completionScript(shell, context))
    return 0
  },
}
