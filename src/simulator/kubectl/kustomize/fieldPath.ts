import { Failure } from '../failure.ts'
import type { Resource } from './resource.ts'
import { isSelected } from './resourceId.ts'

/** Where in which kinds something stands. Lists on the way are gone through; `create` makes what is missing. */
export interface FieldSpec {
  readonly path: string
  readonly create?: boolean
  readonly group?: string
  readonly version?: string
  readonly kind?: string
}

/** A place in an object that can be read and written. */
export interface Place {
  readonly value: unknown
  set(value: unknown): void
}

/** Calls a function for each place that a field spec leads to; `made` is what a missing last field becomes. */
export function visit(resource: Resource, spec: FieldSpec, made: unknown, see: (place: Place) => void): void {
  if (!isSelected(resource.id, spec)) return
  walk(resource.object, partsOf(spec.path), spec.create === true, made, see)
}

/** The names on the way; `\/` is a slash in a name. */
export function partsOf(path: string): string[] {
  return path.split(/(?<!\\)\//).map(part => part.replaceAll('\\/', '/'))
}

function walk(node: unknown, parts: readonly string[], mayCreate: boolean, made: unknown, see: (place: Place) => void) {
  if (Array.isArray(node)) {
    for (const [i, item] of node.entries()) {
      if (parts.length > 0) walk(item, parts, mayCreate, made, see)
      else see({ value: item, set: value => (node[i] = value) })
    }
    return
  }
  if (typeof node !== 'object' || node === null) throw new Failure('expected sequence or mapping node')
  const object = node as Record<string, unknown>
  const [first = '', ...rest] = parts
  const isList = first.endsWith('[]')
  const name = isList ? first.slice(0, -2) : first
  if (object[name] === undefined || object[name] === null) {
    if (!mayCreate || isList) return
    object[name] = rest.length > 0 ? {} : structuredClone(made)
  }
  if (rest.length > 0) return walk(object[name], rest, mayCreate, made, see)
  if (isList && Array.isArray(object[name])) return walk(object[name], rest, mayCreate, made, see)
  see({ value: object[name], set: value => (object[name] = value) })
}
