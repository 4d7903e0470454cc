// Part of `npm run build`: puts Prisma's runtime, with the one query compiler that is needed, into each built client.
// @prisma/client brings the compilers of five databases, twice: 72 MB that no user has to install.
import { build } from 'esbuild'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const generated = join(import.meta.dirname, '../dist/core/db/generated')

for (const provider of ['sqlite', 'postgres']) {
  const folder = join(generated, provider)
  const bundled = join(generated, `${provider}.js`)
  await build({
    entryPoints: [join(folder, 'client.js')],
    outfile: bundled,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await rm(folder, { recursive: true }) // everything that the client is made of is in the bundle
  await mkdir(folder)
  await rename(bundled, join(folder, 'client.js'))
}
