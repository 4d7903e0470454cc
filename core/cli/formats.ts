/** What `lineage --format` takes. */
export const lineageFormats = ['text', 'json', 'dot', 'mermaid'] as const
/** What `export --format` takes. */
export const exportFormats = ['ndjson', 'json', 'dot', 'mermaid'] as const
