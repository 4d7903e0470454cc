/** Versions of tools by process, and the `Workflow` block, of a software versions file. */
export interface SoftwareVersions {
  /** Process (or its last part) to tool to version. */
  readonly processes: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const MOST_LINES = 1_000_000

/**
 * Reads `software_versions.yml` or `*_software_mqc_versions.yml`. These files are joined from pieces by shell commands:
 * keys occur twice and values may be blank, so this reads lines, not YAML. Of two versions the last one stays.
 */
export function parseSoftwareVersions(text: string): SoftwareVersions {
  const processes = new Map<string, Map<string, string>>()
  let tools: Map<string, string> | undefined
  for (const line of text.split('\n', MOST_LINES)) {
    const parts = /^( {0,16})["']?([^"'#\s][^"']{0,511}?)["']?:(?:[ \t](.*))?$/.exec(line.trimEnd())
    if (parts === null) continue
    const [, indent = '', name = '', value = ''] = parts
    if (indent === '' && value.trim() === '') {
      tools = processes.get(name) ?? new Map<string, string>()
      processes.set(name, tools)
    } else if (indent !== '' && value.trim() !== '') tools?.set(name, unquote(value.trim()))
  }
  return { processes }
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text
}
