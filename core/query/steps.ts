import { toConsumedFact, toCopiedFact, toProducedFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import type { AmbiguousFact } from '../fact/fact.ts'
import { containmentSteps } from './containment.ts'
import { isArtifactUid } from './load.ts'
import { isOneOf, list } from './statement.ts'
import type { Expand, Step } from './walk.ts'

/** Told of what a walk met and could not decide. */
type Note = (ambiguous: AmbiguousFact) => void

/** Towards the causes: an artifact's producers and what it was copied from, a run's inputs and the run that it reused. */
export function upSteps(sql: Sql, note: Note): Expand {
  return async (uids) => {
    const { artifacts, runs } = split(uids)
    const steps: Step[] = []
    if (artifacts.length > 0) {
      steps.push(...(await produced(sql, 'artifact_uid', artifacts)), ...(await copied(sql, 'to_uid', artifacts)))
      steps.push(...(await containmentSteps(sql, 'up', artifacts, new Set(steps.map((step) => step.from)), note)))
    }
    if (runs.length > 0) {
      steps.push(...(await consumed(sql, 'run_uid', runs)), ...(await reused(sql, 'uid', runs)))
    }
    return steps
  }
}

/** Towards the effects: exactly the steps of `upSteps`, the other way round. */
export function downSteps(sql: Sql, note: Note): Expand {
  return async (uids) => {
    const { artifacts, runs } = split(uids)
    const steps: Step[] = []
    if (artifacts.length > 0) {
      steps.push(...(await consumed(sql, 'artifact_uid', artifacts)), ...(await copied(sql, 'from_uid', artifacts)))
      steps.push(...(await containmentSteps(sql, 'down', artifacts, new Set(), note)))
    }
    if (runs.length > 0) {
      steps.push(...(await produced(sql, 'run_uid', runs)), ...(await reused(sql, 'reuses_uid', runs)))
    }
    return steps
  }
}

/** Steps either way. */
export function anySteps(sql: Sql, note: Note): Expand {
  const up = upSteps(sql, note)
  const down = downSteps(sql, note)
  return async (uids) => [...(await up(uids)), ...(await down(uids))]
}

async function produced(sql: Sql, by: 'run_uid' | 'artifact_uid', uids: readonly string[]): Promise<Step[]> {
  const rows = await sql.all(`SELECT * FROM produced WHERE ${isOneOf(sql, by)} ORDER BY run_uid, artifact_uid, role`, [
    list(uids),
  ])
  return rows.map(toProducedFact).map((edge) => between(by === 'run_uid', edge.run, edge.artifact, edge))
}

async function consumed(sql: Sql, by: 'run_uid' | 'artifact_uid', uids: readonly string[]): Promise<Step[]> {
  const rows = await sql.all(`SELECT * FROM consumed WHERE ${isOneOf(sql, by)} ORDER BY run_uid, artifact_uid, role`, [
    list(uids),
  ])
  return rows.map(toConsumedFact).map((edge) => between(by === 'run_uid', edge.run, edge.artifact, edge))
}

async function copied(sql: Sql, by: 'from_uid' | 'to_uid', uids: readonly string[]): Promise<Step[]> {
  const rows = await sql.all(`SELECT * FROM copied WHERE ${isOneOf(sql, by)} ORDER BY from_uid, to_uid, method`, [
    list(uids),
  ])
  return rows.map(toCopiedFact).map((edge) => between(by === 'from_uid', edge.from, edge.to, edge))
}

async function reused(sql: Sql, by: 'uid' | 'reuses_uid', uids: readonly string[]): Promise<Step[]> {
  const rows = await sql.all(
    `SELECT uid, reuses_uid FROM run WHERE ${isOneOf(sql, by)} AND reuses_uid IS NOT NULL ORDER BY uid`,
    [list(uids)],
  )
  return rows.map((row) => {
    const [run, maker] = [String(row.uid), String(row.reuses_uid)]
    return by === 'uid' ? { from: run, to: maker } : { from: maker, to: run }
  })
}

function between(isForward: boolean, first: string, second: string, edge: NonNullable<Step['edge']>): Step {
  return isForward ? { from: first, to: second, edge } : { from: second, to: first, edge }
}

function split(uids: readonly string[]): { readonly artifacts: readonly string[]; readonly runs: readonly string[] } {
  return { artifacts: uids.filter(isArtifactUid), runs: uids.filter((uid) => !isArtifactUid(uid)) }
}
