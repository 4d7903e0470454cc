import { describe, expect, test } from '@jest/globals'
import { Secrets, cleanArguments, cleanSource, isSecretName } from '../../../adapters/redun/secrets/secrets.ts'
import { fixture, readFacts } from './read-facts.ts'

test.each([
  'api_token',
  'apiToken',
  'PASSWORD',
  'db-password',
  'aws_secret_access_key',
  'private_key',
  'authorization',
])('%s hides its value', (name) => {
  expect(isSecretName(name)).toBe(true)
})

test.each(['tokenizer', 'key', 'keyword', 'secretary', 'path', 'passes', 'author'])('%s does not', (name) => {
  expect(isSecretName(name)).toBe(false)
})

test('options with telling names are hidden on a command line, and their values learned', () => {
  const learned: string[] = []
  const clean = cleanArguments(['redun', 'run', '--api-token', 'abc123', '--password=pw', '--n', '3'], (secret) => {
    learned.push(secret)
  })
  expect(clean).toEqual(['redun', 'run', '--api-token', '<redacted>', '--password=<redacted>', '--n', '3'])
  expect(learned).toEqual(['abc123', 'pw'])
})

test('default values are taken out of source', () => {
  expect(cleanSource(`def f(n=3, api_token: str = "abc", *, password='x'):\n    token = f"y"`)).toBe(
    `def f(n=3, api_token: str = "<redacted>", *, password='<redacted>'):\n    token = f"<redacted>"`,
  )
})

describe('Secrets', () => {
  test('takes longer literals out before those inside them', () => {
    const secrets = new Secrets()
    for (const each of ['abcdef', 'abcdef-123', '1', 'x.*y(z']) secrets.learn(each)
    expect(secrets.clean('a abcdef-123 b abcdef c x.*y(z 1')).toBe('a <redacted> b <redacted> c <redacted> 1')
  })

  test('a credential given as argument is in no fact', async () => {
    for (const form of ['export.jsonl']) {
      const facts = await readFacts(`${fixture('0.46.0/postgres-and-export')}/${form}`)
      expect(JSON.stringify(facts)).not.toContain('SENTINEL_SECRET')
      expect(JSON.stringify(facts)).toContain('<redacted>')
    }
  })
})
