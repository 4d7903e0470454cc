/** How one of redun's tables is brought over: columns with the expression that gives them in SQLite's form. */
export interface TableCopy {
  readonly table: string
  readonly columns: readonly (readonly [name: string, expression: string])[]
  /** Rows a round trip; values can be large. */
  readonly batch: number
}

const LARGEST_VALUE = 1024 * 1024
const MANY = 5000
const FEW = 100

function time(column: string): readonly [string, string] {
  return [column, `to_char(${quoted(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`]
}

function plain(...columns: readonly string[]): (readonly [string, string])[] {
  return columns.map((column) => [column, quoted(column)])
}

function quoted(column: string): string {
  return `"${column}"`
}

/** @param heartbeat whether `execution.updated_time` is there: from schema 3.5 on */
export function postgresTables(heartbeat: boolean): readonly TableCopy[] {
  const copy = (table: string, columns: TableCopy['columns'], batch = MANY): TableCopy => ({ table, columns, batch })
  return [
    copy('redun_version', [...plain('id', 'version'), time('timestamp')]),
    copy('alembic_version', plain('version_num')),
    copy('execution', [...plain('id', 'args', 'job_id'), ...(heartbeat ? [time('updated_time')] : [])]),
    copy('job', [
      ...plain('id', 'task_hash', 'call_hash', 'parent_id', 'execution_id'),
      time('start_time'),
      time('end_time'),
      ['cached', 'cached::int'],
    ]),
    copy('call_node', [...plain('call_hash', 'task_name', 'task_hash', 'args_hash', 'value_hash'), time('timestamp')]),
    copy('argument', plain('arg_hash', 'call_hash', 'value_hash', 'arg_position', 'arg_key')),
    copy('argument_result', plain('arg_hash', 'result_call_hash')),
    copy('evaluation', plain('eval_hash', 'task_hash', 'args_hash', 'value_hash')),
    copy('task', plain('hash', 'name', 'namespace', 'source'), FEW),
    copy('value', [...plain('value_hash', 'type', 'format'), ['value', valueExpression()]], FEW),
    copy('subvalue', plain('value_hash', 'parent_value_hash')),
    copy('file', plain('value_hash', 'path')),
    copy('handle', [...plain('hash', 'fullname', 'value_hash', 'key'), ['is_valid', 'is_valid::int']]),
    copy('tag', [
      ...plain('tag_hash', 'entity_id', 'key'),
      ['entity_type', 'entity_type::text'],
      ['value', 'value::text'],
      ['is_current', 'is_current::int'],
    ]),
    copy('tag_edit', plain('parent_id', 'child_id')),
  ]
}

function valueExpression(): string {
  return `CASE WHEN length(value) <= ${String(LARGEST_VALUE)} THEN value END`
}
