import { fileURLToPath } from 'node:url'
import snakemake from '../../../adapters/snakemake/index.ts'
import { adapterContract } from '../../contract/adapter.ts'

const at = (scenario: string): string =>
  fileURLToPath(new URL(`../../../fixtures/snakemake/${scenario}/source`, import.meta.url))
const RECORD = '.snakemake/metadata/b3V0L21vZGVsLnR4dA=='
const LOG = '.snakemake/log/2026-11-24T071140.168917.snakemake.log'

adapterContract(snakemake, [
  {
    name: 'seven executions',
    place: at('9.27.1/seven-executions'),
    damage: [RECORD, LOG],
    cut: [{ path: RECORD, gap: /^snakemake\.damaged-record$/ }],
    never: [
      { run: 'clean (x=a)', artifact: 'raw/b.txt', dir: 'in' },
      { run: 'stats (x=a)', artifact: 'out/b.n', dir: 'out' },
    ],
  },
  {
    name: 'killed and resumed',
    place: at('9.27.1/killed-and-resumed'),
    damage: ['.snakemake/log/2026-11-24T072840.379323.snakemake.log'],
  },
  {
    name: 'hostile names',
    place: at('9.27.1/hostile-names'),
    damage: ['.snakemake/log/2026-11-24T072100.711184.snakemake.log'],
    never: [{ run: 'wild (v=1, w=2, name=α β)', artifact: 'b.out', dir: 'out' }],
  },
  {
    name: 'live events beside logs',
    place: at('9.27.1/live-and-logged'),
    damage: [
      '.snakemake/stemma/2026-11-28T215040.198314.jsonl',
      '.snakemake/log/2026-11-28T215040.198314.snakemake.log',
    ],
    never: [
      { run: 'comma', artifact: 'x/other', dir: 'out' },
      { run: 'leaf (k=1, l=a)', artifact: 'x/fake.txt', dir: 'out' },
    ],
  },
  {
    name: 'a database',
    place: at('9.27.1/database'),
    damage: ['.snakemake/metadata.db'],
    cut: [{ path: '.snakemake/metadata.db', gap: /^snakemake\.damaged-database$/ }],
  },
  {
    name: 'a failed group',
    place: at('9.25.2/failed-group'),
    damage: ['.snakemake/metadata/cmVzdWx0cy9nZGVwLnR4dA=='],
    never: [
      { run: 'gdep', artifact: 'results/gdep.txt', dir: 'out' },
      { run: 'gfail', artifact: 'results/gfail.txt', dir: 'out' },
    ],
  },
  { name: 'a checkpoint of 8.30', place: at('8.30.0/checkpoint'), damage: ['.snakemake/metadata/Y2x1c3RlcnM='] },
  {
    name: 'pickled code of 7.32',
    place: at('7.32.4/message-rules'),
    damage: ['.snakemake/metadata/cmVwb3J0L3N1bW1hcnkuaHRtbA=='],
  },
  {
    name: 'the oldest',
    place: at('5.32.2/message-rules'),
    damage: ['.snakemake/metadata/cmVwb3J0L3N1bW1hcnkuaHRtbA=='],
  },
])
