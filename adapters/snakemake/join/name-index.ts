import type { SqliteFile } from '../../../core/adapter.ts'
import { joins, stripAnnotations } from '../log/names.ts'
import type { NameKnowledge } from '../log/names.ts'
import type { Names } from '../log/execution.ts'
import { SpillMap } from '../spill/spill-map.ts'
import type { Workdir } from '../workdir.ts'

/** Looks on disk for names that nothing else knows, at most. */
const MOST_LOOKS = 20_000

/** Names of a working directory that are known whole, and how its names begin. */
export class NameIndex implements NameKnowledge {
  readonly #known: SpillMap
  /** First folders of names that are known to be the beginning of one. */
  readonly #beginnings = new Set<string>()

  constructor(workdir: Workdir, scratch: SqliteFile) {
    this.#known = new SpillMap(scratch, 'known_name')
    const lists = workdir.executions.flatMap(({ jobs }) => jobs.flatMap(({ inputs, outputs }) => [inputs, outputs]))
    if (!lists.some((names) => 'text' in names && names.text.includes(', '))) return // nothing to tell apart
    for (const { outline, inputs } of workdir.recorded.all()) {
      for (const name of outline.outputs) this.#add(name)
      for (const name of inputs) this.#add(name)
    }
    for (const { target } of workdir.incomplete) this.#add(target)
    for (const { temporary } of workdir.executions) for (const file of temporary) this.#add(file)
    for (const names of lists) this.#addList(names)
  }

  isKnown(name: string): boolean {
    return this.#known.has(name)
  }

  isNatural(part: string): boolean {
    return part.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(part) || this.#beginnings.has(beginning(part))
  }

  /** Looks on disk for what lists of unknown names could mean. */
  async lookUp(lists: Iterable<Names>, exists: (name: string) => Promise<boolean>): Promise<void> {
    let looks = 0
    const asked = new Set<string>()
    for (const list of lists) {
      const parts = 'text' in list ? list.text.split(', ') : []
      if (parts.length < 2 || parts.every((part) => this.isKnown(stripAnnotations(part).name))) continue
      for (const at of parts.keys()) {
        for (const { name: text } of joins(parts, at)) {
          const { name } = stripAnnotations(text)
          if (asked.has(name) || looks++ > MOST_LOOKS) continue
          asked.add(name)
          if (await exists(name)) this.#add(name)
        }
      }
    }
  }

  #add(name: string): void {
    this.#known.set(name, '')
    const first = beginning(name)
    if (first !== '') this.#beginnings.add(first)
  }

  #addList(names: Names): void {
    if ('names' in names) for (const name of names.names) this.#add(stripAnnotations(name).name)
    else if (!names.text.includes(', ')) this.#add(stripAnnotations(names.text).name)
    else {
      const first = beginning(names.text.slice(0, names.text.indexOf(', ')))
      if (first !== '') this.#beginnings.add(first)
    }
  }
}

/** The first folder of a relative name; none for a file beside the Snakefile. */
function beginning(name: string): string {
  const slash = name.indexOf('/')
  return slash <= 0 ? '' : name.slice(0, slash + 1)
}
