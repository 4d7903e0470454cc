import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import adapter from '../../../adapters/nextflow/index.ts'
import type { Fact } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

/** A task that ended well, as its folder shows it; what no recorded run has. */
export interface TaskOnDisk {
  /** `ab/cdef…` */
  readonly hash: string
  readonly name: string
  /** Name in the task's folder to the path of the real file. */
  readonly inputs?: Readonly<Record<string, string>>
  /** As engines from 24.04 on write them down. */
  readonly patterns?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly script?: string
  /** Seconds since 1970. */
  readonly ran?: readonly [fromS: number, toS: number]
}

/** Writes `<root>/work/<hash>`, its inputs as links unless a file of that name is given. */
export async function writeTask(root: string, task: TaskOnDisk): Promise<string> {
  const { hash, name, inputs = {}, patterns, files = {}, script = 'true', ran } = task
  const folder = join(root, 'work', hash)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const header =
    patterns === undefined
      ? `# NEXTFLOW TASK: ${name}`
      : ['### ---', `### name: '${name}'`, '### outputs:', ...patterns.map((each) => `### - '${each}'`), '### ...'].join('\n') // prettier-ignore
  const stage = Object.entries(inputs).map(([to, from]) => `    ln -s ${from} ${to}`)
  const run = ['#!/bin/bash', header, 'on_exit() {', `    printf -- $exit_status > ${folder}/.exitcode`, '}', 'nxf_stage() {', '    true', ...stage, '}', ''] // prettier-ignore
  await writeFile(join(folder, '.command.run'), run.join('\n'))
  await writeFile(join(folder, '.command.sh'), `#!/bin/bash -ue\n${script}\n`)
  await writeFile(join(folder, '.command.begin'), '')
  await writeFile(join(folder, '.exitcode'), '0')
  for (const [to, from] of Object.entries(inputs)) if (files[to] === undefined) await symlink(from, join(folder, to))
  for (const [to, text] of Object.entries(files)) await writeNew(join(folder, to), text)
  if (ran !== undefined) {
    await utimes(join(folder, '.command.sh'), ran[0] - 1, ran[0] - 1)
    await utimes(join(folder, '.command.begin'), ran[0], ran[0])
    await utimes(join(folder, '.exitcode'), ran[1], ran[1])
  }
  return folder
}

/** Writes a file and the folders above it. */
export async function writeNew(path: string, text: string, writtenS?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  if (writtenS !== undefined) await utimes(path, writtenS, writtenS)
}

/** The facts of a folder, and its edges as `TASK -> path`, `TASK <- path`, `path => path (method, evidence)`. */
export async function readEdges(
  root: string,
): Promise<{ readonly facts: readonly Fact[]; readonly edges: readonly string[] }> {
  const facts: Fact[] = []
  for await (const fact of adapter.read([await openFolder(root, fileHasher('small'))], { own: {} })) facts.push(fact)
  const names = new Map(facts.flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact.name] as const] : [])))
  const paths = new Map(facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, toPath(fact.uri, root)] as const] : []))) // prettier-ignore
  const edges = facts.flatMap((fact) => {
    if (fact.kind === 'produced') return [`${names.get(fact.run) ?? '?'} -> ${paths.get(fact.artifact) ?? '?'}`]
    if (fact.kind === 'consumed') return [`${names.get(fact.run) ?? '?'} <- ${paths.get(fact.artifact) ?? '?'}`]
    if (fact.kind !== 'copied') return []
    return [`${paths.get(fact.from) ?? '?'} => ${paths.get(fact.to) ?? '?'} (${fact.method}, ${fact.evidence})`]
  })
  return { facts, edges: [...new Set(edges)].sort() }
}

const Uri = z.string().startsWith('file://')
function toPath(uri: string, root: string): string {
  return decodeURIComponent(Uri.parse(uri).slice('file://'.length)).replace(`${root}/`, '')
}
