import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseCommandLine } from '../../../adapters/nextflow/params/command-line.ts'
import { findLiteralParams } from '../../../adapters/nextflow/params/literal-params.ts'
import { murmur3, scriptId } from '../../../adapters/nextflow/params/murmur3.ts'
import { readConfigParams, readParamsFile, readScriptParams } from '../../../adapters/nextflow/params/read-params.ts'
import { parseSoftwareVersions } from '../../../adapters/nextflow/params/software-versions.ts'
import { fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

describe('command line', () => {
  test('options, files and typed parameters', () => {
    const command = `nextflow -log a.log run nf-core/rnaseq -r 3.14 -profile docker,test -c my.config -params-file p.json -w s3://b/w -name a_b --input 'a b.csv' --max 3 --ratio=0.5 --deep.er x --flag --neg -1 -resume -with-trace -with-report r.html -ansi-log false --skip true`
    expect(parseCommandLine(command)).toEqual({
      logFile: 'a.log', project: 'nf-core/rnaseq', revision: '3.14', profiles: ['docker', 'test'], configFiles: ['my.config'],
      paramsFiles: ['p.json'], workDir: 's3://b/w', runName: 'a_b', resume: true, trace: true, report: 'r.html',
      params: { input: 'a b.csv', max: 3, ratio: 0.5, deep: { er: 'x' }, flag: true, neg: -1, skip: true },
    }) // prettier-ignore
  })

  test('a session to resume, values that look like options, quotes of all kinds', () => {
    const id = '207cb2fb-b460-405c-809e-ba7427cecda2'
    expect(parseCommandLine(`nextflow run main.nf -resume ${id} -with-docker img --a "b \\"c\\" 'd'" --e f\\ g -stub`)).toMatchObject({
      project: 'main.nf', resume: id, stub: true, params: { a: `b "c" 'd'`, e: 'f g' },
    }) // prettier-ignore
    expect(parseCommandLine('nextflow run main.nf -resume last')).toMatchObject({ resume: true, project: 'main.nf' })
    expect(parseCommandLine('nextflow')).toEqual({ params: {}, paramsFiles: [], configFiles: [], profiles: [] })
  })

  test('any text is taken apart, and no prototype is touched', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { parseCommandLine(text) })) // prettier-ignore
    const { params } = parseCommandLine('nextflow run x --__proto__.polluted yes --a.__proto__.b yes')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(Object.keys(params)).toEqual(['__proto__.polluted', 'a.__proto__.b'])
  })
})

describe('parameters in scripts and configurations', () => {
  test('the script that ran is proven by its id', async () => {
    const source = await openFixture('25.04.8/resume')
    const proven = await readScriptParams(source, 'main.nf', '6d5dc3b4561915b79194abdf3a52a140')
    expect(proven).toEqual({
      values: { reads: 'reads/*.fq', outdir: 'results', min: 3 },
      unknown: [],
      isOpen: false,
      isProven: true,
    })
    expect((await readScriptParams(source, 'main.nf', '0'.repeat(32)))?.isProven).toBe(false)
    expect((await readScriptParams(source, 'main.nf', undefined))?.isProven).toBeUndefined()
    expect(scriptId(fixtureBytes('20.10.0/pileup', 'main.nf').toString())).toBe('7d3d080b1644ea719b05b7554837ce22')
  })

  test('murmur3 as its reference says', () => {
    expect(murmur3(Buffer.from(''))).toBe('0'.repeat(32))
    expect(murmur3(Buffer.from('The quick brown fox jumps over the lazy dog'))).toBe('6c1b07bc7bbc4be347939ac4a93c437a')
  })

  test('profiles in use count, others do not', async () => {
    const source = await openFixture('25.10.7/sub-workflows')
    expect(await readConfigParams(source, 'nextflow.config', ['tiny'])).toMatchObject({
      values: { chunk: 1, label: 'tiny' },
      unknown: [],
    })
    expect(await readConfigParams(source, 'nextflow.config', ['big'])).toMatchObject({ values: { chunk: 50 } })
    expect(await readConfigParams(source, 'nextflow.config', [])).toMatchObject({ values: {} })
    expect(await readParamsFile(source, 'params.json')).toMatchObject({ label: 'from file' })
  })

  test('plain values of every kind, and nothing that is computed', () => {
    const { values, unknown } = findLiteralParams(`#!/usr/bin/env nextflow
      // params.no = 1
      /* params.no = 2 */
      params.text = 'it\\'s' ; params.long = """a
b"""
      params.number = 1_000 // comment
      params.float = -2.5
      params.list = ['a', 2, [k: 'v']]
      params.map = [
        one: 1,
        'two': [:],
      ]
      params.none = null
      params.gone = "x$y"
      params.sum = 1 + 2
      params.memory = 8.GB
      params.deep.er = true
      if (x) params.maybe = 1
      if (x)
        params.maybe2 = 1
      if (x) { params.late = 2 }
      params.late = 1
      params.same == 3
      params { typed: Path = 'p'
        other = 4 }
      workflow { params.inner = 5 }
    `)
    expect(values).toEqual({
      text: "it's", long: 'a\nb', number: 1000, float: -2.5, list: ['a', 2, { k: 'v' }], map: { one: 1, two: [] }, none: null, deep: { er: true }, typed: 'p', other: 4,
    }) // prettier-ignore
    expect([...unknown].sort()).toEqual(['gone', 'inner', 'late', 'maybe', 'maybe2', 'memory', 'sum'])
  })

  test('included configurations stand where they are included', async () => {
    const source = memorySource({
      'c/main.config': `params.a = 1\nparams.b = 1\nincludeConfig 'conf/base.config'\nparams.b = 3\n`,
      'c/conf/base.config': 'params { a = 2\n b = 2 }\n',
      'c/open.config': 'params.a = 1\nincludeConfig "${x}/y.config"\n',
    })
    expect(await readConfigParams(source, 'c/main.config', [])).toEqual({
      values: { a: 2, b: 3 },
      unknown: [],
      isOpen: false,
    })
    expect(await readConfigParams(source, 'c/open.config', [])).toMatchObject({ isOpen: true })
  })

  test('any text is read without a crash', () => {
    const piece = fc.constantFrom(
      'params',
      '.',
      'a',
      '=',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      "'",
      '"',
      '"""',
      '\n',
      '/*',
      '//',
      '-',
      '1',
      'profiles',
      'includeConfig',
      ' ',
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => { findLiteralParams(pieces.join('')) }), { numRuns: 500 }) // prettier-ignore
  })

  test('a params file as JSON or YAML, and what is neither', async () => {
    const source = memorySource({
      'a.yml': 'input: x\nn: 3\ninput: y\n',
      'b.json': '{"a": [1]}',
      'c.yml': '- 1',
      'd.json': '{',
      'e.yml': 'a: &x [*x]',
    })
    expect(await readParamsFile(source, 'a.yml')).toEqual({ input: 'y', n: 3 })
    expect(await readParamsFile(source, 'b.json')).toEqual({ a: [1] })
    for (const path of ['c.yml', 'd.json', 'z.yml']) expect(await readParamsFile(source, path)).toBeUndefined()
  })
})

describe('software versions', () => {
  test('a real file', () => {
    const { processes } = parseSoftwareVersions(
      fixtureBytes('24.04.3/public-project', 'results/pipeline_info/software_versions.yml').toString(),
    )
    expect(processes.size).toBeGreaterThan(3)
  })
  test('keys twice, blank values, quotes', () => {
    const { processes } = parseSoftwareVersions(
      '"A:B":\n    tool: 1.0\n    none:\n"A:B":\n    tool: \'2.0\'\n    other: v1 # x\nWorkflow:\n  Nextflow: 23.04\n',
    )
    expect(processes.get('A:B')).toEqual(new Map([['tool', '2.0'], ['other', 'v1 # x']])) // prettier-ignore
    expect(processes.get('Workflow')).toEqual(new Map([['Nextflow', '23.04']]))
  })
})
