import { hash as sha256 } from 'node:crypto'
import { z } from 'zod'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Every two digits, the lower one first. */
const PAIRS = Array.from(
  { length: 62 * 62 },
  (_, at) => ALPHABET.charAt(at % 62) + ALPHABET.charAt(Math.floor(at / 62)),
)

/** uids: base62 text, made from natural keys alone so that every machine gives the same thing the same uid. */
export const TransformUid = z
  .string()
  .regex(/^[0-9A-Za-z]{16}$/)
  .brand('TransformUid')
export type TransformUid = z.infer<typeof TransformUid>
export const RunUid = z
  .string()
  .regex(/^[0-9A-Za-z]{16}$/)
  .brand('RunUid')
export type RunUid = z.infer<typeof RunUid>
export const ArtifactUid = z
  .string()
  .regex(/^[0-9A-Za-z]{20}$/)
  .brand('ArtifactUid')
export type ArtifactUid = z.infer<typeof ArtifactUid>
export const ImportUid = z
  .string()
  .regex(/^[0-9A-Za-z]{16}$/)
  .brand('ImportUid')
export type ImportUid = z.infer<typeof ImportUid>

/** Length of an artifact's stem, which all versions of one place share; the rest of the uid is the version. */
export const ARTIFACT_STEM_LENGTH = 16
/** The version of a file of which nobody has said which version it is. */
export const UNSTATED_VERSION = '0000'

/** A transform's uid: 12 characters for what it is (engine, type, name in its pipeline), 4 for its version. */
export function transformUid(engine: string, naturalKey: string, version?: string): TransformUid {
  return (base62('transform', `${engine}:${naturalKey}`, 12) + versionSuffix(version)) as TransformUid
}

/** A run's uid, from its engine and a key that is unique among all runs of that engine anywhere. */
export function runUid(engine: string, naturalKey: string): RunUid {
  return base62('run', `${engine}:${naturalKey}`, 16) as RunUid
}

/**
 * An artifact's uid: 16 characters for its place (`uri`), 4 for its version. Leave `version` out for a place that is
 * written once (a task's own folder) or when nobody says which version was meant: core then joins it to the version
 * that lay there at the time. Give the writing run's key where a path can be written again.
 */
export function artifactUid(uri: string, version?: string): ArtifactUid {
  return (base62('artifact', uri, ARTIFACT_STEM_LENGTH) + versionSuffix(version)) as ArtifactUid
}

/** An import's uid, from the adapter and the place that it read. */
export function importUid(adapter: string, place: string): ImportUid {
  return base62('import', `${adapter}:${place}`, 16) as ImportUid
}

/** The part of an artifact's uid that all versions at one place share. */
export function artifactStem(uid: ArtifactUid): string {
  return uid.slice(0, ARTIFACT_STEM_LENGTH)
}

function versionSuffix(version: string | undefined): string {
  if (version === undefined) return UNSTATED_VERSION
  const suffix = base62('version', version, 4)
  return suffix === UNSTATED_VERSION ? '0001' : suffix
}

/** The first 128 bits of a SHA-256 in base 62, least digit first. */
function base62(space: string, text: string, length: number): string {
  // As text of a byte a character: to make a Buffer would take three times as long as to hash.
  const hash = sha256('sha256', `${space}\0${text}`, 'binary')
  const limbs = [limbAt(hash, 0), limbAt(hash, 4), limbAt(hash, 8), limbAt(hash, 12)]
  let digits = ''
  while (digits.length < length) {
    const three = divide(limbs)
    digits += (PAIRS[three % PAIRS.length] ?? '') + ALPHABET.charAt((three / PAIRS.length) | 0)
  }
  return digits.slice(0, length)
}

/** Four bytes, the highest first. */
function limbAt(bytes: string, at: number): number {
  const low = (bytes.charCodeAt(at + 1) << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3)
  return bytes.charCodeAt(at) * 2 ** 24 + low
}

/** 62 cubed: the largest power whose products with a 32-bit limb are exact in a double. */
const THREE_DIGITS = 62 ** 3

/** Divides the number in place by three digits and returns them. */
function divide(limbs: number[]): number {
  let rest = 0
  for (let at = 0; at < limbs.length; at++) {
    const part = rest * 2 ** 32 + (limbs[at] ?? 0)
    const quotient = Math.floor(part / THREE_DIGITS)
    limbs[at] = quotient
    rest = part - quotient * THREE_DIGITS // `%` of doubles takes ten times as long
  }
  return rest
}
