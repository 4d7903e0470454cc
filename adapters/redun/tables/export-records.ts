import { z } from 'zod'

// redun/backends/db/serializers.py: what `redun export` prints, one record a line. Every field beyond the id may lack
// in older versions.
const Text = z.string()
const Maybe = z.string().nullish().transform((value) => value ?? undefined) // prettier-ignore

export const ExportedExecution = z.object({ id: Text, args: Maybe, job_id: Maybe, updated_time: Maybe })

export const ExportedJob = z.object({
  id: Text,
  start_time: Maybe,
  end_time: Maybe,
  task_hash: Text,
  cached: z.boolean().catch(false),
  call_hash: Maybe,
  parent_id: Maybe,
  execution_id: Maybe,
})

export const ExportedCallNode = z.object({
  call_hash: Text,
  task_name: Maybe,
  task_hash: Text,
  args_hash: Maybe,
  value_hash: Maybe,
  timestamp: Maybe,
  args: z
    .record(z.string(), z.object({ arg_hash: Text, value_hash: Text, upstream: z.array(Text).catch([]) }))
    .catch({}),
})

export const ExportedValue = z.object({
  value_hash: Text,
  type: Text,
  format: Maybe,
  data: Maybe,
  subvalues: z.array(Text).catch([]),
  subtype: z
    .object({ _type: Text, path: Maybe, name: Maybe, namespace: Maybe, source: Maybe, fullname: Maybe, key: Maybe })
    .nullish()
    .catch(undefined),
})

export const ExportedTag = z.object({
  tag_hash: Text,
  entity_type: Maybe,
  entity_id: Text,
  key: Text,
  value: z.json().catch(null),
  parents: z.array(Text).catch([]),
})

/** Enough of a record to know what it is. */
export const ExportedRecord = z.looseObject({ _type: Text, _version: z.number().optional() })
