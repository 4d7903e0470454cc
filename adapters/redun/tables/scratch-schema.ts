/** The part of redun's schema that is read, for sources whose rows are brought into a private database first. */
export const SCRATCH_SCHEMA = `
create table redun_version (id text primary key, version integer, timestamp text);
create table alembic_version (version_num text primary key);
create table execution (id text primary key, args text, job_id text, updated_time text);
create table job (id text primary key, start_time text, end_time text, task_hash text, cached integer, call_hash text,
  parent_id text, execution_id text);
create index job_execution on job (execution_id);
create index job_call on job (call_hash);
create table call_node (call_hash text primary key, task_name text, task_hash text, args_hash text, value_hash text,
  timestamp text);
create table argument (arg_hash text primary key, call_hash text, value_hash text, arg_position integer, arg_key text);
create index argument_call on argument (call_hash);
create table argument_result (arg_hash text, result_call_hash text, primary key (arg_hash, result_call_hash));
create table evaluation (eval_hash text primary key, task_hash text, args_hash text, value_hash text);
create table task (hash text primary key, name text, namespace text, source text);
create table value (value_hash text primary key, type text, format text, value blob);
create table subvalue (value_hash text, parent_value_hash text, primary key (parent_value_hash, value_hash));
create table file (value_hash text primary key, path text);
create table handle (hash text primary key, fullname text, value_hash text, key text, is_valid integer);
create table tag (tag_hash text primary key, entity_type text, entity_id text, key text, value text, is_current integer);
create index tag_entity on tag (entity_id);
create table tag_edit (parent_id text, child_id text, primary key (parent_id, child_id));
`
