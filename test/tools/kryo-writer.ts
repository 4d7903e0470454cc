/** Writes the few Kryo forms of a task cache entry, as Nextflow's own do: for generated leftovers. */
import { varint } from './level-files.ts'

export type Field = string | number | null

/** An entry's value: trace map, context with staged inputs, one use. */
export function cacheValue(trace: Readonly<Record<string, Field>>, inputs: Readonly<Record<string, string>>): Buffer {
  const names = new Names()
  return Buffer.concat([
    names.type('java.util.ArrayList'),
    Buffer.from([1, 3]),
    byteArray(names, traceMap(trace)),
    Object.keys(inputs).length === 0 ? Buffer.from([0]) : byteArray(names, contextMap(inputs)),
    Buffer.from([2, 2]), // int 1
  ])
}

/** Classes by name: the text on first use only. */
class Names {
  readonly #ids = new Map<string, number>()

  type(name: string): Buffer {
    const known = this.#ids.get(name)
    if (known !== undefined) return Buffer.concat([Buffer.from([1]), varint(known)])
    this.#ids.set(name, this.#ids.size)
    return Buffer.concat([Buffer.from([1]), varint(this.#ids.size - 1), text(name)])
  }
}

function byteArray(names: Names, bytes: Buffer): Buffer {
  return Buffer.concat([names.type('[B'), Buffer.from([1]), varint(bytes.length + 1), bytes])
}

function traceMap(fields: Readonly<Record<string, Field>>): Buffer {
  return bareMap(Object.entries(fields).map(([name, value]) => [name, fieldValue(value)]))
}

function contextMap(inputs: Readonly<Record<string, string>>): Buffer {
  let isFirst = true
  return bareMap(
    Object.entries(inputs).map(([name, path]) => {
      const type = Buffer.concat([Buffer.from([1, 1]), isFirst ? text('nextflow.processor.TaskPath') : Buffer.alloc(0)])
      isFirst = false
      const alias = path.slice(path.lastIndexOf('/') + 1)
      // a staged file: its name, then a path of registered number 19 (scheme and path)
      return [
        name,
        Buffer.concat([type, Buffer.from([1, 1]), text(alias), Buffer.from([19, 1]), text('file'), text(path)]),
      ]
    }),
  )
}

function bareMap(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const head = Buffer.concat([
    Buffer.from([1, 0]),
    text('java.util.LinkedHashMap'),
    Buffer.from([1]),
    varint(entries.length),
  ])
  return Buffer.concat([head, ...entries.flatMap(([name, value]) => [Buffer.from([3, 1]), text(name), value])])
}

function fieldValue(value: Field): Buffer {
  if (value === null) return Buffer.from([0])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([3, 1]), text(value)])
  if (!Number.isInteger(value)) {
    const double = Buffer.alloc(9, 10)
    double.writeDoubleBE(value, 1)
    return double
  }
  return Buffer.concat([Buffer.from([9]), varint(value * 2)])
}

/** ASCII: from two to 63 characters the last one has its highest bit set; else count, then the bytes. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'ascii')
  if (value.length > 1 && value.length < 64) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    return bytes
  }
  const count = value.length + 1
  const long = Buffer.concat([Buffer.from([0xc0 | (count & 63)]), varint(count >> 6)])
  return Buffer.concat([count < 64 ? Buffer.from([0x80 | count]) : long, bytes])
}
