/**
 * Snakemake 5 to 9: records, logs, live events and databases of a working directory.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import snakemake from 'stemma/snakemake'
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * await stemma.import(snakemake, '.')
 * for await (const run of stemma.eachRun({ outcome: 'failed' })) console.log(run.name, run.params)
 * await stemma.close()
 * ```
 *
 * @module
 */
import { z } from 'zod'
import { defineAdapter } from '../../core/adapter.ts'
import { detectSnakemake } from './detect.ts'
import { launch } from './live/launch.ts'
import { watch } from './live/watch.ts'
import { readSnakemake } from './read.ts'

const Own = z.strictObject({})

/** Reads what Snakemake leaves in a working directory. */
const snakemake = defineAdapter<z.infer<typeof Own>>({
  engine: 'snakemake',
  version: 3,
  options: Own,
  detect: detectSnakemake,
  read: readSnakemake,
  commands: [watch, launch],
})

export default snakemake
