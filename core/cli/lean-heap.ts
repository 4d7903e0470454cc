import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap grow to twice of what lives in it before it is collected as a whole, not up to four times: of the facts of
 * an import nearly all die at once. A launch folder of 60,000 tasks peaks at 270 MB instead of 330, in the same time. For a
 * process of our own: the heap of a program that uses the library is that program's affair.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=100')
}
