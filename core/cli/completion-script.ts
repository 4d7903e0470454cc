import { sharedFlags, type CliContext, type Flag } from './verb.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export function isShell(name: string): name is Shell {
  return shells.some((shell) => shell === name)
}

/** A verb as it is completed: the first words, then its options and what they take. */
interface Entry {
  readonly word: string
  readonly summary: string
  /** Nested verbs, or the words that its arguments may be. */
  readonly nested: readonly string[]
  /** Its arguments may be uids. */
  readonly takesUids: boolean
  readonly flags: readonly Flag[]
}

/** The script to be read by a shell. Everything stands in it: completing starts no program, but for uids. */
export function completionScript(shell: Shell, context: Pick<CliContext, 'verbs' | 'engines'>): string {
  const entries = toEntries(context)
  if (shell === 'bash') return bashScript(entries)
  return shell === 'zsh' ? zshScript(entries) : fishScript(entries)
}

function toEntries({ verbs, engines }: Pick<CliContext, 'verbs' | 'engines'>): Entry[] {
  const entries = new Map<string, Entry>()
  for (const { name, summary, flags, completes = [] } of verbs) {
    const [word = name, ...nested] = name.split(' ')
    const known = entries.get(word) ?? { word, summary, nested: [], takesUids: false, flags: [] }
    const words = completes === 'uids' ? [] : completes
    const named = name === 'import' ? engines.map((engine) => engine.name) : []
    entries.set(word, {
      ...known,
      takesUids: completes === 'uids',
      nested: [...known.nested, ...nested, ...words, ...named],
      flags: [...known.flags, ...(flags ?? []), ...(known.flags.length === 0 ? sharedFlags : [])],
    })
  }
  const nested = verbs.map(({ name }) => name)
  const help = { word: 'help', summary: 'print help on a verb', nested, takesUids: false, flags: [] }
  return [...entries.values(), help]
}

function longName(flag: Flag): string {
  return /--[a-z0-9-]+/.exec(flag.flags)?.[0] ?? ''
}

function takesValue(flag: Flag): boolean {
  return /[<[]/.test(flag.flags)
}

function bashScript(entries: readonly Entry[]): string {
  const cases = entries.map(({ word, flags, nested, takesUids }) => {
    const options = [...new Set(flags.map(longName)), '--help'].join(' ')
    return `    ${word}) words='${nested.join(' ')}' options='${options}'${takesUids ? ' uids=1' : ''} ;;`
  })
  return `# stemma's completion for bash
_stemma() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words options verb= uids= uid name at
  COMPREPLY=()
  # bash takes --option=value apart at the sign
  if [[ $current == = ]]; then current=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] || { verb=\${COMP_WORDS[at]}; break; }
  done
  case $verb:$before in
${bashChoices(entries).join('\n')}
  esac
  case $verb in
    '') words='${entries.map(({ word }) => word).join(' ')}' options='--help --version' ;;
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    if [[ $uids && $current =~ ^[0-9A-Za-z]{3,}$ ]]; then
      while IFS=$'\\t' read -r uid name; do COMPREPLY+=("$uid"); done < <(stemma completion uids "$current" 2>/dev/null)
    fi
    [[ $verb ]] && compopt -o default 2>/dev/null || true
  fi
}
complete -F _stemma stemma
`
}

/** The values of each verb's options. */
function bashChoices(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ word, flags }) =>
    flags.flatMap((flag) => {
      if (flag.choices === undefined) return []
      const reply = `COMPREPLY=($(compgen -W '${flag.choices.join(' ')}' -- "$current"))`
      return [`    ${word}:${longName(flag)}) ${reply}; return ;;`]
    }),
  )
}

const ZSH_UIDS = `_stemma_uids() {
  local -a lines
  (( \${#PREFIX} >= 3 )) && lines=(\${(f)"$(stemma completion uids $PREFIX 2>/dev/null)"})
  (( $#lines )) && compadd -d lines -- \${lines%%$'\\t'*}
  _files
}`

function zshScript(entries: readonly Entry[]): string {
  const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&')
  const verbs = entries.map(({ word, summary }) => `    '${word}:${quote(summary)}'`)
  const cases = entries.map(({ word, flags, nested, takesUids }) => {
    const specs = flags.map((flag) => {
      const value = takesValue(flag)
        ? `:value:${flag.choices === undefined ? '_files' : `(${flag.choices.join(' ')})`}`
        : ''
      return `'${longName(flag)}${value === '' ? '' : '='}[${quote(flag.summary)}]${value}'`
    })
    const files = takesUids ? '_stemma_uids' : '_files'
    const rest = nested.length === 0 ? `'*:thing:${files}'` : `'*:word:{compadd ${nested.join(' ')}; _files}'`
    return `    ${word}) _arguments ${[...specs, "'--help[print help]'", rest].join(' ')} ;;`
  })
  return `#compdef stemma
# stemma's completion for zsh
${ZSH_UIDS}
_stemma() {
  local -a verbs=(
${verbs.join('\n')}
  )
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then compadd -- --help --version; else _describe verb verbs; fi
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
  const uids = quote('(command -q stemma; and stemma completion uids (commandline -ct) 2>/dev/null)')
  const lines = entries.flatMap(({ word, summary, nested, takesUids, flags }) => {
    const seen = `complete -c stemma -n '__fish_seen_subcommand_from ${word}'`
    return [
      `complete -c stemma -n __fish_use_subcommand -f -a ${word} -d ${quote(summary)}`,
      ...nested.map((next) => `${seen} -a ${quote(next)}`),
      ...(takesUids ? [`${seen} -a ${uids}`] : []),
      ...flags.map((flag) => `${seen} -l ${longName(flag).slice(2)}${fishValue(flag)} -d ${quote(flag.summary)}`),
    ]
  })
  const always = ['version', 'help'].map((name) => `complete -c stemma -n __fish_use_subcommand -l ${name}`)
  return `# stemma's completion for fish\n${[...lines, ...always].join('\n')}\n`
}

function fishValue(flag: Flag): string {
  if (!takesValue(flag)) return ''
  return flag.choices === undefined ? ' -r' : ` -x -a '${flag.choices.join(' ')}'`
}
