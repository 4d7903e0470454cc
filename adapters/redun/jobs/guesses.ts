import type { SqliteFile } from '../../../core/adapter.ts'
import type { Input } from './calls.ts'
import { inputsOf } from './calls.ts'
import { GuessRow, GuessedInputs } from '../tables/schema.ts'
import type { Step } from './step.ts'
import type { InferredCall } from './unfinished.ts'

/** What an unfinished job was probably given. */
export interface Guess {
  readonly inputs: readonly Input[]
  readonly method: InferredCall['method']
  readonly argsHash: string | undefined
}

/** Concluded calls of unfinished jobs. A killed execution can have many: they lie in the private database. */
export class Guesses {
  private readonly database: SqliteFile

  constructor(database: SqliteFile) {
    this.database = database
  }

  add(step: Step, { args, method, argsHash }: InferredCall): void {
    const inputs = inputsOf(step, { args, result: undefined })
    const text = JSON.stringify(inputs.map((input) => ({ ...input, upstream: [...input.upstream] })))
    this.database.run('insert into guess values (?, ?, ?, ?)', [step.place, method, argsHash ?? null, text])
  }

  find(step: Step): Guess | undefined {
    if (step.callHash !== undefined) return undefined
    const [row] = this.database.all('select method, args_hash, inputs from guess where place = ?', [step.place])
    if (row === undefined) return undefined
    const { method, args_hash, inputs } = GuessRow.parse(row)
    return { method, argsHash: args_hash, inputs: GuessedInputs.parse(JSON.parse(inputs)) }
  }
}
