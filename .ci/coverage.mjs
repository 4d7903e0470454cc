// Fails when the tests reach less of core than the goal.
import { readFileSync } from 'node:fs'

const GOAL_PERCENT = 90
const { total, ...files } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8'))
const least = Object.entries(files)
  .sort(([, a], [, b]) => a.lines.pct - b.lines.pct)
  .slice(0, 10)
for (const [file, { lines }] of least)
  console.log(`${String(lines.pct).padStart(6)} %  ${file.replace(`${process.cwd()}/`, '')}`)
console.log(`lines of core that the tests reach: ${total.lines.pct} % (goal: ${GOAL_PERCENT} %)`)
if (!(total.lines.pct >= GOAL_PERCENT)) process.exitCode = 1
