/** Texts longer than this are no script's path and no command worth keeping. */
const LONGEST = 64 * 1024

/**
 * The texts inside a pickle, in their order. Snakemake 5 to 8.22 keeps a rule's code as base64 of one. A pickle is a
 * program and is never run here: its bytes are searched for the two opcodes that hold text (SHORT_BINUNICODE and
 * BINUNICODE), and what is no whole UTF-8 text is passed over.
 */
export function findPickleStrings(base64: string): string[] {
  if (!base64.startsWith('gA')) return []
  const bytes = Buffer.from(base64, 'base64')
  const found: string[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const { start, length } = textAt(bytes, at)
    const text =
      length > 0 && start + length <= bytes.length ? decode(bytes.subarray(start, start + length)) : undefined
    if (text === undefined) at += 1
    else {
      found.push(text)
      at = start + length
    }
  }
  return found
}

function textAt(bytes: Buffer, at: number): { readonly start: number; readonly length: number } {
  if (bytes[at] === 0x8c) return { start: at + 2, length: bytes[at + 1] ?? 0 }
  if (bytes[at] === 0x58 && at + 5 <= bytes.length) {
    const length = bytes.readUInt32LE(at + 1)
    return { start: at + 5, length: length > LONGEST ? 0 : length }
  }
  return { start: at, length: 0 }
}

function decode(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // eslint-disable-next-line no-control-regex -- control characters mark bytes that only look like text
    return /[\x00-\x08\x0e-\x1f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** The script, notebook or wrapper among a rule's texts: the arguments of Snakemake's own `script(…)`, `wrapper(…)`. */
export function findScript(texts: readonly string[]): string | undefined {
  const call = texts.find((text) => text === 'script' || text === 'notebook' || text === 'wrapper')
  if (call === undefined) return undefined
  const path = texts.find((text) =>
    call === 'wrapper'
      ? /^[\w.-]+\/.*\/[\w-]+$|^(file|https?|git\+file):/.test(text)
      : /\.(py|R|Rmd|jl|rs|sh|ipynb)$/i.test(text),
  )
  return path === undefined ? undefined : `${call}: ${JSON.stringify(path)}`
}
