import redun from '../../../adapters/redun/index.ts'
import { adapterContract } from '../../contract/adapter.ts'
import { fixture } from './read-facts.ts'

adapterContract(redun, [
  {
    name: 'killed and resumed',
    place: fixture('0.46.0/killed-and-resumed'),
    damage: ['.redun/redun.db', '.redun/redun.ini'],
    never: [
      { run: 'slow.prep', artifact: 'w/total.txt', dir: 'in' },
      { run: 'slow.total', artifact: 'in/0.txt', dir: 'in' },
    ],
  },
  { name: 'a script', place: fixture('0.46.0/script'), damage: [] },
  { name: 'two workflows', place: fixture('0.46.0/two-workflows'), damage: ['.redun/redun.db'] },
  {
    name: 'a value store',
    place: fixture('0.46.0/value-store'),
    damage: ['.redun/vstore/cb/1e2ad72850229ccdb6e38269545cc8a28e408f'],
  },
  { name: 'sub-schedulers, the database outside .redun', place: fixture('0.46.0/sub-run'), damage: [] },
  { name: 'schema 3.1', place: fixture('0.7.4/local-times'), damage: ['.redun/redun.db'] },
  {
    name: 'an export',
    place: `${fixture('0.46.0/postgres-and-export')}/export.jsonl`,
    damage: [''],
    cut: [{ path: '', gap: /^redun\.export-line$/ }],
  },
])
