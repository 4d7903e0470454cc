import type { FileSource } from '../../../core/adapter.ts'
import { memorySource as openMemory, type MemoryEntry } from '../../../core/source/memory.ts'

/** Files in memory that come in small chunks: damage that no fixture has, and borders anywhere. */
export function memorySource(files: Readonly<Record<string, MemoryEntry>>, chunkBytes = 1000): FileSource {
  return openMemory(files, { chunkBytes })
}
