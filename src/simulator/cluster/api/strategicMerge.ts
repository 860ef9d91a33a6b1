import { copyOf } from './copy.ts'
import { isEqual } from './equality.ts'
import { goText } from './goText.ts'
import { indexOfItem, isSameItem, weave } from './mergeList.ts'
import { apiMergeSchema, type MergeSchema } from './merging.ts'

type Document = Record<string, unknown>

const deletePrefix = '$deleteFromPrimitiveList/'
const orderPrefix = '$setElementOrder/'

/** What a strategic merge patch may leave standing: directives stay when two patches are joined into one. */
interface Options {
  readonly schema: MergeSchema
  readonly isJoining: boolean
}

/**
 * Applies a strategic merge patch to a copy: lists with a merge key are merged item by item. `struct` is the type of
 * the document. Throws an Error with the words of k8s.io/apimachinery/pkg/util/strategicpatch.
 */
export function strategicMerge(document: unknown, patch: unknown, struct: string, schema = apiMergeSchema): unknown {
  return mergeMap(copyOf(document) as Document, copyOf(patch) as Document, struct, { schema, isJoining: false })
}

/** Joins two patches: what the second says on top of what the first says. */
export function joinPatches(first: unknown, second: unknown, struct: string | undefined, schema: MergeSchema): unknown {
  return mergeMap(copyOf(first) as Document, copyOf(second) as Document, struct, { schema, isJoining: true })
}

function mergeMap(target: Document, patch: Document, struct: string | undefined, options: Options): Document {
  if ('$patch' in patch) return replaceOrDelete(patch)
  retainKeys(target, patch, options)
  applyOrders(target, patch, struct, options)
  for (const [name, value] of Object.entries(patch)) {
    const isDeletion = name.startsWith(deletePrefix)
    if (isDeletion && options.isJoining) {
      target[name] = value
      continue
    }
    const key = isDeletion ? name.slice(deletePrefix.length) : name
    if (value === null) {
      delete target[key]
      if (!options.isJoining) continue
    }
    const current = target[key]
    if (!(key in target) || typeOf(current) !== typeOf(value)) {
      if (!isDeletion) target[key] = options.isJoining ? withoutDeletedItems(value) : withoutDirectives(value)
      continue
    }
    const merging = options.schema.field(struct, key)
    if (isMap(current))
      target[key] = merging.isReplaced ? value : mergeMap(current, value as Document, merging.struct, options)
    else if (!Array.isArray(current)) target[key] = value
    else if (isDeletion) target[key] = current.filter(item => !(value as unknown[]).some(other => isEqual(item, other)))
    else if (merging.mergeKey !== undefined || merging.isSet)
      target[key] = mergeList(current, value as unknown[], merging.struct, merging.mergeKey, options)
    else target[key] = value
  }
  return target
}

function replaceOrDelete({ $patch: directive, ...rest }: Document): Document {
  if (directive === 'replace') return rest
  if (directive === 'delete') return {}
  throw new Error(`unknown patch type found: ${String(directive)}`)
}

/** `$retainKeys` names the only fields that remain. */
function retainKeys(target: Document, patch: Document, { isJoining }: Options): void {
  const retained = patch['$retainKeys']
  if (retained === undefined) return
  delete patch['$retainKeys']
  if (!Array.isArray(retained)) throw new Error('invalid patch format of retainKeys')
  if (isJoining) target['$retainKeys'] = retained
  for (const [key, value] of Object.entries(patch))
    if (value !== null && !key.startsWith('$') && !retained.includes(key))
      throw new Error('invalid patch format of retainKeys')
  if (!isJoining) for (const key of Object.keys(target)) if (!retained.includes(key)) delete target[key]
}

/** `$setElementOrder/field` says in which order the items of a list shall stand. */
function applyOrders(target: Document, patch: Document, struct: string | undefined, options: Options): void {
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(orderPrefix)) continue
    const order = patch[name]
    delete patch[name]
    if (!Array.isArray(order)) throw new Error('invalid patch format of setElementOrder list')
    if (options.isJoining) {
      target[name] = order
      continue
    }
    const key = name.slice(orderPrefix.length)
    const { mergeKey, struct: itemStruct } = options.schema.field(struct, key)
    const current = target[key] as unknown[] | undefined
    const wanted = patch[key] as unknown[] | undefined
    delete patch[key]
    if (wanted) requireOrdered(wanted, order, mergeKey)
    if (!current && !wanted) continue
    const merged = !wanted
      ? current!
      : current
        ? mergeList(current, wanted, itemStruct, mergeKey, options)
        : (withoutDirectives(wanted) as unknown[])
    const removed = patch[deletePrefix + key] as unknown[] | undefined
    const kept = removed ? merged.filter(item => !removed.some(other => isEqual(item, other))) : merged
    delete patch[deletePrefix + key]
    target[key] = weave(kept, order, serverOrder(current ?? [], wanted ?? [], mergeKey), mergeKey)
  }
}

/**
 * The order that the server knows: the one that the list has, with new items in the places of deleted ones. (Upstream
 * does this by accident: both share an array. Lists that people see come out in this order nevertheless.)
 */
function serverOrder(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string | undefined,
): readonly unknown[] {
  if (mergeKey === undefined) return current
  const deleted = patch.filter(item => isMap(item) && item['$patch'] === 'delete')
  if (deleted.length === 0) return current
  const kept = current.filter(item => indexOfItem(deleted, item, mergeKey) < 0)
  const added = patch.filter(item => !(isMap(item) && '$patch' in item) && indexOfItem(kept, item, mergeKey) < 0)
  return [...kept, ...added].slice(0, current.length)
}

function requireOrdered(items: readonly unknown[], order: readonly unknown[], mergeKey: string | undefined): void {
  const kept = items.filter(item => !(isMap(item) && '$patch' in item))
  let found = 0
  for (const item of order) if (found < kept.length && isSameItem(kept[found], item, mergeKey)) found++
  if (found < kept.length) throw new Error(orderMismatch(kept, order))
}

function orderMismatch(items: readonly unknown[], order: readonly unknown[]): string {
  return `The order in patch list:\n${goText(items)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`
}

function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  struct: string | undefined,
  mergeKey: string | undefined,
  options: Options,
): unknown[] {
  if (mergeKey === undefined) {
    const merged = [...current]
    for (const item of patch) if (!merged.some(other => isEqual(item, other))) merged.push(item)
    return weave(merged, patch, current, undefined)
  }
  const { base, items } = applyItemDirectives(current, patch, mergeKey, options)
  const merged = [...base]
  for (const item of items as Document[]) {
    requireKey(item, mergeKey)
    const place = indexOfItem(merged, item, mergeKey)
    if (place < 0) merged.push(options.isJoining ? item : withoutDirectives(item))
    else merged[place] = mergeMap(merged[place] as Document, item, struct, options)
  }
  return weave(merged, items, base, mergeKey)
}

/** Items like `{name: old, $patch: delete}` and `{$patch: replace}` act on the list and do not stay in it. */
function applyItemDirectives(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  { isJoining }: Options,
): { base: readonly unknown[]; items: readonly unknown[] } {
  if (isJoining) return { base: current, items: patch }
  const items: unknown[] = []
  let base = current
  let isReplacement = false
  for (const item of patch as Document[]) {
    if (!isMap(item)) throw new Error('unable to merge lists whose items differ in type')
    if (!('$patch' in item)) items.push(item)
    else if (item['$patch'] === 'replace') isReplacement = true
    else if (item['$patch'] === 'delete') {
      requireKey(item, mergeKey)
      base = base.filter(other => !isSameItem(other, item, mergeKey))
    } else throw new Error(`unknown patch type found: ${String(item['$patch'])}`)
  }
  return isReplacement ? { base: items, items: [] } : { base, items }
}

function requireKey(item: Document, mergeKey: string): void {
  if (!(mergeKey in item)) throw new Error(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`)
}

/** A new value without the items that only say that one of their name goes: there is none to go. */
function withoutDeletedItems(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter(item => !(isMap(item) && item['$patch'] === 'delete')).map(withoutDeletedItems)
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutDeletedItems(field)]))
}

/** A new value as it is stored: without nulls and without the words that direct a merge. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .filter(item => !(isMap(item) && (item['$patch'] === 'delete' || item['$patch'] === 'replace')))
      .map(withoutDirectives)
  if (!isMap(value)) return value
  const kept: Document = {}
  for (const [key, field] of Object.entries(value))
    if (field !== null && key !== '$patch' && key !== '$retainKeys' && !/^\$(setElementOrder|deleteFrom)/.test(key))
      kept[key] = withoutDirectives(field)
  return kept
}

function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
}
