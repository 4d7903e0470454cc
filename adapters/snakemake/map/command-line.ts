/** Parameters that were given on Snakemake's command line: `--config name=value …`. Snakemake joins arguments by spaces. */
export function configOf(command: string | undefined): Record<string, string> {
  const config = new Map<string, string>()
  let inside = false
  for (const word of (command ?? '').split(' ')) {
    const given = /^(?:--config=|-C=?)?([A-Za-z_][\w-]*)=(.*)$/s.exec(word)
    if (/^(--config|-C)(=|$)/.test(word)) inside = true
    else if (word.startsWith('-')) inside = false
    if (inside && given?.[1] !== undefined) config.set(given[1], given[2] ?? '')
    else if (inside && given === null && !/^(--config|-C)$/.test(word)) inside = false
  }
  return Object.fromEntries(config)
}
