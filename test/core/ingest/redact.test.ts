import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isSecretName, redactText, redactUri, Redactor } from '../../../core/ingest/redact.ts'
import { toUri } from '../../../core/fact/uri.ts'
import { artifact, consumed, run, transform } from '../../tools/facts.ts'

describe('names of secrets', () => {
  test.each([
    'password', 'api_token', 'apiToken', 'API_KEY', 'apikey', 'AWS_SECRET_ACCESS_KEY', 'db.password', 'secret', 'pw',
    'clientSecret', 'private-key', '--auth-token', 'DB_PASS', 'credentials', 'SAS_TOKEN', 'secret_id', 'tokens',
  ])('%s is one', (name) => {
    expect(isSecretName(name)).toBe(true)
  }) // prettier-ignore
  test.each([
    'max_tokens', 'tokenizer', 'token_file', 'secret_name', 'primary_key', 'monkey', 'key', 'author', 'passes', 'pass',
    'keyboard', 'bypass', 'password_policy', 'sample', 'outdir', 'tokenCount', 'genome', 'compass', '',
  ])('%s is none', (name) => {
    expect(isSecretName(name)).toBe(false)
  }) // prettier-ignore
})

describe('text', () => {
  test.each([
    ['nextflow run main.nf --api_token S3CRET -resume', 'nextflow run main.nf --api_token [redacted] -resume'],
    ['run --password="a b c" x', 'run --password="[redacted]" x'],
    ['export TOKEN=abc123; cat x', 'export TOKEN=[redacted]; cat x'],
    ["PASSWORD='a b' TOKEN=xyz cat 'res/y.txt'", "PASSWORD='[redacted]' TOKEN=[redacted] cat 'res/y.txt'"],
    ['{"apiToken":"abc","n":1}', '{"apiToken":"[redacted]","n":1}'],
    ['["run", "--api-token", "abcdef", "--least", "35"]', '["run", "--api-token", "[redacted]", "--least", "35"]'],
    ['def main(api_token: str = "abc") -> dict:', 'def main(api_token: str = "[redacted]") -> dict:'],
    ['psql postgres://user:hunter2@db.example.org/x', 'psql postgres://user:[redacted]@db.example.org/x'],
    ['curl https://a9f8b7c6d5e4a9f8b7c6d5e4@host/x', 'curl https://[redacted]@host/x'],
    ['curl -H "Authorization: Bearer abc.def-123456"', 'curl -H "Authorization: Bearer [redacted]"'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['ghp_' + 'a1'.repeat(18), '[redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx', '[redacted]\nx'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc', '[redacted]'],
    ['GET s3://b/k?X-Amz-Signature=abc&X-Amz-Expires=900', 'GET s3://b/k?X-Amz-Signature=[redacted]&X-Amz-Expires=900'],
    ['ApplicationFailure: 401 for token 8f3aXX_2b', 'ApplicationFailure: 401 for token [redacted]'],
  ])('%s', (text, clean) => {
    expect(redactText(text)).toBe(clean)
  })
  test.each([
    'samtools sort -@ 4 -o out.bam in.bam',
    'cat keys.txt | sort -k1,1 > sorted_keys.txt',
    'bwa mem ref.fa reads_1.fq reads_2.fq',
    'token = parse(argv[1])',
    'password: required',
    'echo "$TOKEN" --token $TOKEN --password ${PW}',
    'the token of the parser is not a secret of anybody',
    'file:///data/secret/token.txt',
    'https://example.org/a?page=2&sort=key',
    'git@github.com:owner/repository.git',
    '--max-tokens 500 --token-file /run/secrets/token',
    'S3_SECRET_KEY=[secret]',
  ])('leaves alone: %s', (text) => {
    expect(redactText(text)).toBe(text)
  })
  test('any text comes out, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = redactText(text)
        expect(redactText(once)).toBe(once)
      }),
    )
  })
  test('hostile text costs no more than its length', () => {
    const started = Date.now()
    for (const piece of ['token=', '://a:', '--token ', '"', 'eyJ', 'a:a=', '-----BEGIN ', '?a=', "token '"]) {
      redactText(piece.repeat(20_000))
    }
    expect(Date.now() - started).toBeLessThan(3_000)
  })
})

describe('uris', () => {
  test('lose userinfo and signatures, never their path', () => {
    const clean = (text: string): string => {
      const uri = toUri(text)
      if (uri === undefined) throw new Error(text)
      return redactUri(uri)
    }
    expect(clean('s3://b/secret=1/token?X-Amz-Signature=abc&x=1')).toBe(
      's3://b/secret=1/token?X-Amz-Signature=redacted&x=1',
    )
    expect(clean('https://me:pw@host/a')).toBe('https://me:redacted@host/a')
    expect(clean('https://h.blob.core.windows.net/c/k?sv=1&sig=abc%3D')).toBe(
      'https://h.blob.core.windows.net/c/k?sv=1&sig=redacted',
    )
    expect(clean('/data/a?token=b@c')).toBe('file:///data/a%3Ftoken=b@c')
  })
})

describe('facts', () => {
  test('a value found by its name is hidden wherever else it stands, paths excepted', () => {
    const redactor = new Redactor()
    const clean = redactor.fact(
      run('r', [], {
        params: { apiToken: 'XyZ12345', nested: [{ list: ['--password', 'tiger99'] }], name: 'x', max_tokens: 5 },
        command: 'curl -u XyZ12345 tiger99',
        error: { message: 'no XyZ12345', stack: 'at XyZ12345' },
        labels: { note: 'has XyZ12345' },
      }),
    )
    expect(JSON.stringify(clean)).not.toMatch(/XyZ12345|tiger99/)
    expect(clean).toMatchObject({ params: { name: 'x', max_tokens: 5, apiToken: '[redacted]' } })
    const file = artifact('/data/XyZ12345/out.txt')
    expect(redactor.fact(file)).toBe(file)
    expect(redactor.fact({ kind: 'gap', code: 'a.b', place: 'log:1', message: 'saw tiger99' })).toMatchObject({
      message: 'saw [redacted]',
    })
    expect(redactor.text(redactor.text('XyZ12345'))).toBe('[redacted]')
  })
  test('short values and plain words are not looked for elsewhere', () => {
    const redactor = new Redactor()
    redactor.fact(run('r', [], { params: { token: 'abc', password: 'default', secret: '/run/keys/a.pem' } }))
    expect(redactor.known).toBe(0)
  })
  test('of a command name values of parameters that have no names', () => {
    const command = 'login --password Xy7pQ2mB --user ann && fetch --token out/a1.txt'
    const fact = run('r', [1, 2], { params: { params: ['Xy7pQ2mB', 'ann', 'out/a1.txt'] }, command })
    expect(new Redactor().fact(fact)).toMatchObject({
      params: { params: ['[redacted]', 'ann', 'out/a1.txt'] },
      command: 'login --password [redacted] --user ann && fetch --token [redacted]',
    })
  })

  test('what hides nothing comes back as it is', () => {
    const redactor = new Redactor()
    const fact = run('r', [1, 2], { params: { a: [1, { b: null }] }, command: 'sort -k1', labels: { tag: 's1' } })
    expect(redactor.fact(fact)).toEqual(fact)
    const edge = consumed(fact, artifact('/a'), { role: 'reads' })
    expect(redactor.fact(edge)).toBe(edge)
  })
  test('a name and its value side by side are a pair', () => {
    const clean = new Redactor().json([{ name: 'api_token', type: 'String', value: 'abcdefg' }])
    expect(clean).toEqual([{ name: 'api_token', type: 'String', value: '[redacted]' }])
  })
  test('source text loses literals, not the code', () => {
    const source = 'def f(api_token="abc"):\n    token = os.environ["TOKEN"]\n    return token\n'
    expect(new Redactor().fact(transform('f', { source }))).toMatchObject({
      source: 'def f(api_token="[redacted]"):\n    token = os.environ["TOKEN"]\n    return token\n',
    })
  })
  test('NUL and lone surrogates, which a database cannot hold, are replaced', () => {
    expect(new Redactor().fact(run('a\0b\uD800'))).toMatchObject({ name: 'a\uFFFDb\uFFFD' })
  })
})
