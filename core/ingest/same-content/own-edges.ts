/** Rows of `copied` that were concluded from equal content say so: they are ours, to be taken back when more is known. */
export const SAME_CONTENT = 'same-content'

/** Of rows `c` of `copied`. */
export const IS_OURS = `c.resolved_method = '${SAME_CONTENT}'`
/** Somebody told of the copy. */
export const IS_STATED = `c.resolved_method IS DISTINCT FROM '${SAME_CONTENT}'`

/** Rows of `consumed` that lead to the same file under the name that it had before its folder was moved. */
export const SAME_FILE = 'same-file'
