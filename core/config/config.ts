import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { StemmaError } from '../errors.ts'
import { PROJECT_FOLDER } from './project-folder.ts'
import { hashPolicies } from '../source/hash-policy.ts'
import { systemErrorCode } from '../system-error.ts'

const CONFIG_FILE = 'config.yaml'
/** Far above any real configuration: a wrong file is refused before it is parsed. */
const MOST_BYTES = 1_000_000

/** `.stemma/config.yaml`. */
const Config = z.strictObject({
  /** Url as `--database` takes it; a relative path counts from the folder that holds `.stemma`. */
  database: z.string().min(1),
  /** Defaults of `stemma import`. */
  hash: z.enum(hashPolicies).optional(),
  timezone: z.string().min(1).optional(),
})
type Config = z.infer<typeof Config>

export interface Project {
  /** The folder that holds `.stemma`. */
  readonly root: string
  readonly config: Config
}

/** The nearest project at or above a folder, or `undefined`. */
export async function findProject(workingFolder: string): Promise<Project | undefined> {
  for (let folder = resolve(workingFolder); ; folder = dirname(folder)) {
    const project = await readProject(folder)
    if (project !== undefined || dirname(folder) === folder) return project
  }
}

/** The project in exactly this folder, or `undefined`. Throws `config.invalid`. */
export async function readProject(root: string): Promise<Project | undefined> {
  const file = configFile(root)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    absent(file, cause)
  })
  return text === undefined ? undefined : { root, config: parseConfig(text, file) }
}

export function configFile(root: string): string {
  return join(root, PROJECT_FOLDER, CONFIG_FILE)
}

/** Throws `config.invalid` with the file, line and column of the first mistake. */
export function parseConfig(text: string, file: string): Config {
  if (text.length > MOST_BYTES) throw invalid(file, 'too large to be a configuration')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken !== undefined) {
    const [message = broken.message] = broken.message.split(' at line ')
    throw invalid(file, message, lines.linePos(broken.pos[0]))
  }
  const parsed = Config.safeParse(document.toJS({ maxAliasCount: 10 }))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? [])
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  const at = isNode(node) && node.range ? lines.linePos(node.range[0]) : undefined
  throw invalid(file, `${path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`, at)
}

function invalid(file: string, message: string, at?: { line: number; col: number }): StemmaError {
  const where = at === undefined ? file : `${file}:${String(at.line)}:${String(at.col)}`
  return new StemmaError('config.invalid', `configuration not understood: ${message}: ${where}`, {
    detail: { path: file, ...(at === undefined ? {} : { line: at.line, column: at.col }) },
  })
}

function absent(file: string, cause: unknown): undefined {
  const code = systemErrorCode(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw new StemmaError('config.invalid', `configuration cannot be read: "${file}"`, { cause, detail: { path: file } })
}
