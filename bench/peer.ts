// What people do in notebooks, by the thousand: register files with their lineage, hashing on; then walk a ladder.
import { statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { artifactUid, fileUri, runUid, transformUid, type Fact, type RunUid } from '../core/adapter.ts'
import { openStemma } from '../core/index.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { bareInserts } from './bare-inserts.ts'
import { median, peakRssMb, report, timed } from './measure.ts'

const RUNS = 1_000
const FILES_A_RUN = 10
const RUNGS = 12
const WALKS = 25
const transform = transformUid('typescript', 'bench/peer')

async function makeFiles(folder: string): Promise<void> {
  for (let run = 0; run < RUNS; run++) {
    await mkdir(join(folder, `run-${run}`))
    for (let file = 0; file < FILES_A_RUN; file++) {
      await writeFile(join(folder, `run-${run}`, `${file}.csv`), `run,file\n${run},${file}\n`.repeat(100))
    }
  }
}

/** Each run reads the first file of the run before and writes ten. */
async function* register(folder: string): AsyncGenerator<Fact> {
  const hasher = fileHasher('all')
  yield { kind: 'transform', uid: transform, name: 'register', type: 'script', engine: 'typescript' }
  for (let run = 0; run < RUNS; run++) {
    const uid = runUid('typescript', `bench/${run}`)
    yield {
      kind: 'run',
      uid,
      transform,
      engine: 'typescript',
      key: `bench/${run}`,
      name: 'register',
      outcome: 'succeeded',
    }
    if (run > 0) yield consumed(uid, join(folder, `run-${run - 1}`, '0.csv'))
    for (let file = 0; file < FILES_A_RUN; file++)
      yield* registerFile(uid, join(folder, `run-${run}`, `${file}.csv`), hasher)
  }
}

async function* registerFile(run: RunUid, path: string, hasher: ReturnType<typeof fileHasher>): AsyncGenerator<Fact> {
  const { size, mtimeMs } = statSync(path)
  const digest = await hasher(path, { type: 'file', sizeBytes: size, modifiedMs: mtimeMs })
  if (digest === undefined) throw new Error(`the file was not hashed: "${path}"`)
  const uri = fileUri(path)
  yield { kind: 'artifact', uid: artifactUid(uri), uri, type: 'file', digests: [digest] }
  yield { kind: 'produced', run, artifact: artifactUid(uri), evidence: 'observed' }
}

function consumed(run: RunUid, path: string): Fact {
  return { kind: 'consumed', run, artifact: artifactUid(fileUri(path)), evidence: 'observed' }
}

/** Twelve diamonds in a row, 24 files beside the first: a walk that names every path would see 2^12 of them. */
function* ladder(): Generator<Fact> {
  yield { kind: 'transform', uid: transform, name: 'register', type: 'script', engine: 'typescript' }
  yield file('0')
  for (let rung = 0; rung < RUNGS; rung++) {
    for (const side of ['a', 'b']) {
      yield file(`${rung}${side}`)
      yield* step(`${rung}${side}`, rung === 0 ? ['0'] : [`${rung - 1}a`, `${rung - 1}b`])
    }
  }
}

function file(name: string): Fact {
  return {
    kind: 'artifact',
    uid: artifactUid(fileUri(`/ladder/${name}`)),
    uri: fileUri(`/ladder/${name}`),
    type: 'file',
  }
}

function* step(to: string, from: readonly string[]): Generator<Fact> {
  const uid = runUid('typescript', `ladder/${to}`)
  yield { kind: 'run', uid, transform, engine: 'typescript', key: `ladder/${to}`, name: to, outcome: 'succeeded' }
  for (const name of from) yield consumed(uid, `/ladder/${name}`)
  yield { kind: 'produced', run: uid, artifact: artifactUid(fileUri(`/ladder/${to}`)), evidence: 'observed' }
}

async function* each(facts: Iterable<Fact>): AsyncGenerator<Fact> {
  for (const fact of facts) yield await Promise.resolve(fact)
}

const folder = await mkdtemp(join(tmpdir(), 'stemma-peer-'))
try {
  await makeFiles(folder)
  const database = `file:${join(folder, 'peer.db')}`
  await using stemma = await openStemma({ database, create: true })
  const about = { adapter: 'bench', adapterVersion: 1, place: folder }
  const ours = await timed(() => stemma.ingest(register(folder), about))
  const bare = await timed(async () => {
    const hashed: Fact[] = []
    for await (const fact of register(folder)) hashed.push(fact)
    bareInserts(join(folder, 'peer.db'), join(folder, 'bare.db'))
    return hashed.length
  })
  const files = RUNS * FILES_A_RUN
  report({
    bench: 'peer.register',
    ratio: bare.ms / ours.ms,
    target: 0.5,
    files,
    ms: ours.ms,
    bareMs: bare.ms,
    rssMb: peakRssMb(),
  })

  await stemma.ingest(each(ladder()), { ...about, place: 'ladder' })
  const root = artifactUid(fileUri(`/ladder/${RUNGS - 1}a`))
  const walks: number[] = []
  for (let at = 0; at < WALKS; at++) {
    const walk = await timed(() => stemma.lineage(root, { direction: 'up', limit: 1000 }))
    if (walk.value.nodes.length !== 4 * RUNGS - 1) throw new Error(`the ladder has ${walk.value.nodes.length} nodes`)
    walks.push(walk.ms)
  }
  report({ bench: 'peer.ladder', ms: median(walks), targetMs: 5, files: 2 * RUNGS })
} finally {
  await rm(folder, { recursive: true, force: true })
}
