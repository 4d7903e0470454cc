import type { Argument, Call } from '../jobs/calls.ts'
import { MASK } from '../values/pickle/python-text.ts'
import type { JsonValue } from '../tables/schema.ts'
import type { Secrets } from '../secrets/secrets.ts'
import { isSecretName } from '../secrets/secrets.ts'
import type { Tags } from '../jobs/tags.ts'

/** So that all labels of a run stay within what the index of words takes of it. */
const MOST_VALUES = 20

/** What `redun log --arg` and `--value-type` ask for: hashes of the arguments, types of these and of the result. */
export function valueLabels(call: Call | undefined): { argHashes?: string[]; argTypes?: string[]; valueType?: string } {
  const args = call?.args ?? []
  const argHashes = [...new Set(args.filter(isPlain).map((arg) => arg.valueHash))].slice(0, MOST_VALUES)
  const types = args.map(({ contents }) => contents.type).filter((type) => type !== '')
  const argTypes = [...new Set(types)].slice(0, MOST_VALUES)
  const valueType = call?.result?.type ?? ''
  return {
    ...(argHashes.length === 0 ? {} : { argHashes }),
    ...(argTypes.length === 0 ? {} : { argTypes }),
    ...(valueType === '' ? {} : { valueType }),
  }
}

/** A file is asked for by its own name or hash; of a secret not even a hash is kept. */
function isPlain({ name, valueHash, contents }: Argument): boolean {
  return !isSecretName(name) && !contents.files.some((ref) => ref.hash === valueHash)
}

/** Names of the handles among arguments and result. */
export function handleLabels(call: Call | undefined): { handles?: string[] } {
  const handles = [...(call?.args ?? []).map((arg) => arg.contents.handle), call?.result?.handle]
  const names = [...new Set(handles.filter((name) => name !== undefined))]
  return names.length === 0 ? {} : { handles: names }
}

export function tagLabels(tags: Tags | undefined, secrets: Secrets): { tags?: JsonValue; formerTags?: JsonValue } {
  if (tags === undefined) return {}
  const current: Record<string, JsonValue> = {}
  for (const [key, values] of tags.current) current[key] = values.length === 1 ? (values[0] ?? null) : [...values]
  const clean = (value: JsonValue, key: string): JsonValue => {
    if (isSecretName(key)) return MASK
    return typeof value === 'string' ? secrets.clean(value) : value
  }
  for (const [key, value] of Object.entries(current)) current[key] = clean(value, key)
  const former = tags.former.map(({ key, value }) => ({ key, value: clean(value, key) }))
  return {
    ...(tags.current.size === 0 ? {} : { tags: current }),
    ...(former.length === 0 ? {} : { formerTags: former }),
  }
}

export function valueTags(tags: Tags | undefined, secrets: Secrets): { valueTags?: JsonValue } {
  const { tags: found } = tagLabels(tags, secrets)
  return found === undefined ? {} : { valueTags: found }
}
