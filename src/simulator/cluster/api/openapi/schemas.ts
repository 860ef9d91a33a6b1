import { granularityOf } from '../merging.ts'
import { type Field, type FieldType, type Struct, structNamed } from '../schema.ts'
import { atomicTypes, keyedLists, patchedLists, patchedSets, retainedKeys, valueSets } from '../schemaFacts.ts'
import { schemaNameOf } from '../schemaName.ts'
import { enums, enumWords, plainTypeWords } from '../schemaWords.ts'
import { customName, customSchema } from './customSchema.ts'
import type { Dialect, DocumentedKind, GroupVersionKind, Schema } from './documentedKind.ts'
import { meta, type TypeNames } from './typeNames.ts'
import type { ApiWords } from './words.ts'

const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'

/** Types that are written as plain values and have a name of their own. */
const plainTypes = {
  time: { name: `${meta}.Time`, v2: { type: 'string', format: 'date-time' }, v3: undefined },
  microTime: { name: `${meta}.MicroTime`, v2: { type: 'string', format: 'date-time' }, v3: undefined },
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    v2: { type: 'string' },
    v3: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
  fieldsV1: { name: `${meta}.FieldsV1`, v2: { type: 'object' }, v3: undefined },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    v2: { type: 'string', format: 'int-or-string' },
    v3: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  },
} as const

/** Fields that hold anything, by the names of their types. */
const openTypes: Readonly<Record<string, string>> = {
  'V1AllocatedDeviceStatus.data': 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  'V1CustomResourceSubresources.status': `${apiextensions}.CustomResourceSubresourceStatus`,
  'V1OpaqueDeviceConfiguration.parameters': 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  'V1ControllerRevision.data': 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  'V1JSONSchemaProps.additionalItems': `${apiextensions}.JSONSchemaPropsOrBool`,
  'V1JSONSchemaProps.additionalProperties': `${apiextensions}.JSONSchemaPropsOrBool`,
  'V1JSONSchemaProps.default': `${apiextensions}.JSON`,
  'V1JSONSchemaProps.dependencies': `${apiextensions}.JSONSchemaPropsOrStringArray`,
  'V1JSONSchemaProps.enum': `${apiextensions}.JSON`,
  'V1JSONSchemaProps.example': `${apiextensions}.JSON`,
  'V1JSONSchemaProps.items': `${apiextensions}.JSONSchemaPropsOrArray`,
}

/** Collects the schemas of types and of all the types that they mention. */
export class SchemaCollection {
  readonly schemas: Record<string, Schema> = {}
  readonly #dialect: Dialect
  readonly #names: TypeNames
  readonly #words: ApiWords | undefined
  readonly #known = new Set<string>()

  constructor(dialect: Dialect, names: TypeNames, words: ApiWords | undefined) {
    this.#dialect = dialect
    this.#names = names
    this.#words = words
  }

  /** References to a kind and to lists of it. */
  ofKind(kind: DocumentedKind): { readonly one: Schema; readonly list: Schema } {
    const name = kind.custom ? customName(kind) : this.#names.of(kind.schema ?? schemaNameOf(kind))
    if (kind.custom) this.#addCustom(kind, name)
    else this.#ofStruct(kind.schema ?? schemaNameOf(kind))
    this.#markKind(name, { group: kind.group, version: kind.version, kind: kind.kind })
    if (kind.verbs && !kind.verbs.includes('list')) return { one: this.#to(name), list: this.#to(name) }
    const listKind = kind.custom?.listKind ?? `${kind.kind}List`
    const list = kind.custom ? customName({ ...kind, kind: listKind }) : `${name}List`
    if (!(list in this.schemas)) this.#addList(kind, listKind, list, name)
    return { one: this.#to(name), list: this.#to(list) }
  }

  #addCustom({ custom }: DocumentedKind, name: string): void {
    const metadata = this.#inProperty(this.#ofStruct('V1ObjectMeta'))
    this.schemas[name] = customSchema(custom!.schema, metadata, this.#dialect)
  }

  #addList(kind: DocumentedKind, listKind: string, list: string, name: string): void {
    const items = this.#inItems(this.#to(name))
    this.schemas[list] = {
      ...described(`${kind.kind}List is a list of ${kind.kind}`),
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: this.#plainField('apiVersion'),
        items: { type: 'array', items },
        kind: this.#plainField('kind'),
        metadata: this.#inProperty(this.#ofStruct('V1ListMeta')),
      },
    }
    this.#markKind(list, { group: kind.group, version: kind.version, kind: listKind })
  }

  /** A field that all kinds have. */
  #plainField(name: string): Schema {
    return this.#property('V1ConfigMap', structNamed('V1ConfigMap').fields.get(name)!)
  }

  #markKind(name: string, gvk: GroupVersionKind): void {
    this.schemas[name] = { ...this.schemas[name], 'x-kubernetes-group-version-kind': [gvk] }
  }

  /** A reference to a type; its schema is made at the first mention. */
  #ofStruct(struct: string): Schema {
    const name = this.#names.of(struct)
    if (!this.#known.has(struct)) {
      this.#known.add(struct)
      // The place is taken before the fields are read, since types may hold themselves.
      this.schemas[name] ??= {}
      this.schemas[name] = { ...this.#schemaOf(structNamed(struct)), ...this.schemas[name] }
    }
    return this.#to(name)
  }

  #to(name: string): Schema {
    return { $ref: `${this.#dialect === 'v2' ? '#/definitions/' : '#/components/schemas/'}${name}` }
  }

  // OpenAPI 3 allows nothing beside a reference, so that it is wrapped where a description may stand.
  #inProperty(schema: Schema): Schema {
    return '$ref' in schema && this.#dialect === 'v3' ? { allOf: [schema] } : schema
  }

  #inItems(schema: Schema): Schema {
    return '$ref' in schema && this.#dialect === 'v3' ? { default: {}, allOf: [schema] } : schema
  }

  #schemaOf(struct: Struct): Schema {
    const required = [...struct.fields.values()].filter(({ isRequired }) => isRequired).map(({ name }) => name)
    const properties: Record<string, Schema> = {}
    for (const field of struct.fields.values()) properties[field.name] = this.#property(struct.name, field)
    return {
      ...described(this.#words?.types[struct.name]),
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(struct.fields.size > 0 && { properties }),
      ...(atomicTypes.has(struct.name) && { 'x-kubernetes-map-type': 'atomic' }),
    }
  }

  #property(struct: string, { name, type }: Field): Schema {
    const key = `${struct}.${name}`
    const text = this.#words?.fields[struct]?.[name]
    const words = [text, this.#words && type.kind !== 'list' && explainEnum(key)].filter(Boolean).join('\n\n')
    const oneOf =
      enums[key] && (type.kind === 'list' ? { items: { type: 'string', enum: enums[key] } } : { enum: enums[key] })
    return {
      ...described(words),
      ...this.#inProperty(this.#typeSchema(type, key)),
      ...(oneOf ?? {}),
      ...mergeHints(struct, name, type),
    }
  }

  #typeSchema(type: FieldType, key: string): Schema {
    switch (type.kind) {
      case 'struct':
        return this.#ofStruct(type.struct)
      case 'list':
        return { type: 'array', items: this.#inItems(this.#typeSchema(type.items, key)) }
      case 'map':
        return { type: 'object', additionalProperties: this.#inMap(this.#typeSchema(type.items, key)) }
      case 'any':
        return this.#open(key)
      case 'int32':
      case 'int64':
        return { type: 'integer', format: type.kind }
      case 'number':
        return { type: 'number', format: 'double' }
      case 'bytes':
        return { type: 'string', format: 'byte' }
      case 'time':
      case 'fieldsV1':
      case 'microTime':
      case 'quantity':
      case 'intOrString':
        return this.#plain(type.kind)
      default:
        return { type: type.kind }
    }
  }

  #inMap(schema: Schema): Schema {
    const isPlain = Object.values(plainTypes).some(({ name }) => String(schema['$ref']).endsWith(name))
    return isPlain ? schema : this.#inItems(schema)
  }

  #plain(kind: keyof typeof plainTypes): Schema {
    const { name, v2, v3 } = plainTypes[kind]
    const schema = this.#dialect === 'v3' ? (v3 ?? v2) : v2
    this.schemas[name] ??= { ...described(this.#words && plainTypeWords[kind]), ...schema }
    return this.#to(name)
  }

  #open(key: string): Schema {
    const name = openTypes[key]
    if (!name) return { type: 'object' }
    this.schemas[name] ??= /(RawExtension|Status)$/.test(name) ? { type: 'object' } : {}
    return this.#to(name)
  }
}

function described(words: string | undefined): Schema {
  return words ? { description: words } : {}
}

/** The values that a field may hold, as its description ends. */
function explainEnum(key: string): string | undefined {
  const values = enums[key]
  if (!values || key === 'V1NetworkPolicySpec.policyTypes' || key.endsWith('.accessModes')) return undefined
  const words = enumWords[key]
  const lines = values.map(value => ` - \`${JSON.stringify(value)}\`${words?.[value] ? ` ${words[value]}` : ''}`)
  return ['Possible enum values:', ...lines].join('\n')
}

// Conditions of these kinds are keyed for server-side apply alone.
const unpatchedConditions =
  /^V1(AllocatedDevice|CertificateSigningRequest|CustomResourceDefinition|ValidatingAdmissionPolicy)Status/

function isPatchedCondition(key: string): boolean {
  return /Status\.conditions$/.test(key) && !unpatchedConditions.test(key)
}

function mergeHints(struct: string, name: string, type: FieldType): Schema {
  const key = `${struct}.${name}`
  const granularity = granularityOf(struct, name, type)
  const hints: Record<string, unknown> = {}
  if (type.kind === 'list') {
    if (granularity === 'set') hints['x-kubernetes-list-type'] = 'set'
    else if (typeof granularity !== 'string') {
      hints['x-kubernetes-list-map-keys'] = granularity
      hints['x-kubernetes-list-type'] = 'map'
    } else hints['x-kubernetes-list-type'] = 'atomic'
  }
  const mergeKey =
    patchedLists[key] ?? (keyedLists[key] ?? (isPatchedCondition(key) ? 'type' : undefined))?.split(' ')[0]
  if (mergeKey) {
    hints['x-kubernetes-patch-merge-key'] = mergeKey
    hints['x-kubernetes-patch-strategy'] = retainedKeys.has(key) ? 'merge,retainKeys' : 'merge'
  } else if (retainedKeys.has(key)) hints['x-kubernetes-patch-strategy'] = 'retainKeys'
  else if (patchedSets.has(key)) hints['x-kubernetes-patch-strategy'] = 'merge'
  if (valueSets.has(key)) hints['x-kubernetes-list-type'] = 'set'
  if (type.kind === 'map' && atomicTypes.has(key)) hints['x-kubernetes-map-type'] = 'atomic'
  return hints
}
