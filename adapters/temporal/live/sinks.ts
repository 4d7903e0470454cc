/** What the workflow interceptors send out of the sandbox. The SDK adds the workflow's info by itself. */
export interface WorkflowClosed {
  readonly how: 'completed' | 'continuedAsNew' | 'failed' | 'canceled'
  readonly type?: string
  readonly message?: string
  /** Members of the workflow's arguments whose names may be those of secrets: the message may repeat them. */
  readonly suspects?: readonly Readonly<Record<string, string>>[]
}

/** A type alias: the SDK asks for an index signature, which interfaces lack. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- see above
export type StemmaSinks = {
  readonly stemma: {
    started(): void
    closed(closed: WorkflowClosed): void
  }
}

/** Stands in the bundle of workflow code when it was made with the plugin. */
export const BUNDLE_MARK = 'stemma-workflow-interceptors-1'
