import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import type { Dialect, DocumentedKind, Schema } from './documentedKind.ts'

const apiVersionWords =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources'
const kindWords =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds'
const metadataWords =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"

/** The full name of a custom kind: its group backwards, `com.example.stable.v1.CronTab`. */
export function customName({ group, version, kind }: Pick<DocumentedKind, 'group' | 'version' | 'kind'>): string {
  return [...group.split('.').reverse(), version, kind].join('.')
}

/** The schema of a definition with what every object has (k8s.io/apiextensions-apiserver, controller/openapi/builder). */
export function customSchema(schema: JsonSchema, metadata: Schema, dialect: Dialect): Schema {
  const published = dialect === 'v2' ? simplified(schema) : (schema as Schema)
  const isOpen = dialect === 'v2' && schema['x-kubernetes-preserve-unknown-fields']
  if (isOpen || (!schema.properties && schema['x-kubernetes-preserve-unknown-fields'])) return { type: 'object' }
  return {
    ...published,
    properties: {
      apiVersion: { description: apiVersionWords, type: 'string' },
      kind: { description: kindWords, type: 'string' },
      ...(published['properties'] as object),
      metadata: { description: metadataWords, ...metadata },
    },
  }
}

/** OpenAPI 2 has no alternatives and no nulls: what cannot be said is left open. */
function simplified(schema: JsonSchema): Schema {
  const { allOf: _, anyOf: __, oneOf: ___, not: ____, nullable, ...rest } = schema
  const { properties, items, additionalProperties, type, ...plain } = rest
  if (schema['x-kubernetes-int-or-string']) return { ...plain }
  if (nullable) return plain
  if (schema['x-kubernetes-preserve-unknown-fields']) return { ...plain, ...(type && { type }) }
  return {
    ...plain,
    ...(type && { type }),
    ...(items && { items: simplified(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, simplified(one)])),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? simplified(additionalProperties) : additionalProperties,
    }),
  }
}
