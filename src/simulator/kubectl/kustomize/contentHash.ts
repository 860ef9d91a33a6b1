import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { bytesOf } from '../../machine/bytes.ts'
import { digestOf } from '../../machine/digest.ts'
import { sorted } from '../output/json.ts'
import type { AnyObject } from '../server/object.ts'

/** Letters and digits that could spell something are replaced (k8s.io/kubectl/pkg/util/hash). */
const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }

/** The ten characters that a config map's or secret's name gets for what is in it. */
export function contentHash(object: AnyObject): string {
  const hex = digestOf('sha256', bytesOf(formatJsonLine(sorted(hashed(object)))))
  return hex.slice(0, 10).replace(/[013ae]/g, letter => letters[letter]!)
}

function hashed(object: AnyObject): unknown {
  const { kind, data = '', binaryData, stringData, type = '' } = object
  // kustomize means to count the name in and looks for it in the wrong place (api/hasher): it is always empty.
  const name = ''
  if (kind === 'ConfigMap') return { kind, name, data, ...(binaryData ? { binaryData } : {}) }
  if (kind === 'Secret') return { kind, type, name, data, ...(stringData ? { stringData } : {}) }
  return object
}
