import { z } from 'zod'

const Texts = z.array(z.string())
const Id = z.union([z.string(), z.number()]).transform(String)
const Values = z.record(z.string(), z.unknown())

/** A line of the spool that the plugin and the log handler write: `plugin/src/…/spool.py`. Only the fields used. */
export const SpoolLine = z.object({
  v: z.literal(1),
  seq: z.number(),
  ts: z.number(),
  run: z.string(),
  event: z.string(),
})

export const Opened = z.object({
  log: z.string().nullish(),
  pid: z.number().optional(),
  host: z.string().optional(),
  cwd: z.string().optional(),
  argv: z.array(z.string()).optional(),
})
export const WorkflowStarted = z.object({
  workflow_id: Id.nullish(),
  snakemake_version: z.string().nullish(),
  host: z.string().nullish(),
  user: z.string().nullish(),
  cmd: z.string().nullish(),
  cwd: z.string().nullish(),
  snakefile_main: z.string().nullish(),
  configfiles: z.unknown().optional(),
})
export const JobInfo = z.object({
  jobid: Id,
  rule_name: z.string().nullish(),
  rule_msg: z.string().nullish(),
  local: z.boolean().nullish(),
  input: Texts.nullish(),
  output: Texts.nullish(),
  log: Texts.nullish(),
  benchmark: z.string().nullish(),
  wildcards: z.union([Values, z.array(z.unknown())]).nullish(),
  reason: z.unknown().optional(),
  resources: z.union([Values, z.array(z.unknown())]).nullish(),
  threads: z.number().nullish(),
  is_checkpoint: z.boolean().nullish(),
  indent: z.unknown().optional(),
  shellcmd: z.string().nullish(),
})
export const JobSlots = z.object({
  jobid: Id,
  inputs: z.record(z.string(), Texts).optional(),
  outputs: z.record(z.string(), Texts).optional(),
  params: z.record(z.string(), z.json()).optional(),
  unnamed_params: z.array(z.json()).optional(),
})
export const JobFinished = z.object({ job_id: Id })
export const JobError = z.object({
  jobid: Id,
  rule_name: z.string().nullish(),
  input: Texts.nullish(),
  output: Texts.nullish(),
  shellcmd: z.string().nullish(),
  aux: Values.nullish(),
})
export const GroupInfo = z.object({ group_id: Id.nullish(), groupid: Id.nullish() })
export const ShellCommand = z.object({ shellcmd: z.string().nullish(), cmd: z.string().nullish() })
export const Text = z.object({ text: z.string() })
