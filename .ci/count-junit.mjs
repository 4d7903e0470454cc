// Prints `passed failed` of a JUnit report; a skipped test is a failed one.
import { readFileSync } from 'node:fs'

const [, suite] = /<testsuite ([^>]*)>/.exec(readFileSync(process.argv[2], 'utf8')) ?? []
const number = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? Number.NaN)
const bad = number('errors') + number('failures') + number('skipped')
if (Number.isNaN(bad) || !(number('tests') > 0)) throw new Error('the report names no tests')
console.log(number('tests') - bad, bad)
