/** A hex hash as half as many characters, without holding on to the text that it was cut from: for large indexes. */
export function shortKey(hash: string): string {
  return Buffer.from(hash, 'hex').toString('latin1')
}
