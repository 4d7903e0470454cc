import { release } from 'node:os'
import { readdir } from 'node:fs/promises'
import { hidePassword, type DatabaseChoice } from '../config/database-url.ts'
import { systemErrorCode } from '../system-error.ts'
import { count } from './wording.ts'
import { openDatabase } from '../db/open-database.ts'
import { exitCodeOf, isStemmaError } from '../errors.ts'
import { checkDatabase } from '../query/check-database.ts'
import type { Check } from '../query/view.ts'
import { findDatabase, spoolFolder } from './open-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import { printJson } from './print-json.ts'
import { visible } from './text-width.ts'
import type { Call, CliContext } from './verb.ts'

/** `stemma doctor`: all is looked at, whatever is wrong on the way; the exit code is that of the first trouble. */
export async function runDoctor(call: Call, context: CliContext): Promise<number> {
  const { json } = parseOptions(SharedOptions, call)
  const { terminal, style } = context
  const checks: Check[] = [
    {
      name: 'stemma',
      ok: true,
      message: `${context.version} on Node ${process.versions.node}, ${process.platform} ${release()}`,
    },
  ]
  const exitCode = await checkProject(call, context, checks)
  for (const one of OPTIONAL) checks.push(checkPackage(one))
  if (json) await printJson({ ok: exitCode === 0, checks }, terminal)
  else {
    const width = Math.max(...checks.map(({ name }) => name.length))
    const lines = checks.map(
      ({ name, ok, message }) => `${ok ? style.good('✓') : style.bad('✗')} ${name.padEnd(width)}  ${visible(message)}`,
    )
    await terminal.write(`${lines.join('\n')}\n`)
  }
  return exitCode
}

async function checkProject(call: Call, context: CliContext, checks: Check[]): Promise<number> {
  try {
    const choice = await findDatabase(call, context)
    if (choice === undefined) {
      checks.push({
        name: 'project',
        ok: true,
        message: 'none here yet: `stemma init` or `stemma import <folder>` makes one',
      })
      return 0
    }
    const from = {
      option: '--database',
      environment: 'STEMMA_DATABASE',
      config: `${choice.project?.root ?? '.'}/.stemma/config.yaml`,
    }
    checks.push({ name: 'project', ok: true, message: `${hidePassword(choice.url)} (from ${from[choice.from]})` })
    const database = await openDatabase(choice.url)
    try {
      checks.push(await checkSpool(choice, context))
      const found = await checkDatabase(database)
      checks.push(...found)
      return found.every(({ ok }) => ok) ? 0 : DATABASE_TROUBLE
    } finally {
      await database.close()
    }
  } catch (error) {
    if (!isStemmaError(error)) throw error
    checks.push({ name: error.code.split('.')[0] ?? '', ok: false, message: `${error.message}. ${error.advice}` })
    return exitCodeOf(error)
  }
}

async function checkSpool(choice: DatabaseChoice, { terminal }: CliContext): Promise<Check> {
  const names = await readdir(spoolFolder(choice, terminal)).catch((cause: unknown) => {
    if (systemErrorCode(cause) === 'ENOENT') return []
    throw cause
  })
  const message =
    names.length === 0 ? 'nothing waits' : `${count(names.length, 'file')} of recorded runs wait to be taken in`
  return { name: 'recorded', ok: true, message }
}

/** The exit code of the database family. */
const DATABASE_TROUBLE = 5

/** Packages that only some users need, and what for. */
const OPTIONAL: readonly { readonly name: string; readonly use: string }[] = [
  { name: '@aws-sdk/client-s3', use: 's3:// sources' },
  { name: '@azure/storage-blob', use: 'az:// sources' },
  { name: '@temporalio/client', use: 'Temporal servers' },
]

function checkPackage({ name, use }: { readonly name: string; readonly use: string }): Check {
  try {
    import.meta.resolve(name)
    return { name, ok: true, message: `there: ${use}` }
  } catch {
    return { name, ok: true, message: `not installed: only needed for ${use} (npm install ${name})` }
  }
}
