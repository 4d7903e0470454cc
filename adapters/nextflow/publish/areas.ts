import { normalizePath } from '../../../core/adapter.ts'

/** Parameters by which pipelines name the folder of their results. */
const OUTPUT_PARAMETER = /^(out|output|results?|publish)[_-]?(dir|path|folder)?$|^(publish|save)_?dir$/i

/** Folders that each pipeline run publishes to, as far as it is known. */
export class Areas {
  readonly #folders = new Map<number, Set<string>>()
  readonly #files = new Map<number, Set<string>>()
  readonly #learned = new Set<string>()
  readonly #launchDirs = new Set<string>()

  add(order: number, folder: string): void {
    const known = this.#folders.get(order) ?? new Set<string>()
    this.#folders.set(order, known.add(normalizePath(folder)))
  }

  /** A file that the log names as published by the run. */
  addFile(order: number, file: string): void {
    const known = this.#files.get(order) ?? new Set<string>()
    this.#files.set(order, known.add(normalizePath(file)))
  }

  addLaunchDir(folder: string): void {
    this.#launchDirs.add(normalizePath(folder))
  }

  /** A file that is certainly published shows where runs publish to: its folder, or all of that folder's top one. */
  learn(path: string): void {
    for (const launchDir of this.#launchDirs) {
      if (!path.startsWith(`${launchDir}/`)) continue
      const end = path.indexOf('/', launchDir.length + 1)
      if (end > 0) this.#learned.add(path.slice(0, end)) // not the launch folder itself
      return
    }
    const folder = path.slice(0, path.lastIndexOf('/'))
    if (folder !== '') this.#learned.add(folder)
  }

  /** Other files that lie with this one are certainly published. */
  isAmongPublished(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (this.#learned.has(path.slice(0, end))) return true
    }
    return false
  }

  /** Reads the parameters of a run; relative folders count from the launch folder. */
  addParameters(order: number, params: Readonly<Record<string, unknown>>, launchDir: string | undefined): void {
    for (const [name, value] of Object.entries(params)) {
      if (typeof value !== 'string' || value === '' || !OUTPUT_PARAMETER.test(name)) continue
      if (value.startsWith('/')) this.add(order, value)
      else if (launchDir !== undefined && !/^[a-z][a-z0-9+.-]+:/.test(value)) this.add(order, `${launchDir}/${value}`)
    }
  }

  isKnown(order: number): boolean {
    return this.#folders.has(order)
  }

  /** The path lies where any of the runs publishes to. */
  publishesAny(path: string): boolean {
    return [...this.#folders.keys(), ...this.#files.keys()].some((order) => this.publishes(order, path))
  }

  /** The path lies in a folder that the run publishes to. */
  publishes(order: number, path: string): boolean {
    if (this.#files.get(order)?.has(path) === true) return true
    for (const folder of this.#folders.get(order) ?? []) if (path.startsWith(`${folder}/`)) return true
    return false
  }
}
