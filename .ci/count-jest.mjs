// Prints `passed failed` of a jest report; a skipped test is a failed one.
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const brokenSuites = report.testResults.filter(
  (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
)
for (const suite of report.testResults) {
  for (const found of suite.assertionResults) {
    if (found.status !== 'passed') console.error(`${found.status}: ${suite.name}: ${found.fullName}`)
  }
}
for (const suite of brokenSuites) console.error(`did not run: ${suite.name}`)
console.log(report.numPassedTests, report.numTotalTests - report.numPassedTests + brokenSuites.length)
