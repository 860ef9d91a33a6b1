import { toBase64 as base64OfText } from '../../cluster/api/base64.ts'
import { Failure } from '../failure.ts'
import { base64, isText } from '../objects/bytes.ts'
import type { AnyObject } from '../server/object.ts'
import type { Folder } from './folder.ts'
import { keyValues } from './keyValues.ts'
import type { Generator, GeneratorOptions } from './kustomization.ts'
import { type Behavior, Resource } from './resource.ts'

/** The config map that a generator describes. */
export function generateConfigMap(folder: Folder, generator: Generator, all: GeneratorOptions | undefined): Resource {
  const object = named('ConfigMap', generator)
  const data = read(folder, 'configmap', generator)
  const texts = data.filter(([, value]) => isText(value))
  const binaries = data.filter(([, value]) => !isText(value)).map(([key, value]) => [key, foldedBase64(base64(value))])
  if (texts.length > 0) object['data'] = Object.fromEntries(texts)
  if (binaries.length > 0) object['binaryData'] = Object.fromEntries(binaries)
  return finished(object, generator, all)
}

/** The secret that a generator describes. */
export function generateSecret(folder: Folder, generator: Generator, all: GeneratorOptions | undefined): Resource {
  const object: AnyObject = { ...named('Secret', generator), type: generator.type || 'Opaque' }
  const data = read(folder, 'secret', generator)
  if (data.length > 0) {
    object['data'] = Object.fromEntries(
      data.map(([key, value]) => [key, foldedBase64(isText(value) ? base64OfText(value) : base64(value))]),
    )
  }
  return finished(object, generator, all)
}

function named(kind: 'ConfigMap' | 'Secret', { name, namespace }: Generator): AnyObject {
  if (!name) throw new Failure(`a ${kind.toLowerCase()} must have a name`)
  return { apiVersion: 'v1', kind, metadata: { name, ...(namespace && { namespace }) } }
}

function read(folder: Folder, kind: string, generator: Generator): [key: string, value: string][] {
  const pairs = keyValues(folder, generator)
  const seen = new Set<string>()
  for (const [key] of pairs) {
    if (seen.has(key)) throw new Failure(`${kind} ${generator.name} illegally repeats the key \`${key}\``)
    seen.add(key)
  }
  return pairs
}

function finished(object: AnyObject, generator: Generator, all: GeneratorOptions | undefined): Resource {
  const own = generator.options
  const labels = { ...all?.labels, ...own?.labels }
  const annotations = { ...all?.annotations, ...own?.annotations }
  if (Object.keys(labels).length > 0) object.metadata['labels'] = labels
  if (Object.keys(annotations).length > 0) object.metadata['annotations'] = annotations
  if (all?.immutable || own?.immutable) object['immutable'] = true
  const resource = new Resource(object)
  resource.needsHash = !(all?.disableNameSuffixHash || own?.disableNameSuffixHash)
  resource.behavior = behaviorOf(generator.behavior)
  return resource
}

function behaviorOf(text: string | undefined): Behavior {
  return text === 'create' || text === 'merge' || text === 'replace' ? text : 'unspecified'
}

/** Long base64 is written in lines of 70 characters. */
function foldedBase64(text: string): string {
  return text.length < 70 ? text : text.replace(/.{1,70}/g, '$&\n')
}
