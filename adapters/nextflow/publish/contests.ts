import { taskOfPath, type Places } from '../find/places.ts'
import { nameOf, type Candidate } from './output-book.ts'

/** Most candidates that are compared with the winners of a folder. */
const MOST_COMPARED = 100

/**
 * Tasks that publish equal names into one folder overwrite each other file by file, and the last one wins them all. So
 * where the bytes tell who won one name, that task also won the names whose bytes are equal for all of them.
 */
export class Contests {
  readonly #places: Places
  /** Folder of published files to the sources that lie there now. */
  readonly #winners = new Map<string, string[]>()

  constructor(places: Places) {
    this.#places = places
  }

  /** The file at `to` now holds the bytes of `from`. */
  won(from: string, to: string): void {
    const folder = folderOf(to)
    const known = this.#winners.get(folder)
    if (known === undefined) this.#winners.set(folder, [from])
    else if (known.length < MOST_COMPARED) known.push(from)
  }

  /** The candidate whose task won another name that all the others had too. */
  async winner(to: string, candidates: readonly Candidate[]): Promise<Candidate | undefined> {
    if (candidates.length > MOST_COMPARED) return undefined
    const won = new Set<Candidate>()
    for (const winner of this.#winners.get(folderOf(to)) ?? []) {
      const mine = candidates.filter((each) => isOfTask(each.path, winner))
      const [only] = mine
      if (only === undefined || mine.length !== 1) continue
      const others = candidates.filter((each) => each !== only)
      if (await this.#allHave(others, nameOf(winner))) won.add(only)
    }
    const [first] = won
    return won.size === 1 ? first : undefined
  }

  async #allHave(candidates: readonly Candidate[], name: string): Promise<boolean> {
    for (const { path } of candidates) {
      const task = taskOfPath(path)
      const folder = task === undefined ? undefined : path.slice(0, path.length - task.rest.length)
      if (folder === undefined || (await this.#places.find(folder + name)) === undefined) return false
    }
    return true
  }
}

function isOfTask(path: string, other: string): boolean {
  const task = taskOfPath(path)
  return task !== undefined && task.hash === taskOfPath(other)?.hash
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
