import { copyOf } from '../../cluster/api/copy.ts'
import { apiMergeSchema } from '../../cluster/api/merging.ts'
import { keyedLists, patchedLists, patchedSets } from '../../cluster/api/schemaFacts.ts'
import { Failure } from '../failure.ts'
import { formatYaml } from '../output/yaml.ts'
import { structOf } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'
import { mergeItems } from './keyedList.ts'

type Fields = Record<string, unknown>

const directive = '$patch'

/**
 * Merges a patch into an object as kustomize does, which is not quite what the API server does: what a patch adds to a
 * list stands first in it. Undefined when the patch deletes the object.
 */
export function strategicPatch(object: AnyObject, patch: AnyObject): AnyObject | undefined {
  return merged(copyOf(object), copyOf(patch), structOf(object)) as AnyObject | undefined
}

/** One value merged into another; undefined is nothing at all. What was null is dropped on the way. */
function merged(into: unknown, patch: unknown, struct: string | undefined): unknown {
  const kind = kindOf(into) ?? kindOf(patch)
  for (const value of [into, patch]) {
    const other = kindOf(value)
    if (kind && other && other !== kind)
      throw new Failure(`wrong node kind: expected ${kind} but got ${other}: node contents:\n${formatYaml(value)}`)
  }
  // Simplified: a null that is written out survives in kustomize, one that stands for an empty field does not.
  if (kind === undefined) return undefined
  if (kind === 'MappingNode') return mergedMaps(into as Fields | null, patch as Fields | null, struct)
  return patch === undefined ? into : (patch ?? undefined)
}

function mergedMaps(
  into: Fields | null | undefined,
  patch: Fields | null | undefined,
  struct: string | undefined,
): Fields | undefined {
  if (into && patch === null) return undefined
  const wish = patch ? takeDirective(patch) : 'merge'
  if (wish === 'delete') return undefined
  if (wish === 'replace' && into) return patch!
  const result = into ?? patch!
  const other = into ? patch : result
  for (const name of new Set([...Object.keys(result), ...Object.keys(other ?? {})])) {
    const value = mergedFields(result[name], other?.[name], struct, name)
    if (value === undefined) delete result[name]
    else result[name] = value
  }
  return result
}

function mergedFields(into: unknown, patch: unknown, struct: string | undefined, name: string): unknown {
  const { struct: inner } = apiMergeSchema.field(struct, name)
  const field = `${struct}.${name}`
  const keys = keysOf(field)
  if ((!keys && !patchedSets.has(field)) || kindOf(into ?? patch) !== 'SequenceNode') return merged(into, patch, inner)
  if (kindOf(patch) && kindOf(patch) !== 'SequenceNode') return merged(into, patch, inner)
  return mergedLists(into as unknown[] | null, patch as unknown[] | null, keys, inner)
}

function mergedLists(
  into: unknown[] | null | undefined,
  patch: unknown[] | null | undefined,
  keys: readonly string[] | undefined,
  struct: string | undefined,
): unknown[] | undefined {
  if (into && patch === null) return undefined
  const wish = patch && into ? takeListDirective(patch) : 'merge'
  if (wish === 'delete') return undefined
  if (wish === 'replace') return patch!
  const live = into ?? patch!
  const other = into ? (patch ?? []) : live
  if (!keys) return [...new Set([...other, ...live])]
  return mergeItems(live as Fields[], other as Fields[], keys, (item, change) => merged(item, change, struct) as Fields)
}

function keysOf(field: string): readonly string[] | undefined {
  if (patchedLists[field]) return [patchedLists[field]]
  if (keyedLists[field]) return keyedLists[field].split(' ')
  return /Status\.conditions$/.test(field) ? ['type'] : undefined
}

/** What a patch wants done with a whole map; the wish itself is taken out of it. */
function takeDirective(patch: Fields): string {
  const wish = patch[directive]
  if (wish === undefined) return 'merge'
  if (wish !== 'merge' && wish !== 'delete' && wish !== 'replace') throw new Failure(`unknown patch strategy '${wish}'`)
  delete patch[directive]
  return wish
}

/** A list's wish stands in an item that holds nothing else. */
function takeListDirective(patch: unknown[]): string {
  const at = patch.findIndex(item => kindOf(item) === 'MappingNode' && Object.hasOwn(item as Fields, directive))
  if (at < 0 || Object.keys(patch[at] as Fields).length > 1) return 'merge'
  const wish = takeDirective(patch[at] as Fields)
  patch.splice(at, 1)
  return wish
}

function kindOf(value: unknown): 'MappingNode' | 'SequenceNode' | 'ScalarNode' | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return 'SequenceNode'
  return typeof value === 'object' ? 'MappingNode' : 'ScalarNode'
}
