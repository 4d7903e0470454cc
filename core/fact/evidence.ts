/** How something is known: written down by the engine, seen by us on disk, or concluded (then with a method). */
export const evidenceKinds = ['recorded', 'observed', 'inferred'] as const
export type Evidence = (typeof evidenceKinds)[number]
