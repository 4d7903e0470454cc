import { parse } from 'yaml'
import type { FileSource } from '../../../core/adapter.ts'
import { join } from '../find-stores.ts'
import type { Execution } from '../log/execution.ts'
import type { ParamSource } from '../store/rule-params.ts'
import { parseRuleParams } from '../store/rule-params.ts'
import type { Job } from '../workdir.ts'
import { configOf } from './command-line.ts'
import { inferConfig } from './inferred-config.ts'

/** Where Snakemake looks for the Snakefile that nobody named. */
const SNAKEFILES = ['Snakefile', 'snakefile', 'workflow/Snakefile', 'workflow/snakefile']
const MOST_BYTES = 1_000_000
/** Jobs looked at: those of one rule tell the same. */
const MOST_JOBS = 10_000

/** What an execution was given by `--config`, and which of it only its jobs tell. */
export interface ExecutionConfig {
  readonly params: Readonly<Record<string, string>>
  /** Names of those that were inferred, by the rule that tells them. */
  readonly inferred: Readonly<Record<string, string>>
}

/** Reads the configuration given on the command line: as it was logged, else as the records of the jobs tell it. */
export async function executionConfig(
  execution: Execution,
  jobs: Iterable<Job>,
  source: FileSource,
  folder: string,
): Promise<ExecutionConfig> {
  const { extendedConfig, head } = execution
  if (extendedConfig === undefined || head.command !== undefined) {
    return { params: configOf(head.command), inferred: {} }
  }
  const rules = await readRules(source, folder)
  const told = new Map<string, { value: string; rule: string } | 'disputed'>()
  let seen = 0
  for (const { rule, recorded } of rules.size === 0 ? [] : jobs) {
    if (++seen > MOST_JOBS) break
    const found = inferConfig(rules.get(rule) ?? [], recorded?.details.params ?? [])
    if (found === undefined) continue
    const known = told.get(found.name)
    if (known === undefined) told.set(found.name, { value: found.value, rule })
    else if (known !== 'disputed' && known.value !== found.value) told.set(found.name, 'disputed')
  }
  const written = await readConfigFile(source, folder, extendedConfig)
  const given = [...told].flatMap(([name, found]) =>
    found === 'disputed' || String(written[name]) === found.value ? [] : [{ name, ...found }],
  )
  return {
    params: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    inferred: Object.fromEntries(given.map(({ name, rule }) => [name, rule])),
  }
}

async function readRules(source: FileSource, folder: string): Promise<Map<string, readonly ParamSource[]>> {
  for (const name of SNAKEFILES) {
    const text = await quietly(source.readText(join(folder, name), MOST_BYTES))
    if (text !== undefined) return parseRuleParams(text)
  }
  return new Map()
}

/** What the file says was not given on the command line, or makes no difference. */
async function readConfigFile(source: FileSource, folder: string, name: string): Promise<Record<string, unknown>> {
  const text = name.startsWith('/') ? undefined : await quietly(source.readText(join(folder, name), MOST_BYTES))
  try {
    const values: unknown = text === undefined ? undefined : parse(text, { maxAliasCount: 100 })
    return typeof values === 'object' && values !== null ? { ...values } : {}
  } catch {
    return {} // no YAML: then it tells nothing
  }
}

/** A file that may not be read, or is too large, tells nothing. */
function quietly(text: Promise<string | undefined>): Promise<string | undefined> {
  return text.catch(() => undefined)
}
