import { z } from 'zod'

// redun/backends/db/__init__.py: only the columns that are used. Dangling references are possible: redun relaxes
// foreign keys while it inserts jobs and imports records, so everything that comes from a join may be null.
const Text = z.string()
/** A joined or optional column; one of the wrong type counts as absent. */
const Maybe = z.string().nullish().catch(undefined).transform((value) => value ?? undefined) // prettier-ignore
const Flag = z.union([z.number(), z.boolean(), z.bigint()]).transform(Boolean)
const Blob = z.instanceof(Uint8Array).nullish().transform((value) => value ?? undefined) // prettier-ignore

export const VersionRow = z.object({ version: z.number() })
export const MigrationRow = z.object({ version_num: Text })

export const ExecutionRow = z.object({
  id: Text,
  args: Maybe,
  job_id: Maybe,
  updated_time: Maybe,
  last_time: Maybe,
  root_start: Maybe,
  root_end: Maybe,
  root_type: Maybe,
})
export type ExecutionRow = z.infer<typeof ExecutionRow>

export const PageEndRow = z.object({
  at: z
    .number()
    .nullable()
    .transform((at) => at ?? undefined),
})

export const JobRow = z.object({
  id: Text,
  start_time: Maybe,
  end_time: Maybe,
  task_hash: Text,
  cached: Flag,
  call_hash: Maybe,
  parent_id: Maybe,
  task_name: Maybe,
  args_hash: Maybe,
  value_hash: Maybe,
  recorded: Maybe,
  result_type: Maybe,
})
export type JobRow = z.infer<typeof JobRow>

/** What a job can come to. */
export const StepOutcome = z.enum(['running', 'aborted', 'failed', 'cached', 'succeeded'])

/** Ids of jobs, as the private database has them. */
export const DoubtedRuns = z.array(Text)

/** A concluded call as the private database has it, its inputs as JSON. */
export const GuessRow = z.object({ method: z.enum(['only-open-call', 'start-order']), args_hash: Maybe, inputs: Text })
export const GuessedInputs = z.array(
  z.object({
    ref: z.object({ path: Text, hash: Text, kind: z.enum(['file', 'folder', 'set']), stamped: z.boolean() }),
    role: Text,
    upstream: z.array(Text).transform((hashes) => new Set(hashes)),
  }),
)

export const TaskRow = z.object({
  hash: Text,
  name: Text,
  namespace: Maybe,
  source: Maybe,
  pickle: Blob,
})
export type TaskRow = z.infer<typeof TaskRow>

export const ArgumentRow = z.object({
  arg_hash: Text,
  call_hash: Text,
  value_hash: Text,
  arg_position: z.number().nullish().transform((value) => value ?? undefined), // prettier-ignore
  arg_key: Maybe,
})
export type ArgumentRow = z.infer<typeof ArgumentRow>

export const SecretRow = z.object({ bytes: Blob })
export const EvaluationRow = z.object({ args_hash: Text, value_hash: Text })
export const KeyRow = z.object({ arg_key: Text })
export const ArgsRow = z.object({ args: Text })

export const UpstreamRow = z.object({ arg_hash: Text, result_call_hash: Text })
export type UpstreamRow = z.infer<typeof UpstreamRow>

export const ValueRow = z.object({
  value_hash: Text,
  type: Text,
  size: z.number().nullish().transform((value) => value ?? 0), // prettier-ignore
  bytes: Blob,
  path: Maybe,
  handle: Maybe,
})
export type ValueRow = z.infer<typeof ValueRow>

export const SubvalueRow = z.object({
  parent_value_hash: Text,
  value_hash: Text,
  type: Text,
  bytes: Blob,
  path: Maybe,
})
export type SubvalueRow = z.infer<typeof SubvalueRow>

export const TagRow = z.object({
  entity_id: Text,
  key: Text,
  value: Maybe,
  is_current: Flag,
})
export type TagRow = z.infer<typeof TagRow>

export const TagValue = z.json()
export type JsonValue = z.infer<typeof TagValue>

/** What a user may say about a redun source. */
export const RedunOptions = z.object({
  /** The folder in which redun ran: relative paths in the database start there. */
  cwd: z.string().optional(),
})
export type RedunOptions = z.infer<typeof RedunOptions>
