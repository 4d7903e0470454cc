// The real engine, as `.ci/engines` installs it: its jars and the Java of this machine, no launcher script, no network.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** What the engine and its Groovy reach into; the launcher script of the project opens the same. */
const OPENED = ['lang', 'io', 'net', 'nio', 'util', 'util.concurrent.atomic', 'util.concurrent.locks', 'util.regex']

export interface EngineRun {
  readonly code: number
  /** What it printed. */
  readonly out: string
}

const jars = (version: string): string => join(ROOT, `.venv-nextflow-${version}`)

/** Versions that are installed, of those that the tests use. */
export const hasNextflow = (version: string): boolean => existsSync(join(jars(version), 'installed'))

/** Runs `nextflow <argv>` in a folder, which is its home too. */
export function runNextflow(version: string, folder: string, argv: readonly string[]): Promise<EngineRun> {
  const opens = [
    ...OPENED.map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
    ...['sun.nio.ch', 'sun.nio.fs'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  ]
  const java = ['-XX:TieredStopAtLevel=1', ...opens, '-cp', `${jars(version)}/*`, 'nextflow.cli.Launcher', ...argv]
  const env = { ...process.env, NXF_OFFLINE: 'true', NXF_HOME: join(folder, '.home'), NXF_VER: version }
  return new Promise((settle) => {
    execFile('java', java, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, out, err) => {
      settle({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out: out + err })
    })
  })
}
