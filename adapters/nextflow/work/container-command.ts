import { shellWords } from './shell-words.ts'

const ENGINES = /^(docker|podman|singularity|apptainer|charliecloud|ch-run|shifter|sarus)$/

/** The image in the command that starts a task's container: before 24.04 it stands nowhere else. */
export function readContainerCommand(launch: string): string | undefined {
  for (const line of launch.split('\n')) {
    const words = shellWords(line)
    const start = words.findIndex((word) => ENGINES.test(word.slice(word.lastIndexOf('/') + 1)))
    if (start < 0 || !/^(run|exec)$/.test(words.slice(start + 1).find((word) => !word.startsWith('-')) ?? '')) continue
    const named = words.indexOf('$NXF_BOXID', start)
    const image = named < 0 ? beforeShell(words) : words[named + 1]
    if (image !== undefined && !image.startsWith('-')) return image
  }
  return undefined
}

/** The word before `/bin/bash` or `/bin/sh` that is no option's value. */
function beforeShell(words: readonly string[]): string | undefined {
  const shell = words.findIndex((word, at) => /^\/bin\/(ba)?sh$/.test(word) && words[at - 1] !== '--entrypoint')
  return shell > 0 ? words[shell - 1] : undefined
}
