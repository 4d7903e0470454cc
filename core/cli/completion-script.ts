import { sharedFlags, type Flag, type Verb } from './verb.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export function isShell(name: string): name is Shell {
  return shells.some((shell) => shell === name)
}

/** A verb as it is completed: the first words, then its options and what they take. */
interface Entry {
  readonly word: string
  readonly summary: string
  readonly nested: readonly string[]
  readonly flags: readonly Flag[]
}

/** The script to be read by a shell. Everything stands in it: completing starts no program. */
export function completionScript(shell: Shell, verbs: readonly Verb[]): string {
  const entries = toEntries(verbs)
  if (shell === 'bash') return bashScript(entries)
  return shell === 'zsh' ? zshScript(entries) : fishScript(entries)
}

function toEntries(verbs: readonly Verb[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const { name, summary, flags } of verbs) {
    const [word = name, ...nested] = name.split(' ')
    const known = entries.get(word) ?? { word, summary, nested: [], flags: [] }
    entries.set(word, {
      ...known,
      nested: [...known.nested, ...nested],
      flags: [...known.flags, ...(flags ?? []), ...(known.flags.length === 0 ? sharedFlags : [])],
    })
  }
  const help = { word: 'help', summary: 'print help on a verb', nested: verbs.map(({ name }) => name), flags: [] }
  return [...entries.values(), help]
}

function longName(flag: Flag): string {
  return /--[a-z0-9-]+/.exec(flag.flags)?.[0] ?? ''
}

function takesValue(flag: Flag): boolean {
  return /[<[]/.test(flag.flags)
}

function bashScript(entries: readonly Entry[]): string {
  const cases = entries.map(({ word, flags, nested }) => {
    const options = [...new Set(flags.map(longName)), '--help'].join(' ')
    return `    ${word}) words='${nested.join(' ')}' options='${options}' ;;`
  })
  const choices = [...choicesByFlag(entries)].map(
    ([flag, list]) => `    ${flag}) COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current")); return ;;`,
  )
  return `# stemma's completion for bash
_stemma() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words options verb= at
  COMPREPLY=()
  case $before in
${choices.join('\n')}
  esac
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] || { verb=\${COMP_WORDS[at]}; break; }
  done
  case $verb in
    '') words='${entries.map(({ word }) => word).join(' ')}' options='--help --version' ;;
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    compopt -o default 2>/dev/null || true
  fi
}
complete -F _stemma stemma
`
}

/** The values of each option; an option of two verbs offers those of both. */
function choicesByFlag(entries: readonly Entry[]): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>()
  for (const flag of entries.flatMap((entry) => entry.flags)) {
    const known = values.get(longName(flag)) ?? []
    if (flag.choices !== undefined) values.set(longName(flag), [...new Set([...known, ...flag.choices])])
  }
  return values
}

function zshScript(entries: readonly Entry[]): string {
  const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&')
  const verbs = entries.map(({ word, summary }) => `    '${word}:${quote(summary)}'`)
  const cases = entries.map(({ word, flags, nested }) => {
    const specs = flags.map((flag) => {
      const value = takesValue(flag)
        ? `:value:${flag.choices === undefined ? '_files' : `(${flag.choices.join(' ')})`}`
        : ''
      return `'${longName(flag)}[${quote(flag.summary)}]${value}'`
    })
    const rest = nested.length === 0 ? "'*:thing:_files'" : `'*:verb:(${nested.join(' ')})'`
    return `    ${word}) _arguments ${[...specs, "'--help[print help]'", rest].join(' ')} ;;`
  })
  return `#compdef stemma
# stemma's completion for zsh
_stemma() {
  local -a verbs=(
${verbs.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
    *) _files ;;
  esac
}
if [[ $funcstack[1] == _stemma ]]; then _stemma "$@"; else compdef _stemma stemma; fi
`
}

function fishScript(entries: readonly Entry[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = entries.flatMap(({ word, summary, nested, flags }) => [
    `complete -c stemma -n __fish_use_subcommand -f -a ${word} -d ${quote(summary)}`,
    ...nested.map((next) => `complete -c stemma -n '__fish_seen_subcommand_from ${word}' -f -a ${quote(next)}`),
    ...flags.map((flag) => {
      const takes = !takesValue(flag)
        ? ''
        : flag.choices === undefined
          ? ' -r'
          : ` -x -a ${quote(flag.choices.join(' '))}`
      const long = longName(flag).slice(2)
      return `complete -c stemma -n '__fish_seen_subcommand_from ${word}' -l ${long}${takes} -d ${quote(flag.summary)}`
    }),
  ])
  return `# stemma's completion for fish\n${lines.join('\n')}\n`
}
