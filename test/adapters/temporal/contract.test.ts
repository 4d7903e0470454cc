import { join } from 'node:path'
import temporal from '../../../adapters/temporal/index.ts'
import { adapterContract } from '../../contract/adapter.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/temporal/server-1.32')
const place = (name: string): string => join(fixtures, name, 'source')

adapterContract(temporal, [
  {
    name: 'chain',
    place: place('chain'),
    cut: [{ path: 'chain-1.p1.json', gap: /^temporal\.cut-history$/ }],
    never: [{ run: 'validateRef (3)', artifact: 's1.trimmed.bam', dir: 'out' }],
  },
  { name: 'children', place: place('children') },
  { name: 'reset', place: place('reset') },
  { name: 'local activities', place: place('local-activities') },
  { name: 'standalone', place: place('standalone') },
  { name: 'other SDKs', place: place('other-sdks') },
  {
    name: 'binary',
    place: join(place('encodings'), 'cloud-export.binpb'),
    damage: [''],
    cut: [{ path: '', gap: /^temporal\.cut-history$/ }],
  },
  { name: 'gzip', place: place('long'), damage: [], cut: [{ path: 'marathon-1.p1.json.gz', gap: /^temporal\.cut/ }] },
])
