import { isEqual } from './equality.ts'
import { type FieldSet, FieldSetBuilder } from './fieldSet.ts'
import { atomic, deduced, type FieldsShape, type ListShape, type Shape } from './shape.ts'

/** What differs between two versions of an object. */
export interface Difference {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet
  readonly removed: FieldSet
}

/** Compares two versions of an object field by field, as server-side apply does (structured-merge-diff). */
export function compareFields(shape: FieldsShape, before: unknown, after: unknown): Difference {
  const changed = new FieldSetBuilder()
  const removed = new FieldSetBuilder()
  comparePart(shape, before as Json | undefined, after as Json | undefined, changed, removed, true)
  return { changed: changed.build(), removed: removed.build() }
}

/** Every field that an object gives a value. */
export function fieldsOf(shape: FieldsShape, object: unknown): FieldSet {
  const set = new FieldSetBuilder()
  addFields(shape, object as Json, set)
  return set.build()
}

type Json = Record<string, unknown>

function comparePart(
  shape: FieldsShape,
  before: Json | undefined,
  after: Json | undefined,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
  isThere: boolean,
): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const field = shape.field(name) ?? shape.others
    const [left, right] = [before?.[name], after?.[name]]
    if (!field || left === right) continue
    const isAlwaysThere = isThere && shape.isAlwaysThere(name) && !Array.isArray(left)
    const key = `f:${name}`
    compareValue(field, left, right, changed.child(key), removed.child(key), isAlwaysThere)
  }
}

function compareValue(
  given: Shape,
  before: unknown,
  after: unknown,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
  isThere: boolean,
): void {
  const shape = given.kind === 'deduced' ? deduce(before, after) : given
  const isLeaf = shape.kind === 'atomic' || (isNothing(before) && isNothing(after))
  if (isLeaf) {
    if (isThere && isNothing(before) && isNothing(after)) return
    if (after === undefined) removed.insert()
    else if (before === undefined || !isEqual(before, after)) changed.insert()
    return
  }
  if (before === undefined && !isThere) changed.insert()
  if (after === undefined && !isThere) removed.insert()
  if (shape.kind === 'fields')
    comparePart(shape, before as Json, after as Json, changed, removed, isThere || before !== undefined)
  else if (shape.kind === 'map') compareMap(shape.items, before as Json, after as Json, changed, removed)
  else if (shape.kind === 'list') compareList(shape, before, after, changed, removed)
}

function compareMap(
  items: Shape,
  before: Json | undefined,
  after: Json | undefined,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const key = `f:${name}`
    compareValue(items, before?.[name], after?.[name], changed.child(key), removed.child(key), false)
  }
}

function compareList(
  shape: ListShape,
  before: unknown,
  after: unknown,
  changed: FieldSetBuilder,
  removed: FieldSetBuilder,
): void {
  const left = itemsByKey(shape, before)
  const right = itemsByKey(shape, after)
  for (const key of new Set([...left.keys(), ...right.keys()]))
    compareValue(shape.items, left.get(key), right.get(key), changed.child(key), removed.child(key), false)
}

/** The items of a list by what tells them apart. */
export function itemsByKey(shape: ListShape, list: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const item of (list as unknown[] | undefined) ?? []) found.set(keyOfItem(shape, item), item)
  return found
}

export function keyOfItem({ keys, keyDefaults }: ListShape, item: unknown): string {
  if (keys === 'set') return `v:${JSON.stringify(item)}`
  const values: Json = {}
  for (const name of [...keys].sort()) {
    const value = (item as Json)[name] ?? keyDefaults[name]
    if (value !== undefined) values[name] = value
  }
  return `k:${JSON.stringify(values)}`
}

function addFields(shape: FieldsShape, object: Json, set: FieldSetBuilder): void {
  for (const [name, value] of Object.entries(object)) {
    const field = shape.field(name)
    if (field) addValue(field, value, set.child(`f:${name}`))
    else if (shape.others) addItem(shape.others, value, set.child(`f:${name}`))
  }
}

function addValue(given: Shape, value: unknown, set: FieldSetBuilder): void {
  const shape = given.kind === 'deduced' ? deduce(value, value) : given
  if (shape.kind === 'atomic' || isNothing(value)) set.insert()
  else if (shape.kind === 'fields') addFields(shape, value as Json, set)
  else if (shape.kind === 'map')
    for (const [name, item] of Object.entries(value as Json)) addItem(shape.items, item, set.child(`f:${name}`))
  else if (shape.kind === 'list')
    for (const [key, item] of itemsByKey(shape, value)) addItem(shape.items, item, set.child(key))
}

/** Items of lists and maps belong to someone themselves, apart from what is in them. */
function addItem(shape: Shape, item: unknown, set: FieldSetBuilder): void {
  addValue(shape, item, set)
  set.insert()
}

const deducedMap: Shape = { kind: 'map', items: deduced }

/** Objects have parts as long as nothing else stands, or stood, in their place. */
function deduce(before: unknown, after: unknown): Shape {
  return [before, after].every(value => value === undefined || isObject(value)) ? deducedMap : atomic
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Nothing to go into: a plain value, or an object or list without anything in it. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
