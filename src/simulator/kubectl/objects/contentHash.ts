import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { bytesOf } from '../../machine/bytes.ts'
import { digestOf } from '../../machine/digest.ts'
import { sorted } from '../output/json.ts'
import type { AnyObject } from '../server/object.ts'

/** Letters and digits that could spell something are replaced (k8s.io/kubectl/pkg/util/hash). */
const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }

/**
 * The ten characters that a config map's or secret's name gets for what is in it, as kustomize reckons them. It means to
 * count the name in and looks for it in the wrong place (api/hasher), so the name is always empty.
 */
export function contentHash(object: AnyObject): string {
  const { kind, data = '', binaryData, stringData, type = '' } = object
  if (kind === 'ConfigMap') return hashOf({ kind, name: '', data, ...(binaryData ? { binaryData } : {}) })
  if (kind === 'Secret') return hashOf({ kind, type, name: '', data, ...(stringData ? { stringData } : {}) })
  return hashOf(object)
}

/** The object of a generator with its hash appended to its name, as `--append-hash` wants it. */
export function withHash(object: AnyObject): AnyObject {
  const { kind, metadata, data = {}, binaryData, type } = object
  const { name = '' } = metadata
  const more = kind === 'Secret' ? { type: type ?? '' } : binaryData ? { binaryData } : {}
  return { ...object, metadata: { ...metadata, name: `${name}-${hashOf({ kind, name, data, ...more })}` } }
}

function hashOf(content: unknown): string {
  const hex = digestOf('sha256', bytesOf(formatJsonLine(sorted(content))))
  return hex.slice(0, 10).replace(/[013ae]/g, letter => letters[letter]!)
}
