// Makes one schema a provider from the shared models, and Prisma's clients from them: npm run generate
import { spawnSync } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const here = import.meta.dirname
const root = join(here, '..')

/** What stands before the shared models. */
function headOf(provider: 'sqlite' | 'postgres'): string {
  const name = provider === 'sqlite' ? 'sqlite' : 'postgresql'
  return `// Made by npm run generate from models.prisma; not to be edited.
generator client {
  provider               = "prisma-client"
  output                 = "../../core/db/generated/${provider}"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  generatedFileExtension = "ts"
  importFileExtension    = "ts"
}

datasource db {
  provider = "${name}"
}

`
}

/** Writes `prisma/<provider>/schema.prisma` and returns its path. */
async function writeSchema(provider: 'sqlite' | 'postgres', models: string): Promise<string> {
  const path = join(here, provider, 'schema.prisma')
  await mkdir(join(here, provider), { recursive: true })
  await writeFile(path, headOf(provider) + models)
  return path
}

const models = await readFile(join(here, 'models.prisma'), 'utf8')
await rm(join(root, 'core/db/generated'), { recursive: true, force: true })
for (const provider of ['sqlite', 'postgres'] as const) {
  const schema = await writeSchema(provider, models)
  const done = spawnSync(
    process.execPath,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--schema', schema],
    {
      cwd: root,
      // Generating needs no engine, but the CLI would fetch one unless it is told of a file that is there.
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (done.status !== 0) throw new Error(`prisma generate failed for ${provider}: exit ${String(done.status)}`)
}
