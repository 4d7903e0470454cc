import { join } from 'node:path'
import adapter from '../../../adapters/nextflow/index.ts'
import { adapterContract } from '../../contract/adapter.ts'

const FIXTURES = join(import.meta.dirname, '../../../fixtures/nextflow')
const at = (scenario: string): string => join(FIXTURES, scenario, 'source')

adapterContract(adapter, [
  {
    name: 'work folders of two pipelines in one folder',
    place: at('25.04.8/two-pipelines'),
    damage: [
      '.nextflow/history',
      'trace-model.txt',
      'model.log',
      'work/89/971acb94afd61d837b77733cef8271/.command.run',
      'work/89/971acb94afd61d837b77733cef8271/.exitcode',
      'shared/raw/north.csv',
      'models/model.bin',
      'nextflow.config',
      'model.nf',
    ],
    cut: [{ path: 'work/89/971acb94afd61d837b77733cef8271/.command.run', gap: /^work\.damaged$/ }],
    never: [
      { run: 'FIT (a)', artifact: 'base/b.csv', dir: 'in' },
      { run: 'FIT (south)', artifact: 'shared/raw/north.csv', dir: 'in' },
      { run: 'FETCH (north)', artifact: '/south.csv', dir: 'out' },
    ],
  },
  {
    name: 'every way of staging, stored results, native tasks',
    place: at('25.04.8/staging'),
    damage: [
      'trace.csv',
      'work/43/2975807baae08139dbefea7a0be3ed/.command.run',
      '.lineage/432975807baae08139dbefea7a0be3ed/.data.json',
      '.lineage/432975807baae08139dbefea7a0be3ed#output/.data.json',
    ],
    cut: [{ path: '.lineage/432975807baae08139dbefea7a0be3ed/.data.json', gap: /^lineage\./ }],
  },
  { name: 'containers', place: at('25.04.8/containers'), damage: ['.nextflow.log'] },
  {
    name: 'an old engine with posted events',
    place: at('20.10.0/pileup'),
    damage: ['weblog/events.ndjson', '.nextflow.log'],
  },
  { name: 'a chain of resumed runs', place: at('25.04.8/resume'), damage: ['report1.html', 'trace.run1.txt'] },
  { name: 'a single trace file', place: join(at('unknown/co2-footprint'), 'execution-trace-raw.tsv') },
])
