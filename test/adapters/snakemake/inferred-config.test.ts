import { describe, expect, test } from '@jest/globals'
import { inferConfig } from '../../../adapters/snakemake/map/inferred-config.ts'
import { parseRuleParams } from '../../../adapters/snakemake/store/rule-params.ts'

const SNAKEFILE = `configfile: "config.yaml"

rule all:
    input: "out"

rule model:
    input: expand("{x}", x=["a"])
    params: k=config["knots"], name="fit"  # how smooth
    shell: "echo {params.k} > {output}"

checkpoint several:
    output: directory("d")
    params:
        lambda wildcards: wildcards.x,
        size=max(1, 2),
        text='a, b # c',
        depth=config.get("depth", 3),

    run:
        params = 1

if True:
    rule twice:
        params: 1
else:
    rule twice:
        params: 2

def params(): pass
`

describe('params of rules', () => {
  test('are read as they stand there', () => {
    expect(Object.fromEntries(parseRuleParams(SNAKEFILE))).toEqual({
      all: [],
      model: [
        { name: 'k', expression: 'config["knots"]' },
        { name: 'name', expression: '"fit"' },
      ],
      several: [
        { expression: 'lambda wildcards: wildcards.x' },
        { name: 'size', expression: 'max(1, 2)' },
        { name: 'text', expression: `'a, b # c'` },
        { name: 'depth', expression: 'config.get("depth", 3)' },
      ],
    })
  })

  test('any text gives some', () => {
    for (const text of [
      '',
      'rule',
      'rule x:\n params:',
      'rule x:\n params: ((',
      'params: a=1',
      'rule x:\n params: "',
    ]) {
      expect(parseRuleParams(text).size).toBeLessThan(2)
    }
  })
})

describe('configuration inferred from values without names', () => {
  const of = (...expressions: string[]) => expressions.map((expression) => ({ expression }))

  test('the one value that no literal explains is that of the one key', () => {
    expect(inferConfig(of('config["knots"]', '"fit"'), ["'fit'", '7'])).toEqual({ name: 'knots', value: '7' })
    expect(inferConfig(of(`config.get('mode', "x")`), ["'fast'"])).toEqual({ name: 'mode', value: 'fast' })
    expect(inferConfig(of('[1, 2]', 'config["on"]'), ['True', '[1, 2]'])).toEqual({ name: 'on', value: 'true' })
  })

  test.each([
    ['a value too many', of('config["knots"]'), ['7', '8']],
    ['a literal that is not among them: the Snakefile has changed', of('config["knots"]', '"fit"'), ["'old'", '7']],
    ['two keys', of('config["a"]', 'config["b"]'), ['1', '2']],
    ['an expression', of('config["a"] + 1'), ['2']],
    ['a key within a key', of('config["a"]["b"]'), ['2']],
    ['no key', of('"fit"'), ["'fit'"]],
    ['a value that is a list', of('config["a"]'), ['[1]']],
    ['nothing', [], []],
  ])('%s tells nothing', (_, sources, values) => {
    expect(inferConfig(sources, values)).toBeUndefined()
  })
})
