/** One value below `params:` of a rule, as the Snakefile has it. */
export interface ParamSource {
  /** Absent for one without a name. */
  readonly name?: string
  readonly expression: string
}

const RULE = /^(\s*)(?:rule|checkpoint)\s+([A-Za-z_]\w*)\s*:/
const PARAMS = /^(\s*)params\s*:(.*)$/

/** What each rule of a Snakefile has below `params:`; a rule that stands there twice is left out. Nothing is run. */
export function parseRuleParams(snakefile: string): Map<string, readonly ParamSource[]> {
  const rules = new Map<string, readonly ParamSource[]>()
  const twice = new Set<string>()
  const lines = snakefile.split('\n')
  let rule: { readonly name: string; readonly depth: number } | undefined
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const head = RULE.exec(line)
    if (head !== null) {
      rule = { name: head[2] ?? '', depth: depthOf(line) }
      if (rules.has(rule.name)) twice.add(rule.name)
      rules.set(rule.name, [])
    } else if (rule !== undefined && line.trim() !== '' && depthOf(line) <= rule.depth) rule = undefined
    const params = rule === undefined ? null : PARAMS.exec(line)
    if (rule === undefined || params === null) continue
    const block = [params[2] ?? '']
    for (; at + 1 < lines.length && isBelow(lines[at + 1] ?? '', depthOf(line)); at++) block.push(lines[at + 1] ?? '')
    rules.set(rule.name, splitEntries(block.join('\n')))
  }
  for (const name of twice) rules.delete(name)
  return rules
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length
}

function isBelow(line: string, depth: number): boolean {
  return line.trim() === '' || depthOf(line) > depth
}

/** Strings, comments, brackets, or one character. */
const TOKEN = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*|[([{]|[)\]}]|,|[^]/g

function splitEntries(text: string): ParamSource[] {
  const entries: string[] = ['']
  let depth = 0
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('#')) continue
    if (/^[([{]$/.test(token)) depth++
    else if (/^[)\]}]$/.test(token)) depth--
    if (token === ',' && depth === 0) entries.push('')
    else entries.push((entries.pop() ?? '') + token)
  }
  return entries.flatMap((entry) => {
    const trimmed = entry.trim()
    if (trimmed === '') return []
    const [, name, expression = ''] = /^([A-Za-z_]\w*)\s*=(?!=)\s*([^]*)$/.exec(trimmed) ?? []
    return [name === undefined ? { expression: trimmed } : { name, expression }]
  })
}
