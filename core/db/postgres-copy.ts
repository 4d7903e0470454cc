import type pg from 'pg'
import { quoted } from './column-list.ts'
import { toDatabaseError } from './failure.ts'
import type { SqlValue } from './sql.ts'
import type { Row } from './writer.ts'

/** Rows for one table. */
export interface CopyPart {
  /** The table, quoted. */
  readonly into: string
  readonly columns: readonly string[]
  readonly rows: Iterable<Row>
}

/** Statements without results around the copies. */
export interface CopyAround {
  readonly before?: string
  readonly after?: string
}

const COPY_DATA = 'd'.charCodeAt(0)
const COPY_DONE = Buffer.from([...Buffer.from('c'), 0, 0, 0, 4])
/** With an empty reason. */
const COPY_FAIL = Buffer.from([...Buffer.from('f'), 0, 0, 0, 5, 0])
/** Kind and length, before the text. */
const HEADER_BYTES = 5
const CHUNK_CHARACTERS = 1 << 16

/**
 * Copies rows into several tables, one after the other, in one round trip: the statements are one query, and the rows
 * follow it before the server has asked for them. What reaches a server that has stopped copying is dropped by it
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY). Errors are those of the server.
 */
export async function copyRows(
  client: pg.ClientBase,
  shown: string,
  parts: readonly CopyPart[],
  around: CopyAround = {},
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => client.query(new CopyQuery(parts, around, resolve, reject)))
  } catch (error) {
    throw toDatabaseError(error, shown)
  }
}

/** What the driver calls a submittable: it is sent when its turn comes, and hears what the server answers. */
class CopyQuery implements pg.Submittable {
  readonly #parts: readonly CopyPart[]
  readonly #text: string
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  /** Where the address sets a `query_timeout` the driver puts its own function here, which stops the clock. */
  callback: () => void = () => undefined

  constructor(
    parts: readonly CopyPart[],
    { before = '', after = '' }: CopyAround,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    const copies = parts.map(({ into, columns }) => `COPY ${into} (${quoted(columns)}) FROM STDIN`)
    this.#text = [before, ...copies, after].filter((one) => one !== '').join('; ')
    this.#parts = parts
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
    try {
      for (const { rows } of this.#parts) {
        // The server works on the first of them while the next are made into text.
        for (const chunk of copyChunks(rows)) connection.stream.write(copyData(chunk))
        connection.stream.write(COPY_DONE)
      }
    } catch (error) {
      this.#reject(error) // of rows that are made on the way
      connection.stream.write(COPY_FAIL) // or the server would wait for them
    }
  }

  handleReadyForQuery(): void {
    this.callback()
    this.#resolve()
  }

  handleError(error: unknown): void {
    this.callback()
    this.#reject(error)
  }

  /** Called once a statement; nothing is to be said. */
  handleCommandComplete(): void {
    return
  }

  /** The rows are on their way already. */
  handleCopyInResponse(): void {
    return
  }
}

/** Rows in COPY's text format, some hundred at once. */
function* copyChunks(rows: Iterable<Row>): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    let between = ''
    for (const value of row) {
      chunk += between + copyField(value)
      between = '\t'
    }
    chunk += '\n'
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

function copyData(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const message = Buffer.allocUnsafe(HEADER_BYTES + bytes)
  message.writeUInt8(COPY_DATA, 0)
  message.writeUInt32BE(bytes + HEADER_BYTES - 1, 1) // without the kind
  message.write(text, HEADER_BYTES)
  return message
}

const SPECIAL = /[\\\t\n\r]/
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g')
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function copyField(value: SqlValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  return SPECIAL.test(value) ? value.replace(EVERY_SPECIAL, (character) => ESCAPED[character] ?? character) : value
}
