/** A task's record in the lineage store, and what it says came in and out. */
export interface LineageTask {
  readonly fullHash: string
  readonly name?: string
  readonly script?: string
  readonly container?: string
  readonly codeChecksum?: string
  readonly inputs: readonly LineageFile[]
  readonly outputs: readonly LineageFile[]
  /** A declared output was not there: the task failed. */
  readonly hasNullOutput: boolean
}

/** A file as a record names it: an absolute path or uri, and the parameter it belongs to. */
export interface LineageFile {
  readonly path: string
  readonly name?: string
}
