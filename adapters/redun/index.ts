/**
 * Reads what redun leaves behind: its database (SQLite or Postgres), or the lines of `redun export`.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import redun from 'stemma/redun'
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * await stemma.import(redun, '.', { own: { cwd: process.cwd() } })
 * for await (const task of stemma.eachTransform({ engine: 'redun' })) console.log(task.name, task.version)
 * await stemma.close()
 * ```
 *
 * @module
 */
import type { Adapter, ReadOptions, Source } from '../../core/adapter.ts'
import { FactStream, defineAdapter } from '../../core/adapter.ts'
import { detectRedun } from './detect.ts'
import { readSources } from './read.ts'
import type { RedunOptions as Options } from './tables/schema.ts'
import { RedunOptions } from './tables/schema.ts'

const redun: Adapter<Options> = defineAdapter<Options>({
  engine: 'redun',
  version: 5,
  options: RedunOptions,
  flags: [{ flags: '--cwd <folder>', summary: 'the folder in which redun ran: relative paths start there' }],
  detect: detectRedun,
  read: (sources: readonly Source[], options: ReadOptions<Options>): FactStream =>
    new FactStream(readSources(sources, options)),
})

export default redun
