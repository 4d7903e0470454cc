import type { Fact } from '../fact/fact.ts'
import type { ContainedEdge } from '../query/view.ts'

/** What a picture is made of; other facts are passed over. */
export type Drawable = Fact | ContainedEdge

/** Longer texts are cut in the middle: a picture is looked at. */
const MOST_CHARACTERS = 80

/** What to draw, free of any notation. */
export type Shape =
  | {
      readonly shape: 'run' | 'file' | 'folder'
      readonly uid: string
      readonly label: string
      readonly tip: string
      readonly look: string
    }
  | {
      readonly shape: 'arrow'
      readonly from: string
      readonly to: string
      readonly label: string
      readonly isDirect: boolean
    }

/** Arrows go the way of the bytes. */
export function toShapes(item: Drawable): readonly Shape[] {
  switch (item.kind) {
    case 'run': {
      const node: Shape = { shape: 'run', uid: item.uid, label: shorten(item.name), tip: item.key, look: item.outcome }
      if (item.reuses === undefined) return [node]
      return [node, { shape: 'arrow', from: item.reuses, to: item.uid, label: 'reused', isDirect: false }]
    }
    case 'artifact': {
      const shape = item.type === 'folder' ? 'folder' : 'file'
      return [{ shape, uid: item.uid, label: shorten(nameOfUri(item.uri)), tip: item.uri, look: item.type }]
    }
    case 'consumed':
      return [{ shape: 'arrow', from: item.artifact, to: item.run, label: shorten(item.role ?? ''), isDirect: true }]
    case 'produced':
      return [{ shape: 'arrow', from: item.run, to: item.artifact, label: shorten(item.role ?? ''), isDirect: true }]
    case 'copied':
      return [{ shape: 'arrow', from: item.from, to: item.to, label: item.method, isDirect: false }]
    case 'contained':
      return [{ shape: 'arrow', from: item.from, to: item.to, label: 'contained', isDirect: false }]
    default:
      return []
  }
}

/** The last part of a uri, as people write it. */
function nameOfUri(uri: string): string {
  const last = uri.replace(/\/+$/, '').split('/').at(-1) ?? uri
  try {
    return decodeURIComponent(last)
  } catch {
    return last // a lone % in a foreign uri
  }
}

function shorten(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= MOST_CHARACTERS) return text
  const half = Math.floor(MOST_CHARACTERS / 2)
  return `${characters.slice(0, half - 1).join('')}…${characters.slice(-half).join('')}`
}
