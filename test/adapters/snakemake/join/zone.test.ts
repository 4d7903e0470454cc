import { describe, expect, test } from '@jest/globals'
import { findOffsets } from '../../../../adapters/snakemake/join/zone.ts'
import { newExecution } from '../../../../adapters/snakemake/log/execution.ts'
import type { Execution } from '../../../../adapters/snakemake/log/execution.ts'
import { RecordSpill } from '../../../../adapters/snakemake/store/record-spill.ts'
import { RecordedJobs } from '../../../../adapters/snakemake/store/recorded-jobs.ts'

const HOUR_MS = 3_600_000
const logged: Execution = {
  ...newExecution('2026-11-28T110000.000000', 'local'),
  startMs: Date.UTC(2026, 10, 28, 11),
}
/** In New York. */
const live: Execution = {
  ...newExecution('2026-11-28T120000.500000', 'utc'),
  startMs: Date.UTC(2026, 10, 28, 17, 0, 0, 500),
}

async function offsets(executions: readonly Execution[], timezone?: string): Promise<(number | undefined)[]> {
  const spill = await RecordSpill.open()
  try {
    const recorded = new RecordedJobs(spill, [])
    const workdir = { folder: '', logFolder: '', executions, recorded, incomplete: [], locked: false }
    return findOffsets(workdir, () => [], timezone)
  } finally {
    spill.close()
  }
}

describe('the zone of a log', () => {
  test('is that of a run beside it whose live events tell local time and UTC', async () => {
    expect(await offsets([logged, live])).toEqual([-5 * HOUR_MS, 0])
  })

  test('is what the user says', async () => {
    expect(await offsets([logged, live], 'Europe/Berlin')).toEqual([HOUR_MS, 0])
  })

  test('is not known by itself', async () => {
    expect(await offsets([logged])).toEqual([undefined])
    const odd = { ...live, startMs: Date.UTC(2026, 10, 28, 17, 3) }
    expect(await offsets([logged, odd])).toEqual([undefined, 0])
  })
})
