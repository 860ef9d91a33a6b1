import type { Decoded } from '../api/decode.ts'
import type { FieldError } from '../api/fieldError.ts'
import type { JsonSchema } from '../api/jsonSchema/jsonSchema.ts'
import type { NameCheck } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { FieldsShape } from '../api/shape.ts'

/** Everything the cluster knows about one kind of object. Adding a kind means writing one of these. */
export interface Kind<T extends KubernetesObject = KubernetesObject> {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  /** What may be done with the objects, where that is less than everything. */
  readonly verbs?: readonly string[]
  /** The type in the schema, where it is not the version and the kind: `V1Pod`. */
  readonly schema?: string
  /** What is peculiar to kinds that a CustomResourceDefinition defines. */
  readonly custom?: CustomType
  /** Another way to see objects of another kind, which alone are stored. */
  readonly view?: View<T>
  /** Whether `metadata.generation` counts the changes of what is wanted. */
  readonly hasGeneration?: boolean
  /** What names must look like; most are host names. */
  readonly checkName?: NameCheck
  /** Values that only the object's own fields decide, filled in when it is written. Changes the copy it is given. */
  defaults?(object: T): void
  /** What the server itself decides before validation: a status nobody has written yet, fields that only it may set. */
  prepare?(object: T, previous: T | undefined): void
  /** What is wrong with the object by itself. */
  validate?(object: T): FieldError[]
  /** What is wrong with making such an object, though it might become one later. */
  validateCreate?(object: T): FieldError[]
  /** What is wrong with replacing one version by another. */
  validateUpdate?(object: T, previous: T): FieldError[]
  /** What is wrong with the status that a part of the cluster reports. */
  validateStatus?(object: T, previous: T): FieldError[]
  /** Whether the status is kept when the object is created: only nodes may say how they are at once. */
  readonly keepsStatus?: boolean
  /** What `--field-selector` may ask for besides name and namespace, as paths into the object. */
  readonly fieldLabels?: readonly string[]
  /** What a field selector reads where that is not the field of its name; undefined where it is. */
  fieldText?(object: T, field: string): string | undefined
  /** What the server says to whoever reads or writes such objects at all. */
  readonly deprecation?: string
  /** What the server wants to say to whoever writes such an object. */
  warnings?(object: T, previous: T | undefined): string[]
  /** What `kubectl get` shows. Wide columns show only with `-o wide`. */
  readonly columns: readonly Column<T>[]
}

/** What an object of the API says of the kind that it defines. */
export interface CustomType {
  /** The name of the CustomResourceDefinition. */
  readonly definition: string
  readonly listKind: string
  /** Whether clients may ask for this version. */
  readonly isServed: boolean
  /** Whether the definition is being deleted, so that no new objects may come. */
  readonly isTerminating: boolean
  readonly schema: JsonSchema
  readonly shape: FieldsShape
  readonly scale?: ScalePaths
  /** Takes a request's object apart: fields that the schema does not know are left out and told of. */
  decode(value: unknown): Decoded
}

/** Where an object says how many there are to be: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

/** How the objects of one version or group become those of another. */
export interface View<T extends KubernetesObject = KubernetesObject> {
  readonly stored: Kind
  /** Names of fields in selectors, and what the stored objects call them. */
  readonly fieldNames?: Readonly<Record<string, string>>
  toStored(object: T): KubernetesObject
  fromStored(object: never): T
}

/** One column of a table. */
export interface Column<T extends KubernetesObject = KubernetesObject> {
  readonly name: string
  readonly type?: 'string' | 'integer' | 'boolean' | 'date'
  readonly format?: string
  readonly description?: string
  readonly wide?: true
  /** `now` is the simulated time in milliseconds since 1970. */
  value(object: T, now: number): string | number | boolean | null
}

/** Gives a kind its name for the compiler: `defineKind<Pod>({ … })`. */
export function defineKind<T extends KubernetesObject>(kind: Kind<T>): Kind<T> {
  return kind
}

/** `v1`, or `apps/v1` for kinds outside the core group. */
export function apiVersionOf(kind: Kind): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version
}
