// Nextflow leftovers of any size: a trace alone, or a launch folder with history, cache and work folders.
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { cacheValue } from '../test/tools/kryo-writer.ts'
import { logRecords } from '../test/tools/level-files.ts'

const SESSION = '5e551049-0000-4000-8000-000000000001'
const RUN_NAME = 'large_run'
const START_MS = Date.UTC(2026, 10, 24, 6)
/** Tasks in a chain: each reads what the one before wrote. */
const CHAIN = 10
const BUFFER_CHARACTERS = 1 << 20
const COLUMNS = 'task_id hash native_id name status exit submit duration realtime %cpu peak_rss peak_vmem rchar wchar'

/** One task of the generated run. */
interface Task {
  readonly id: number
  readonly hash: string
  readonly process: string
  readonly tag: string
  readonly submitMs: number
}

function taskOf(id: number): Task {
  const hash = createHash('md5').update(`task ${id}`).digest('hex')
  const step = id % CHAIN
  return {
    id,
    hash,
    process: `BENCH:STEP_${step}`,
    tag: `sample_${Math.floor(id / CHAIN)}`,
    submitMs: START_MS + id * 20,
  }
}

/** Writes a trace in the default form, as a launcher in UTC does. */
export function generateTrace(path: string, tasks: number): void {
  const file = openSync(path, 'w')
  try {
    let text = `${COLUMNS.replaceAll(' ', '\t')}\n`
    for (let id = 0; id < tasks; id++) {
      text += traceRow(taskOf(id))
      if (text.length < BUFFER_CHARACTERS) continue
      writeSync(file, text)
      text = ''
    }
    writeSync(file, text)
  } finally {
    closeSync(file)
  }
}

function traceRow({ id, hash, process, tag, submitMs }: Task): string {
  const short = `${hash.slice(0, 2)}/${hash.slice(2, 8)}`
  const submit = new Date(submitMs).toISOString().slice(0, 23).replace('T', ' ')
  const metrics = `${String(100 + (id % 800))}ms\t1m 23s\t${String(id % 100)}.5%\t4.8 MB\t7.1 MB\t93.4 KB\t219 B`
  return `${id + 1}\t${short}\t${1000 + id}\t${process} (${tag})\tCOMPLETED\t0\t${submit}\t${metrics}\n`
}

/** Writes a launch folder: history, cache database with its run index, and one work folder a task. */
export function generateLaunchFolder(folder: string, tasks: number): void {
  const cache = join(folder, '.nextflow', 'cache', SESSION)
  mkdirSync(join(cache, 'db'), { recursive: true })
  mkdirSync(join(folder, 'data'), { recursive: true })
  const time = new Date(START_MS).toISOString().slice(0, 19).replace('T', ' ')
  const history = [time, '33m 20s', RUN_NAME, 'OK', 'ab'.repeat(16), SESSION, 'nextflow run main.nf']
  writeFileSync(join(folder, '.nextflow', 'history'), `${history.join('\t')}\n`)
  writeFileSync(join(cache, 'db', 'CURRENT'), 'MANIFEST-000002\n')
  writePieces(join(cache, 'db', '000003.log'), logRecords(cacheWrites(folder, tasks)))
  writePieces(join(cache, `index.${RUN_NAME}`), indexRows(tasks))
  for (let id = 0; id < tasks; id++) writeWorkFolder(folder, taskOf(id))
}

function* cacheWrites(folder: string, tasks: number): Iterable<{ key: Buffer; value: Buffer }> {
  for (let id = 0; id < tasks; id++) {
    const task = taskOf(id)
    yield {
      key: Buffer.from(task.hash, 'hex'),
      value: cacheValue(recordOf(folder, task), { input: inputOf(folder, task) }),
    }
  }
}

function recordOf(folder: string, task: Task): Record<string, string | number | null> {
  const { id, hash, process, tag, submitMs } = task
  return {
    task_id: String(id + 1), hash: `${hash.slice(0, 2)}/${hash.slice(2, 8)}`, native_id: String(1000 + id), process, tag,
    name: `${process} (${tag})`, status: 'COMPLETED', exit: 0, submit: submitMs, start: submitMs + 5, complete: submitMs + 95,
    duration: 95, realtime: 90, '%cpu': 98.5, peak_rss: 5_033_165, rchar: 95_642, wchar: 219, attempt: 1, cpus: 1, memory: null,
    container: 'quay.io/example/step:1.0', script: `\n    step ${tag} > ${tag}.txt\n    `, workdir: workDirOf(folder, hash),
  } // prettier-ignore
}

function* indexRows(tasks: number): Iterable<Buffer> {
  for (let id = 0; id < tasks; id++) yield Buffer.concat([Buffer.from(taskOf(id).hash, 'hex'), Buffer.from([0])])
}

function writePieces(path: string, pieces: Iterable<Buffer>): void {
  const file = openSync(path, 'w')
  try {
    let waiting: Buffer[] = []
    let size = 0
    for (const piece of pieces) {
      waiting.push(piece)
      size += piece.length
      if (size < BUFFER_CHARACTERS) continue
      writeSync(file, Buffer.concat(waiting))
      waiting = []
      size = 0
    }
    writeSync(file, Buffer.concat(waiting))
  } finally {
    closeSync(file)
  }
}

function writeWorkFolder(folder: string, task: Task): void {
  const workDir = workDirOf(folder, task.hash)
  const input = inputOf(folder, task)
  const name = input.slice(input.lastIndexOf('/') + 1)
  mkdirSync(workDir, { recursive: true })
  if (task.id % CHAIN === 0) writeFileSync(input, `${task.tag}\n`)
  writeFileSync(join(workDir, '.command.run'), commandRun(task, input, name, workDir))
  writeFileSync(join(workDir, '.command.sh'), `#!/bin/bash -ue\nstep ${task.tag} > ${task.tag}.txt\n`)
  writeFileSync(join(workDir, '.exitcode'), '0')
  writeFileSync(join(workDir, outputOf(task)), `${task.process} ${task.tag}\n`)
  symlinkSync(input, join(workDir, name))
}

function commandRun({ process, tag, id }: Task, input: string, name: string, workDir: string): string {
  return `#!/bin/bash
### ---
### name: '${process} (${tag})'
### container: 'quay.io/example/step:1.0'
### outputs:
### - '${tag}.${id % CHAIN}.txt'
### ...
nxf_stage() {
    true
    # stage input files
    rm -f ${name}
    ln -s ${input} ${name}
}

nxf_unstage_outputs() {
    true
}

on_exit() {
    exit_status=\${nxf_main_ret:=$?}
    printf -- $exit_status > ${workDir}/.exitcode
    exit $exit_status
}
`
}

function workDirOf(folder: string, hash: string): string {
  return join(folder, 'work', hash.slice(0, 2), hash.slice(2))
}

function inputOf(folder: string, task: Task): string {
  if (task.id % CHAIN === 0) return join(folder, 'data', `${task.tag}.fq`)
  const before = taskOf(task.id - 1)
  return join(workDirOf(folder, before.hash), outputOf(before))
}

function outputOf({ id, tag }: Task): string {
  return `${tag}.${id % CHAIN}.txt`
}
