/** `--hash`: nothing, files up to 64 MiB, or everything. */
export const hashPolicies = ['none', 'small', 'all'] as const
export type HashPolicy = (typeof hashPolicies)[number]

/** The largest file that `small` hashes. */
export const SMALL_BYTES = 64 * 1024 * 1024
