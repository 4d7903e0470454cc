import type { SqliteFile } from '../../../core/adapter.ts'

/**
 * What is worked out of the execution that is being read, in the private database beside the history: a single one can
 * have a million jobs. Tables that grow with it are filled in any order and sorted once.
 */
export const EXECUTION_TABLES = `
create table job (id text, parent_id text, start_text text, start_ms real, end_ms real, recorded_ms real, failed integer,
  cached integer, task_hash text, name text, call_hash text, args_hash text, value_hash text);
create table step (place integer primary key, id text, parent_id text, parent integer, start_ms real, end_ms real,
  outcome text, cached integer, task_hash text, name text, call_hash text, args_hash text, value_hash text, run integer,
  command integer);
create table result (hash text, place integer, at integer, path text, kind text, stamped integer, is_given integer);
create table emission (hash text, place integer, at integer, path text, kind text, stamped integer,
  primary key (hash, place, at)) without rowid;
create table read (hash text, start_ms real);
create table first_here (hash text primary key, start_ms real) without rowid;
create table output (hash text, at integer, place integer, run integer, version text, fresh integer, path text, kind text,
  stamped integer, primary key (hash, at)) without rowid;
create table doubt (hash text, path text, kind text, stamped integer, runs text);
create table guess (place integer primary key, method text, args_hash text, inputs text);`

const TABLES = ['job', 'step', 'result', 'emission', 'read', 'first_here', 'output', 'doubt', 'guess']

const INDEXES: Readonly<Record<string, string>> = {
  step_id: 'step (id)',
  step_parent: 'step (parent)',
  step_call: 'step (call_hash)',
  step_arguments: 'step (args_hash)',
  result_path: 'result (path)',
  output_place: 'output (place)',
}

/** Makes room for another execution. */
export function clearExecution(database: SqliteFile): void {
  database.script(TABLES.map((table) => `delete from ${table}`).join(';'))
}

/** Indexes are kept while executions are small; of many rows they are made anew, which sorts once instead of a million times. */
export function dropIndexes(database: SqliteFile): void {
  for (const name of Object.keys(INDEXES)) database.script(`drop index if exists ${name}`)
}

export function needIndex(database: SqliteFile, name: string): void {
  database.script(`create index if not exists ${name} on ${INDEXES[name] ?? ''}`)
}
