import { isEqual } from './equality.ts'
import { indexOfItem, inOrderOf, isSameItem } from './mergeList.ts'
import { apiMergeSchema, type MergeSchema } from './merging.ts'
import { joinPatches } from './strategicMerge.ts'

type Document = Record<string, unknown>

interface Options {
  readonly schema: MergeSchema
  readonly ignoresDeletions: boolean
  readonly ignoresChanges: boolean
  readonly retainsKeys: boolean
}

/** The strategic merge patch that turns one document into another. */
export function twoWayPatch(
  original: unknown,
  modified: unknown,
  struct: string | undefined,
  schema = apiMergeSchema,
): Document {
  return diffMaps(original as Document, modified as Document, struct, {
    schema,
    ignoresDeletions: false,
    ignoresChanges: false,
    retainsKeys: false,
  })
}

/**
 * The patch that `kubectl apply` sends: what differs between the live object and the wanted one, and what the last
 * applied one had and the wanted one lacks.
 */
export function threeWayPatch(
  lastApplied: unknown,
  wanted: unknown,
  live: unknown,
  struct: string | undefined,
  schema = apiMergeSchema,
): Document {
  const changes = { schema, ignoresDeletions: true, ignoresChanges: false, retainsKeys: false }
  const deletions = { schema, ignoresDeletions: false, ignoresChanges: true, retainsKeys: false }
  const delta = diffMaps(live as Document, wanted as Document, struct, changes)
  const removed = diffMaps(lastApplied as Document, wanted as Document, struct, deletions)
  return joinPatches(removed, delta, struct, schema) as Document
}

function diffMaps(original: Document, modified: Document, struct: string | undefined, options: Options): Document {
  const patch: Document = {}
  for (const [key, value] of Object.entries(modified)) {
    const before = original[key]
    if (!(key in original) || kindOf(before) !== kindOf(value)) {
      if (!options.ignoresChanges) patch[key] = value
      continue
    }
    const merging = options.schema.field(struct, key)
    const inner = { ...options, retainsKeys: merging.retainsKeys }
    if (isMap(before) && merging.isReplaced) {
      if (!options.ignoresChanges) patch[key] = value
    } else if (isMap(before)) {
      const difference = diffMaps(before, value as Document, merging.struct, inner)
      if (Object.keys(difference).length > 0) patch[key] = difference
    } else if (Array.isArray(before) && (merging.mergeKey !== undefined || merging.isSet))
      diffLists(key, before, value as unknown[], merging.struct, merging.mergeKey, inner, patch)
    else if (!options.ignoresChanges && !isEqual(before, value)) patch[key] = value
  }
  const gone = Object.keys(original).filter(key => !(key in modified))
  if (!options.ignoresDeletions) for (const key of gone) patch[key] = null
  const retained = Object.keys(modified).filter(key => modified[key] !== null)
  if (options.retainsKeys && retained.length > 0 && (Object.keys(patch).length > 0 || gone.length > 0))
    patch['$retainKeys'] = retained.sort()
  return patch
}

function diffLists(
  key: string,
  original: readonly unknown[],
  modified: readonly unknown[],
  struct: string | undefined,
  mergeKey: string | undefined,
  options: Options,
  patch: Document,
): void {
  if (original.length === 0) {
    if (modified.length > 0 && !options.ignoresChanges) patch[key] = modified
    return
  }
  const isOfMaps = isMap(original[0] ?? modified[0])
  const itemKey = isOfMaps ? mergeKey : undefined
  const additions: unknown[] = []
  // Items may share a key, like a port for TCP and UDP: the second is compared with the second.
  const rest = [...original]
  for (const item of modified) {
    const place = indexOfItem(rest, item, itemKey)
    const [before] = place < 0 ? [] : rest.splice(place, 1)
    if (place < 0) {
      if (!options.ignoresChanges) additions.push(item)
    } else if (isOfMaps) {
      const difference = diffMaps(before as Document, item as Document, struct, options)
      if (Object.keys(difference).length > 0)
        additions.push({ ...difference, [mergeKey!]: (item as Document)[mergeKey!] })
    }
  }
  const gone = isOfMaps ? rest : rest.filter(item => indexOfItem(modified, item, itemKey) < 0)
  const deletions = options.ignoresDeletions ? [] : gone
  const changes = inOrderOf(additions, modified, itemKey)
  const all = isOfMaps
    ? [...changes, ...sortedByKey(deletions, mergeKey!).map(value => ({ [mergeKey!]: value, $patch: 'delete' }))]
    : changes
  if (all.length > 0) patch[key] = all
  if (!isOfMaps && deletions.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = [...new Set(deletions)].sort()
  const isReordered = !isSameOrder(original, modified, itemKey)
  const isChanged = isOfMaps ? all.length > 0 : all.length > 0 || deletions.length > 0
  if (
    modified.length > 0 &&
    ((!options.ignoresChanges && (isChanged || isReordered)) || (!options.ignoresDeletions && isChanged))
  )
    patch[`$setElementOrder/${key}`] = isOfMaps
      ? modified.map(item => ({ [mergeKey!]: (item as Document)[mergeKey!] }))
      : modified
}

function sortedByKey(items: readonly unknown[], mergeKey: string): unknown[] {
  return items.map(item => (item as Document)[mergeKey]).sort((a, b) => (String(a) < String(b) ? -1 : 1))
}

function isSameOrder(a: readonly unknown[], b: readonly unknown[], mergeKey: string | undefined): boolean {
  return a.length === b.length && a.every((item, index) => isSameItem(item, b[index], mergeKey))
}

function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
}
