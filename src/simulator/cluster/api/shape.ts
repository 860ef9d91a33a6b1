import { granularityOf } from './merging.ts'
import { type FieldType, structNamed } from './schema.ts'
import { atomicTypes } from './schemaFacts.ts'

/** How server-side apply sees a value: as a whole, or as parts that may belong to different managers. */
export type Shape =
  | { readonly kind: 'atomic' }
  /** The shape follows from the value: objects have parts, everything else is a whole. */
  | { readonly kind: 'deduced' }
  | FieldsShape
  | { readonly kind: 'map'; readonly items: Shape }
  | ListShape

export interface FieldsShape {
  readonly kind: 'fields'
  field(name: string): Shape | undefined
  /** The shape of fields without a name in the schema; without it they have no owner. */
  readonly others?: Shape
  /** Whether an empty object of the server has the field already, so that nobody adds it. */
  isAlwaysThere(name: string): boolean
}

export interface ListShape {
  readonly kind: 'list'
  readonly items: Shape
  /** The fields that tell items apart, or `set` where the items themselves do. */
  readonly keys: readonly string[] | 'set'
  /** What stands for a key that an item leaves out. */
  readonly keyDefaults: Readonly<Record<string, unknown>>
}

export const atomic: Shape = { kind: 'atomic' }
export const deduced: Shape = { kind: 'deduced' }

// Shapes follow from the generated schema, which never changes.
const known = new Map<string, FieldsShape>()

/** The shape of a type of the API by its name in the schema. */
export function shapeOfStruct(name: string): FieldsShape {
  let shape = known.get(name)
  if (!shape) known.set(name, (shape = readShape(name)))
  return shape
}

function readShape(struct: string): FieldsShape {
  const fields = new Map<string, Shape>()
  return {
    kind: 'fields',
    field(name) {
      let shape = fields.get(name)
      const field = structNamed(struct).fields.get(name)
      if (shape || !field || ownerless.has(name) || ownerlessMetadata.has(`${struct}.${name}`)) return shape
      fields.set(name, (shape = shapeOfField(struct, name, field.type)))
      return shape
    },
    isAlwaysThere: name => alwaysThere.has(name),
  }
}

function shapeOfField(struct: string, name: string, type: FieldType): Shape {
  const granularity = granularityOf(struct, name, type)
  if (granularity === 'atomic') return atomic
  if (type.kind !== 'list' || granularity === 'granular') return shapeOfType(type)
  return { kind: 'list', items: shapeOfType(type.items), keys: granularity, keyDefaults: { protocol: 'TCP' } }
}

function shapeOfType(type: FieldType): Shape {
  if (type.kind === 'struct') return atomicTypes.has(type.struct) ? atomic : shapeOfStruct(type.struct)
  return type.kind === 'map' ? { kind: 'map', items: shapeOfType(type.items) } : atomic
}

/** What says of every object what it is. */
const ownerless = new Set(['apiVersion', 'kind'])

/** What every object has and nobody owns. */
const ownerlessMetadata = new Set([
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
