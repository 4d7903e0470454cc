/**
 * Reads what redun leaves behind: its database (SQLite or Postgres), or the lines of `redun export`.
 *
 * ```ts
 * import redun from 'stemma/redun'
 * for await (const fact of redun.read([source], { own: {} })) …
 * ```
 *
 * @module
 */
import type { Adapter, ReadOptions, Source } from '../../core/adapter.ts'
import { FactStream, defineAdapter } from '../../core/adapter.ts'
import { detectRedun } from './detect.ts'
import { readSources } from './read.ts'
import type { RedunOptions as Options } from './schema.ts'
import { RedunOptions } from './schema.ts'

const redun: Adapter<Options> = defineAdapter<Options>({
  engine: 'redun',
  version: 3,
  options: RedunOptions,
  flags: [{ flags: '--cwd <folder>', summary: 'the folder in which redun ran: relative paths start there' }],
  detect: detectRedun,
  read: (sources: readonly Source[], options: ReadOptions<Options>): FactStream =>
    new FactStream(readSources(sources, options)),
})

export default redun
