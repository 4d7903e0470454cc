/** A table as the bulk writer sees it. Rows are arrays in the order of `columns`; the first `keys` columns are the key. */
export interface Table {
  readonly name: TableName
  readonly columns: readonly string[]
  readonly keys: number
}

export type TableName =
  | 'transform' | 'run' | 'artifact' | 'digest' | 'consumed' | 'produced' | 'copied' | 'ambiguous'
  | 'versioned_place' | 'run_statement' | 'import' | 'import_run' | 'reading' | 'gap' | 'root' // prettier-ignore

function table(name: TableName, keys: string, rest: string): Table {
  const key = keys.split(' ')
  return { name, columns: [...key, ...rest.split(' ')], keys: key.length }
}

/** Column lists of every table; a test holds them against the migrations. */
export const tables = {
  transform: table('transform', 'uid', 'name type engine version source_digest source_path source'),
  run: table(
    'run',
    'uid',
    'transform_uid parent_uid engine engine_version key name outcome attempt exit_code started_at ended_at reuses_uid ' +
      'params command container environment host requested used work_dir error labels evidence',
  ),
  run_statement: table('run_statement', 'run_uid evidence', 'columns'),
  artifact: table('artifact', 'uid', 'uri name extension type size_bytes modified_at'),
  digest: table('digest', 'artifact_uid algorithm scope value', 'evidence'),
  consumed: table('consumed', 'run_uid stated_uid role', 'artifact_uid evidence method resolved_method'),
  produced: table('produced', 'run_uid artifact_uid role', 'evidence method'),
  copied: table('copied', 'stated_uid to_uid method', 'from_uid evidence copied_at resolved_method'),
  versioned_place: table('versioned_place', 'stem', 'again'),
  ambiguous: table('ambiguous', 'uid', 'subject_uid relation candidates why'),
  import: table('import', 'uid', 'adapter adapter_version engine_version started_at ended_at counts'),
  import_run: { name: 'import_run', columns: ['import_uid', 'run_uid'], keys: 2 },
  reading: table('reading', 'uid', 'adapter place import_uid adapter_version fingerprint read_at'),
  gap: table('gap', 'uid', 'import_uid code place message'),
  root: table('root', 'uid', 'import_uid was now'),
} as const satisfies Record<TableName, Table>

/** The place of a column in a table's rows. */
export function columnAt(of: Table, column: string): number {
  const at = of.columns.indexOf(column)
  if (at < 0) throw new TypeError(`no column ${column} in ${of.name}`)
  return at
}
