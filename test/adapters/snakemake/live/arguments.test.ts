import { describe, expect, test } from '@jest/globals'
import {
  directoryOf,
  isDryRun,
  recordingArguments,
  withRecording,
} from '../../../../adapters/snakemake/live/arguments.ts'

describe('arguments for Snakemake', () => {
  test.each([
    [
      ['--cores', '4'],
      ['--logger', 'stemma', '--cores', '4'],
    ],
    [
      ['all', '-c1'],
      ['all', '--logger', 'stemma', '-c1'],
    ],
    [['all'], ['all', '--logger', 'stemma']],
    [
      ['--', 'all'],
      ['--logger', 'stemma', '--', 'all'],
    ],
    [
      ['-c1', '--logger', 'rich'],
      ['-c1', '--logger', 'stemma', 'rich'],
    ],
    [[], ['--logger', 'stemma']],
  ])('%j keep their meaning', (given, recorded) => {
    expect(withRecording(given, ['--logger', 'stemma'])).toEqual(recorded)
  })

  test("a user's own log handler stays the only one", () => {
    const given = ['-c1', '--log-handler-script', 'mine.py']
    expect(withRecording(given, ['--log-handler-script', 'ours.py'])).toEqual(given)
  })

  test.each([
    [9, ['--logger', 'stemma']],
    [7, ['--log-handler-script', 'x.py']],
    [4, undefined],
  ])('version %d', (major, option) => {
    expect(recordingArguments(major, 'x.py')).toEqual(option)
  })

  test.each([
    [['-d', 'work'], 'work'],
    [['--directory=work', '-c1'], 'work'],
    [['-dwork'], 'work'],
    [['--', '-d', 'x'], undefined],
  ])('the working directory of %j', (given, folder) => {
    expect(directoryOf(given)).toBe(folder)
  })

  test.each([
    [['-n'], true],
    [['-np'], true],
    [['--dry-run'], true],
    [['-c1'], false],
  ])('%j is a dry run: %s', (given, dry) => {
    expect(isDryRun(given)).toBe(dry)
  })
})
