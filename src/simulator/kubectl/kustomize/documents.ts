import { Failure } from '../failure.ts'
import { yamlDocuments } from '../objects/documents.ts'
import type { AnyObject } from '../server/object.ts'
import { parseYaml } from '../yaml/parser.ts'
import { YamlError } from '../yaml/yamlError.ts'
import { resolveResourceScalar } from './scalars.ts'

/** YAML that cannot be read at all, in distinction to what is readable and no resource. */
export class MalformedYaml extends Failure {}

/** The objects in a file of resources; those in lists come one by one. */
export function resourcesIn(text: string, file?: string): AnyObject[] {
  const documents = yamlDocuments(text).map(piece => parse(piece, file))
  const objects: AnyObject[] = []
  const queue = documents.filter(document => !isNothing(document))
  for (const document of queue) checkMetadata(document)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const object = next as AnyObject
    if (!object.kind.endsWith('List')) {
      objects.push(withMetadata(object))
      continue
    }
    const items = (object['items'] ?? []) as unknown[]
    if (!Array.isArray(items)) throw new Failure(`expected array in ${object.kind}/items, but found ${typeof items}`)
    for (const item of items) checkMetadata(item)
    queue.push(...items)
  }
  return objects
}

function parse(piece: string, file: string | undefined): unknown {
  try {
    return parseYaml(piece, resolveResourceScalar)
  } catch (error) {
    const problem = error instanceof YamlError ? error.asVersion3 : (error as Error).message
    throw new MalformedYaml(file === undefined ? problem : `MalformedYAMLError: ${problem} in File: ${file}`)
  }
}

function isNothing(document: unknown): boolean {
  if (document === undefined || document === null) return true
  return typeof document === 'object' && Object.keys(document).length === 0
}

function checkMetadata(document: unknown): void {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new Failure('missing Resource metadata')
  const { apiVersion = '', kind = '', metadata } = document as Partial<AnyObject>
  const { name = '', namespace = '', labels, annotations } = metadata ?? {}
  if (!apiVersion && !kind && !metadata) throw new Failure('missing Resource metadata')
  const shown = `{{${apiVersion} ${kind}} {{${name} ${namespace}} ${goMap(labels)} ${goMap(annotations)}}}`
  if (!kind) throw new Failure(`missing kind in object ${shown}`)
  if (!name && !kind.endsWith('List')) throw new Failure(`missing metadata.name in object ${shown}`)
}

/** A map as Go's %v prints it. */
function goMap(map: unknown): string {
  const entries = Object.entries((map ?? {}) as object).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, value]) => `${key}:${value}`).join(' ')}]`
}

/** Annotations without entries are as good as none. */
function withMetadata(object: AnyObject): AnyObject {
  const { annotations } = object.metadata
  if (annotations === null || (annotations && Object.keys(annotations).length === 0))
    delete object.metadata['annotations']
  return object
}
