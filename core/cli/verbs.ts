import { artifacts } from './commands/artifacts.ts'
import { completion } from './commands/completion.ts'
import { connect } from './commands/connect.ts'
import { doctor } from './commands/doctor.ts'
import { exportVerb } from './commands/export.ts'
import { find } from './commands/find.ts'
import { importVerb } from './commands/import.ts'
import { init } from './commands/init.ts'
import { lineage } from './commands/lineage.ts'
import { path } from './commands/path.ts'
import { runs } from './commands/runs.ts'
import { show } from './commands/show.ts'
import { transforms } from './commands/transforms.ts'
import type { Verb } from './verb.ts'

/** Stemma's own verbs in the order of help: the way of a newcomer. */
export const ownVerbs: readonly Verb[] = [
  init,
  connect,
  importVerb,
  lineage,
  runs,
  artifacts,
  transforms,
  show,
  find,
  path,
  exportVerb,
  doctor,
  completion,
]
