import { z } from 'zod'

// Without transforms, which take as long as all the rest of reading a record: null and absent are told apart nowhere.
/** A database stub and the oldest records write null where a list is meant. */
const Texts = z.array(z.string()).nullish()
const Text = z.string().nullish()
const Seconds = z.number().nullish()

/**
 * One record as Snakemake 4 to 9 writes it, only the fields used here (persistence.py, from 9.24 on
 * persistence/__init__.py: MetadataRecord). The names of `input` and `params` are lost and both are sorted.
 */
export const StoredRecord = z.object({
  rule: Text,
  input: Texts,
  log: Texts,
  params: Texts,
  shellcmd: Text,
  code: Text,
  record_format_version: z.number().nullish(),
  incomplete: z.union([z.boolean(), z.number()]).nullish(),
  conda_env: Text,
  singularity_img_url: Text,
  container_img_url: Text,
  software_stack_hash: Text,
  external_jobid: Text,
  starttime: Seconds,
  endtime: Seconds,
  input_checksums: z.record(z.string(), z.unknown()).nullish(),
})
export type StoredRecord = z.infer<typeof StoredRecord>

/** A row of `snakemake_metadata` (Snakemake 9.17 and newer): lists as JSON text, `job_hash` as text by our query. */
export const StoredRow = z.object({
  namespace: z.string(),
  target: z.string(),
  job_hash: Text,
  json: z.string(),
})

/** The marker of an output that a job has begun (`.snakemake/incomplete`). */
export const Marker = z.object({ external_jobid: Text })
