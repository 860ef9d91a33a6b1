import { granularityOf } from './merging.ts'
import { type Field, type FieldType, type Struct, shortNameOf, structNamed } from './schema.ts'
import { atomicTypes, keyedLists, patchedLists, patchedSets, retainedKeys, valueSets } from './schemaFacts.ts'
import { schemaNameOf } from './schemaName.ts'
import { enums, enumWords, plainTypeWords } from './schemaWords.ts'

/** What the types of the API and their fields are, for people. Large, so that it is loaded only when someone asks. */
export interface ApiWords {
  readonly types: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Loads the words of the API. */
export async function loadApiWords(): Promise<ApiWords> {
  const { typeDescriptions, fieldDescriptions } = await import('./descriptions.generated.ts')
  return { types: typeDescriptions, fields: fieldDescriptions }
}

/** A kind as far as documents about it need to know. */
interface DocumentedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  readonly verbs?: readonly string[]
  readonly schema?: string
}

/** A JSON schema as OpenAPI 3 writes it. */
export type Schema = Readonly<Record<string, unknown>>

/** The OpenAPI 3 document of a group and version: what kubectl explains fields with, and editors check against. */
export function openApiDocument(kinds: readonly DocumentedKind[], words: ApiWords | undefined) {
  const builder = new Builder(words)
  const paths: Record<string, unknown> = {}
  for (const kind of kinds) addPaths(kind, paths, builder)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: '1.36' },
    paths,
    components: { schemas: builder.schemas },
  }
}

const actions: Readonly<Record<string, readonly [method: string, action: string]>> = {
  list: ['get', 'list'],
  create: ['post', 'post'],
  deletecollection: ['delete', 'deletecollection'],
  get: ['get', 'get'],
  update: ['put', 'put'],
  patch: ['patch', 'patch'],
  delete: ['delete', 'delete'],
}
// kubectl looks here whether the server can check fields and dry runs.
const writingParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(name => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}))
const usualVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

function addPaths(kind: DocumentedKind, paths: Record<string, unknown>, builder: Builder): void {
  const { group, version, namespaced } = kind
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  const gvk = { group, version, kind: kind.kind }
  const reference = builder.reference(kind.schema ?? schemaNameOf(kind), gvk)
  const operation = (action: string) => ({
    parameters: action === 'get' || action === 'list' ? [] : writingParameters,
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: reference } } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  })
  const operations = (verbs: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(
      verbs.flatMap(verb => {
        const found = (kind.verbs ?? usualVerbs).includes(verb) ? actions[verb] : undefined
        return found ? [[found[0], operation(found[1])]] : []
      }),
    )
  const inNamespace = namespaced ? `${root}/namespaces/{namespace}` : root
  if (namespaced) paths[`${root}/${kind.plural}`] = operations(['list'])
  paths[`${inNamespace}/${kind.plural}`] = operations(['list', 'create', 'deletecollection'])
  paths[`${inNamespace}/${kind.plural}/{name}`] = operations(['get', 'update', 'patch', 'delete'])
  if (kind.subresources.includes('status'))
    paths[`${inNamespace}/${kind.plural}/{name}/status`] = operations(['get', 'update', 'patch'])
}

const prefix = '#/components/schemas/'

/** Collects the schemas of types and of all the types that they mention. */
class Builder {
  readonly schemas: Record<string, Schema> = {}
  readonly #words: ApiWords | undefined
  readonly #names = new Map<string, string>()

  constructor(words: ApiWords | undefined) {
    this.#words = words
  }

  /** A reference to a type; its schema is made at the first mention. */
  reference(struct: string, gvk?: { readonly group: string; readonly version: string; readonly kind: string }): string {
    let name = this.#names.get(struct)
    if (name === undefined) {
      name = fullNameOf(struct, gvk?.group)
      this.#names.set(struct, name)
      const schema = this.#schemaOf(structNamed(struct))
      this.schemas[name] = gvk ? { ...schema, 'x-kubernetes-group-version-kind': [gvk] } : schema
    }
    return prefix + name
  }

  #schemaOf(struct: Struct): Schema {
    const required = [...struct.fields.values()].filter(({ isRequired }) => isRequired).map(({ name }) => name)
    const properties: Record<string, Schema> = {}
    for (const field of struct.fields.values()) properties[field.name] = this.#property(struct.name, field)
    return {
      ...described(this.#words?.types[struct.name]),
      type: 'object',
      ...(required.length > 0 && { required }),
      properties,
      ...(atomicTypes.has(struct.name) && { 'x-kubernetes-map-type': 'atomic' }),
    }
  }

  #property(struct: string, { name, type }: Field): Schema {
    const key = `${struct}.${name}`
    const text = this.#words?.fields[struct]?.[name]
    const words = [text, this.#words && type.kind !== 'list' && explainEnum(key)].filter(Boolean).join('\n\n')
    const schema = this.#typeSchema(type)
    const isReference = '$ref' in schema
    const oneOf =
      enums[key] && (type.kind === 'list' ? { items: { type: 'string', enum: enums[key] } } : { enum: enums[key] })
    return {
      ...described(words),
      ...(isReference ? { allOf: [schema] } : schema),
      ...(oneOf ?? {}),
      ...mergeHints(struct, name, type),
    }
  }

  #typeSchema(type: FieldType): Schema {
    switch (type.kind) {
      case 'struct':
        return { $ref: this.reference(type.struct) }
      case 'list':
        return { type: 'array', items: this.#typeSchema(type.items) }
      case 'map':
        return { type: 'object', additionalProperties: this.#typeSchema(type.items) }
      case 'any':
        return { type: 'object' }
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

  #plain(kind: keyof typeof plainTypes): Schema {
    const { name, schema } = plainTypes[kind]
    this.schemas[name] ??= { ...described(this.#words && plainTypeWords[kind]), ...schema }
    return { $ref: prefix + name }
  }
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Types that are written as plain values and have a name of their own. */
const plainTypes = {
  time: { name: `${meta}.Time`, schema: { type: 'string', format: 'date-time' } },
  microTime: { name: `${meta}.MicroTime`, schema: { type: 'string', format: 'date-time' } },
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    schema: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
  fieldsV1: { name: `${meta}.FieldsV1`, schema: { type: 'object' } },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    schema: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  },
} as const

const metaTypes = new Set([
  'DeleteOptions',
  'LabelSelector',
  'LabelSelectorRequirement',
  'ListMeta',
  'ManagedFieldsEntry',
  'ObjectMeta',
  'OwnerReference',
  'Preconditions',
  'Condition',
])

// Simplified: types that a group borrows from another carry the group's own name in references; the real document
// names the group that they come from.
function fullNameOf(struct: string, group = ''): string {
  const short = shortNameOf(struct)
  const version = /V\d/.exec(struct)?.[0].toLowerCase() ?? 'v1'
  if (metaTypes.has(short)) return `${meta}.${short}`
  return `io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${short}`
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

function mergeHints(struct: string, name: string, type: FieldType): Schema {
  const key = `${struct}.${name}`
  const granularity = granularityOf(struct, name, type)
  const hints: Record<string, unknown> = {}
  if (type.kind === 'list') {
    if (granularity === 'set') hints['x-kubernetes-list-type'] = 'set'
    else if (typeof granularity !== 'string') {
      hints['x-kubernetes-list-map-keys'] = granularity
      hints['x-kubernetes-list-type'] = 'map'
    } else if (!patchedLists[key]) hints['x-kubernetes-list-type'] = 'atomic'
  }
  const mergeKey =
    patchedLists[key] ?? (keyedLists[key] ?? (/Status\.conditions$/.test(key) ? 'type' : undefined))?.split(' ')[0]
  if (mergeKey) {
    hints['x-kubernetes-patch-merge-key'] = mergeKey
    hints['x-kubernetes-patch-strategy'] = retainedKeys.has(key) ? 'merge,retainKeys' : 'merge'
  } else if (retainedKeys.has(key)) hints['x-kubernetes-patch-strategy'] = 'retainKeys'
  else if (patchedSets.has(key)) hints['x-kubernetes-patch-strategy'] = 'merge'
  if (valueSets.has(key)) hints['x-kubernetes-list-type'] = 'set'
  if (type.kind === 'map' && atomicTypes.has(key)) hints['x-kubernetes-map-type'] = 'atomic'
  return hints
}
