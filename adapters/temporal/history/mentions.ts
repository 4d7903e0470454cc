import type { Digest, Reference } from '../../../core/adapter.ts'

/** What an attempt read and wrote. */
export interface Edges {
  readonly consumed: readonly Reference[]
  readonly produced: readonly Reference[]
}

interface Mention {
  digest?: Digest
  used: boolean
  maker?: string
}

/** The files that an execution has named so far, in its arguments, messages and results. */
export class Mentions {
  readonly #known = new Map<string, Mention>()

  has(uri: string): boolean {
    return this.#known.has(uri)
  }

  /** The last digest that a reference gave for the file. */
  digestOf(uri: string): Digest | undefined {
    return this.#known.get(uri)?.digest
  }

  /** Read or written by an activity before. */
  wasUsed(uri: string): boolean {
    return this.#known.get(uri)?.used === true
  }

  /** The type of the activity that wrote it last. */
  makerOf(uri: string): string | undefined {
    return this.#known.get(uri)?.maker
  }

  note(references: readonly Reference[]): void {
    for (const { uri, digest } of references) this.#at(uri, digest)
  }

  noteEdges(edges: Edges, activityType: string): void {
    for (const { uri, digest } of edges.consumed) this.#at(uri, digest).used = true
    for (const { uri, digest } of edges.produced)
      Object.assign(this.#at(uri, digest), { used: true, maker: activityType })
  }

  #at(uri: string, digest: Digest | undefined): Mention {
    let mention = this.#known.get(uri)
    if (mention === undefined) {
      mention = { used: false }
      this.#known.set(uri, mention)
    }
    if (digest !== undefined) mention.digest = digest
    return mention
  }
}
