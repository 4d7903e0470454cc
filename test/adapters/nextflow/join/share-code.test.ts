import { expect, test } from '@jest/globals'
import { pipelineFacts } from '../../../../adapters/nextflow/facts/pipeline-facts.ts'
import { newPipeline, type Pipeline } from '../../../../adapters/nextflow/join/pipeline.ts'
import { shareCode } from '../../../../adapters/nextflow/join/share-code.ts'
import type { RunRecord } from '../../../../adapters/nextflow/records.ts'

const SCRIPT = 'ab'.repeat(16)
const COMMIT = 'cd'.repeat(20)

function pipeline(runName: string, source: 'log' | 'history', fields: Partial<RunRecord>): Pipeline {
  const made = newPipeline('session', runName)
  made.records.push({ kind: 'run', origin: { source, path: '' }, ...fields })
  return made
}

function transformsOf(pipelines: readonly Pipeline[]): unknown[] {
  shareCode(pipelines)
  return pipelines.map((each) => pipelineFacts(each, each.runName ?? '', {}).transform)
}

test('runs of one script are of one pipeline, whether or not a log says where it lies', () => {
  const transforms = transformsOf([
    pipeline('old', 'history', { scriptId: SCRIPT, scriptName: 'main.nf' }),
    pipeline('older', 'history', { scriptId: SCRIPT }),
    pipeline('new', 'log', { scriptId: SCRIPT, scriptFile: '/home/a/main.nf' }),
  ])
  expect(transforms[0]).toMatchObject({ name: 'main.nf', sourcePath: '/home/a/main.nf', version: SCRIPT })
  expect(transforms).toEqual([transforms[0], transforms[0], transforms[0]])
})

test('runs of one commit are of the repository that the log of one of them names', () => {
  const repository = 'https://github.com/nf-core/demo'
  const transforms = transformsOf([
    pipeline('old', 'history', { commitId: COMMIT, project: 'nf-core/demo' }),
    pipeline('new', 'log', { commitId: COMMIT, project: 'nf-core/demo', repository }),
  ])
  expect(transforms[0]).toMatchObject({ name: 'nf-core/demo' })
  expect(transforms[1]).toEqual(transforms[0])
})

test('where logs disagree, and of another revision, nothing is shared', () => {
  const uids = transformsOf([
    pipeline('a', 'log', { scriptId: SCRIPT, scriptFile: '/home/a/main.nf' }),
    pipeline('b', 'log', { scriptId: SCRIPT, scriptFile: '/home/b/main.nf' }),
    pipeline('c', 'history', { scriptId: SCRIPT, scriptName: 'main.nf' }),
    pipeline('d', 'history', { scriptId: 'ef'.repeat(16), scriptName: 'main.nf' }),
  ]).map((transform) => JSON.stringify(transform))
  expect(new Set(uids).size).toBe(4)
})
