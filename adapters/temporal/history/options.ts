import { z } from 'zod'

/** What `stemma import temporal` may be told. */
export const TemporalOptions = z.object({
  /** A history names no namespace; absent: what the history gives away, else `default`. */
  namespace: z.string().min(1).max(1000).optional(),
  /** For histories of servers before 2023, whose first event has no workflow id. */
  workflowId: z.string().min(1).max(1000).optional(),
  /** Keep the values of arguments, results and memos (redacted), not only their digests. */
  values: z.coerce.boolean().default(false),
  /** Import from a server: `host:port`. */
  address: z.string().min(1).optional(),
  /** A list filter of the server's visibility store: `WorkflowType = "align" AND CloseTime > "2026-01-01T00:00:00Z"`. */
  query: z.string().max(10_000).optional(),
  apiKey: z.string().min(1).optional(),
  tls: z.coerce.boolean().default(false),
})
export type TemporalOptions = z.infer<typeof TemporalOptions>
