import { isStemmaError } from '../../../core/adapter.ts'
import type { FileSource, GapFact } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'
import { gap } from '../gaps.ts'
import { isCut, readDatabaseStore } from './read-database.ts'
import type { RecordSpill } from './record-spill.ts'
import { StoreContent } from './store-content.ts'

export interface NamespaceContent {
  /** Absolute path of the `.snakemake` folder as it was. */
  readonly namespace: string
  readonly content: StoreContent
  readonly source: FileSource
  readonly isAsked: boolean
  /** The `.snakemake` folder that the database itself lies in. */
  readonly store?: string
}

/** Databases of records, one of which can serve many working directories. */
export class SharedDatabases {
  readonly gaps: GapFact[] = []
  readonly #spill: RecordSpill
  readonly #found: NamespaceContent[] = []
  readonly #claimed = new Set<NamespaceContent>()
  /** Databases that were read: several folders may name one. */
  readonly #read = new Set<string>()

  constructor(spill: RecordSpill) {
    this.#spill = spill
  }

  /**
   * @param store the `.snakemake` folder that it lies in, when it is the database of one folder
   * @param isAsked the user named it or the folder around it; else only what belongs to a folder asked for is told
   */
  async add(source: FileSource, path: string, { store, isAsked }: { store?: string; isAsked: boolean }): Promise<void> {
    const place = source.localPath(path) ?? `${source.uri}/${path}`
    if (this.#read.has(place)) return
    this.#read.add(place)
    const byNamespace = new Map<string, StoreContent>()
    try {
      if (await isCut(source, path)) this.gaps.push(gap('damaged-database', path, 'cut: its end is not there'))
      for await (const { namespace, item } of readDatabaseStore(source, path)) {
        const content = byNamespace.get(namespace) ?? new StoreContent(this.#spill)
        byNamespace.set(namespace, content)
        content.add(item)
      }
    } catch (error) {
      if (!isStemmaError(error) || error.code === 'database.full') throw error // ours is full, theirs is whole
      this.gaps.push(gap('damaged-database', path, error.message))
    }
    for (const [namespace, content] of byNamespace) {
      this.#found.push({ namespace, content, source, isAsked, ...(store === undefined ? {} : { store }) })
    }
  }

  /**
   * What belongs to the folder: its own database (one namespace, or the one that its logs name), and of a shared
   * database the namespace that its logs name, or the one whose path ends as the folder's does today.
   */
  async claim(source: FileSource, store: string, executions: readonly Execution[]): Promise<NamespaceContent[]> {
    const free = this.#found.filter((found) => !this.#claimed.has(found))
    const own = free.filter((found) => found.source === source && found.store === store)
    const named = new Set(executions.map(({ logFolder, head }) => `${logFolder ?? head.workDir ?? ''}/.snakemake`))
    const byName = free.filter(({ namespace }) => named.has(namespace))
    const chosen = own.length === 1 ? own : byName.length > 0 ? byName : byEnding(own.length > 0 ? own : free, store)
    for (const found of chosen) this.#claimed.add(found)
    return Promise.resolve(chosen)
  }

  unclaimed(): NamespaceContent[] {
    return this.#found.filter((found) => found.isAsked && !this.#claimed.has(found))
  }
}

/** The only namespace that ends as the folder does. */
function byEnding(found: readonly NamespaceContent[], store: string): NamespaceContent[] {
  const same = found.filter(({ namespace }) => namespace.endsWith(`/${store}`))
  return same.length === 1 ? same : []
}
