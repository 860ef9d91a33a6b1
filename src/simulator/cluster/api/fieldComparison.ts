import { isEqual } from './equality.ts'
import { type FieldSet, FieldSetBuilder } from './fieldSet.ts'
import { granularityOf } from './merging.ts'
import { type FieldType, structNamed } from './schema.ts'

/** What differs between two versions of an object. */
export interface Difference {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet
  readonly removed: FieldSet
}

/** Compares two versions of an object field by field, as server-side apply does (structured-merge-diff). */
export function compareFields(struct: string, before: unknown, after: unknown): Difference {
  const changed = new FieldSetBuilder()
  const removed = new FieldSetBuilder()
  compareStruct(struct, before as Json | undefined, after as Json | undefined, changed, removed, true)
  return { changed: changed.build(), removed: removed.build() }
}

/** Every field that an object gives a value. */
export function fieldsOf(struct: string, object: unknown): FieldSet {
  const set = new FieldSetBuilder()
  addStruct(struct, object as Json, set)
  return set.build()
}

type Json = Record<string, unknown>

/** What every object has and nobody owns. */
const ownerless = new Set([
  'V1ObjectMeta.name',
  'V1ObjectMeta.namespace',
  'V1ObjectMeta.creationTimestamp',
  'V1ObjectMeta.selfLink',
  'V1ObjectMeta.uid',
  'V1ObjectMeta.generation',
  'V1ObjectMeta.managedFields',
  'V1ObjectMeta.resourceVersion',
  'V1ObjectMeta.deletionTimestamp',
  'V1ObjectMeta.deletionGracePeriodSeconds',
])

/** Parts that an empty object of the real server has already: nobody adds them. */
const alwaysThere = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'jobTemplate',
  'strategy',
  'updateStrategy',
  'loadBalancer',
  'containers',
  'podSelector',
  'resources',
])

function compareStruct(
  struct: string,
  before: Json | undefined,
  after: Json | undefined,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
  isThere: boolean,
): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const field = structNamed(struct).fields.get(name)
    if (!field || name === 'apiVersion' || name === 'kind' || ownerless.has(`${struct}.${name}`)) continue
    const [left, right] = [before?.[name], after?.[name]]
    if (left === right) continue
    const isAlwaysThere = isThere && alwaysThere.has(name) && !Array.isArray(left)
    const granularity = granularityOf(struct, name, field.type)
    const key = `f:${name}`
    compareValue(field.type, granularity, left, right, changed.child(key), removed.child(key), isAlwaysThere)
  }
}

function compareValue(
  type: FieldType,
  granularity: ReturnType<typeof granularityOf>,
  before: unknown,
  after: unknown,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
  isThere: boolean,
): void {
  const isLeaf = granularity === 'atomic' || (isNothing(before) && isNothing(after))
  if (isLeaf) {
    if (isThere && isNothing(before) && isNothing(after)) return
    if (after === undefined) removed.insert()
    else if (before === undefined || !isEqual(before, after)) changed.insert()
    return
  }
  if (before === undefined && !isThere) changed.insert()
  if (after === undefined && !isThere) removed.insert()
  if (type.kind === 'struct')
    compareStruct(type.struct, before as Json, after as Json, changed, removed, isThere || before !== undefined)
  else if (type.kind === 'map') compareMap(type.items, before as Json, after as Json, changed, removed)
  else if (type.kind === 'list') compareList(type.items, granularity, before, after, changed, removed)
}

function compareMap(
  items: FieldType,
  before: Json | undefined,
  after: Json | undefined,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const inner = items.kind === 'struct' || items.kind === 'map' ? 'granular' : 'atomic'
    const key = `f:${name}`
    compareValue(items, inner, before?.[name], after?.[name], changed.child(key), removed.child(key), false)
  }
}

function compareList(
  items: FieldType,
  granularity: ReturnType<typeof granularityOf>,
  before: unknown,
  after: unknown,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
): void {
  const left = itemsByKey(granularity, before)
  const right = itemsByKey(granularity, after)
  const inner = items.kind === 'struct' && items.struct !== 'V1OwnerReference' ? 'granular' : 'atomic'
  for (const key of new Set([...left.keys(), ...right.keys()]))
    compareValue(items, inner, left.get(key), right.get(key), changed.child(key), removed.child(key), false)
}

/** The items of a list by what tells them apart. */
export function itemsByKey(granularity: ReturnType<typeof granularityOf>, list: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const item of (list as unknown[] | undefined) ?? []) found.set(keyOfItem(granularity, item), item)
  return found
}

export function keyOfItem(granularity: ReturnType<typeof granularityOf>, item: unknown): string {
  if (typeof granularity === 'string') return `v:${JSON.stringify(item)}`
  const keys: Json = {}
  for (const name of [...granularity].sort()) {
    const value = (item as Json)[name] ?? (name === 'protocol' ? 'TCP' : undefined)
    if (value !== undefined) keys[name] = value
  }
  return `k:${JSON.stringify(keys)}`
}

function addStruct(struct: string, object: Json, set: FieldSetBuilder): void {
  for (const [name, value] of Object.entries(object)) {
    const field = structNamed(struct).fields.get(name)
    if (!field || name === 'apiVersion' || name === 'kind' || ownerless.has(`${struct}.${name}`)) continue
    addValue(field.type, granularityOf(struct, name, field.type), value, set.child(`f:${name}`))
  }
}

function addValue(
  type: FieldType,
  granularity: ReturnType<typeof granularityOf>,
  value: unknown,
  set: FieldSetBuilder,
): void {
  if (granularity === 'atomic' || isNothing(value)) {
    set.insert()
    return
  }
  if (type.kind === 'struct') addStruct(type.struct, value as Json, set)
  else if (type.kind === 'map')
    for (const [name, item] of Object.entries(value as Json)) {
      addValue(type.items, type.items.kind === 'struct' ? 'granular' : 'atomic', item, set.child(`f:${name}`))
      set.child(`f:${name}`).insert()
    }
  else if (type.kind === 'list')
    for (const [key, item] of itemsByKey(granularity, value)) {
      const inner = type.items.kind === 'struct' && type.items.struct !== 'V1OwnerReference' ? 'granular' : 'atomic'
      addValue(type.items, inner, item, set.child(key))
      set.child(key).insert()
    }
}

/** Nothing to go into: a plain value, or an object or list without anything in it. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
