import { StemmaError } from '../../errors.ts'
import type { Verb } from '../verb.ts'

export const completion: Verb = {
  name: 'completion',
  arguments: '<shell>',
  summary: 'a script that completes verbs and options in bash, zsh or fish',
  examples: [
    'stemma completion bash >> ~/.bashrc',
    'stemma completion zsh > "${fpath[1]}/_stemma"',
    'stemma completion fish > ~/.config/fish/completions/stemma.fish',
  ],
  async run(call, { terminal, verbs }) {
    const { completionScript, isShell, shells } = await import('../completion-script.ts')
    const [shell = ''] = call.args
    if (!isShell(shell)) {
      throw new StemmaError('usage.invalid-option', `no completion for this shell: "${shell}"`, {
        advice: `There is one for ${shells.join(', ')}.`,
      })
    }
    await terminal.write(completionScript(shell, verbs))
    return 0
  },
}
