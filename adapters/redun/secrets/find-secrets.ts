import { readPickle } from '../values/pickle/read-pickle.ts'
import type { RowReader } from '../tables/rows.ts'
import { ArgsRow, KeyRow, SecretRow, TaskRow } from '../tables/schema.ts'
import { Secrets, cleanArguments, isSecretName } from './secrets.ts'
import { parseSignature } from '../jobs/signature.ts'
import { parseArgs } from '../jobs/executions.ts'

const BY_KEY = `select distinct v.value bytes from argument a join value v on v.value_hash = a.value_hash
  where a.arg_key = ? and length(v.value) between 1 and 65536`
const BY_POSITION = `select distinct v.value bytes from call_node c cross join argument a on a.call_hash = c.call_hash
  cross join value v on v.value_hash = a.value_hash
  where c.task_hash = ? and a.arg_position = ? and length(v.value) between 1 and 65536`

/** Collects the credentials that were given as arguments, before the first fact is made. */
export function findSecrets(rows: RowReader): Secrets {
  const secrets = new Secrets()
  const learn = (bytes: Uint8Array | undefined): void => {
    const read = bytes === undefined ? undefined : readPickle(bytes)
    if (read?.ok === true) secrets.learn(read.value)
  }
  for (const key of keywords(rows)) {
    for (const row of rows.read(SecretRow, 'argument', BY_KEY, [key])) learn(row.bytes)
  }
  for (const [hash, position] of positions(rows)) {
    for (const row of rows.read(SecretRow, 'argument', BY_POSITION, [hash, position])) learn(row.bytes)
  }
  for (const row of rows.read(ArgsRow, 'execution', 'select distinct args from execution where args is not null')) {
    cleanArguments(parseArgs(row.args), (secret) => {
      secrets.learn(secret)
    })
  }
  return secrets
}

function keywords(rows: RowReader): readonly string[] {
  return rows
    .read(KeyRow, 'argument', 'select distinct arg_key from argument where arg_key is not null')
    .map((row) => row.arg_key)
    .filter(isSecretName)
}

/** Tasks with a telling parameter name, and its position. */
function* positions(rows: RowReader): Iterable<readonly [hash: string, position: number]> {
  for (const task of rows.read(TaskRow, 'task', 'select hash, name, namespace, source, null as pickle from task')) {
    for (const [position, name] of parseSignature(task.source ?? '').positional.entries()) {
      if (isSecretName(name)) yield [task.hash, position]
    }
  }
}
