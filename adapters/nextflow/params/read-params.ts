import { parse } from 'yaml'
import type { FileSource } from '../../../core/adapter.ts'
import { findLiteralParams, type LiteralParams } from './literal-params.ts'
import { scriptId } from './murmur3.ts'

const MOST_BYTES = 16 << 20
const MOST_INCLUDES = 64

/** Parameters of a script, and whether it is the text that ran. */
export interface ScriptParams extends LiteralParams {
  /** `true`: the script id that the engine wrote down is that of this text. `undefined`: no id to compare with. */
  readonly isProven: boolean | undefined
}

/** A `-params-file` or nf-core's `params_*.json`: one JSON or YAML mapping. `undefined`: not there, or something else. */
export async function readParamsFile(source: FileSource, path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readSmall(source, path)
  const value = text === undefined ? undefined : parseLoosely(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

/**
 * Parameters that a configuration sets to plain values, at its top, in the files that it includes and in the profiles
 * that were used.
 */
export async function readConfigParams(
  source: FileSource,
  path: string,
  profiles: readonly string[],
): Promise<LiteralParams | undefined> {
  const text = await readSmall(source, path)
  if (text === undefined) return undefined
  const texts = new Map<string, string>()
  await readIncludes(source, folderOf(path), text, texts)
  let included = 0 // a file may include itself, and more than once
  return findLiteralParams(text, {
    profiles,
    include: (name) => (++included > MOST_INCLUDES ? undefined : texts.get(name)),
  })
}

/** The texts of included files by the name in the text: relative to the folder of the main configuration. */
async function readIncludes(
  source: FileSource,
  folder: string,
  text: string,
  texts: Map<string, string>,
): Promise<void> {
  for (const [, name = ''] of text.matchAll(/\bincludeConfig\s{1,8}['"]([^'"$\n]{1,1024})['"]/g)) {
    if (texts.size >= MOST_INCLUDES || texts.has(name) || name.startsWith('/') || name.includes('://')) continue
    const included = await readSmall(source, folder === '' ? name : `${folder}/${name}`)
    if (included === undefined) continue
    texts.set(name, included)
    await readIncludes(source, folder, included, texts)
  }
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

/** Defaults that a script sets to plain values. `expectedId`: the 32 hex digits of history, report or lineage, or the first ten. */
export async function readScriptParams(
  source: FileSource,
  path: string,
  expectedId: string | undefined,
): Promise<ScriptParams | undefined> {
  const text = await readSmall(source, path)
  if (text === undefined) return undefined
  const isProven = expectedId === undefined ? undefined : scriptId(text).startsWith(expectedId)
  return { ...findLiteralParams(text), isProven }
}

async function readSmall(source: FileSource, path: string): Promise<string | undefined> {
  const found = await source.stat(path)
  if (found?.type !== 'file' || found.sizeBytes > MOST_BYTES) return undefined
  return source.readText(path, MOST_BYTES)
}

function parseLoosely(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text, { uniqueKeys: false, logLevel: 'silent' })
  } catch {
    return undefined // neither JSON nor YAML: the caller says that the file could not be read
  }
}
