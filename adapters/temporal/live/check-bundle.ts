import { openSync, readSync, closeSync } from 'node:fs'
import { BUNDLE_MARK } from './sinks.ts'
import { warnOnce } from './quietly.ts'

/** Warns of workflow code that was bundled without the plugin: it would run unseen, without a word from the SDK. */
export function checkBundle(bundle: unknown): void {
  if (typeof bundle !== 'object' || bundle === null) return
  const code: unknown = 'code' in bundle ? bundle.code : undefined
  const path: unknown = 'codePath' in bundle ? bundle.codePath : undefined
  const marked = typeof code === 'string' ? code.includes(BUNDLE_MARK) : typeof path === 'string' ? fileHas(path) : true
  if (marked) return
  warnOnce(
    'the workflow bundle was made without the stemma plugin: workflows will not be recorded, activities will. ' +
      'Give it to the bundler too: bundleWorkflowCode({ workflowsPath, plugins: [plugin] })',
  )
}

const CHUNK = 1 << 20

function fileHas(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    let tail = ''
    const chunk = Buffer.alloc(CHUNK)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const text = tail + chunk.subarray(0, read).toString('latin1')
      if (text.includes(BUNDLE_MARK)) return true
      tail = text.slice(-BUNDLE_MARK.length)
    }
    return false
  } finally {
    closeSync(file)
  }
}
