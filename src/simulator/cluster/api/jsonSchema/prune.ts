import { decode } from '../decode.ts'
import { isJsonObject, type JsonObject, type JsonSchema, schemaOfOthers } from './jsonSchema.ts'

/** A value without the fields that its schema does not know, and the paths of those fields. */
export interface Pruned {
  readonly value: unknown
  readonly unknown: readonly string[]
}

// What every object has without its schema saying so.
const ownFields = ['apiVersion', 'kind']

/** Takes out of an object what its schema does not know (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning). */
export function prune(value: unknown, schema: JsonSchema): Pruned {
  const unknown: string[] = []
  return { value: pruneValue(value, schema, '', true, unknown), unknown }
}

function pruneValue(
  value: unknown,
  schema: JsonSchema | undefined,
  path: string,
  isObjectRoot: boolean,
  unknown: string[],
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) =>
      pruneValue(item, schema?.items, `${path}[${index}]`, isEmbedded(schema?.items), unknown),
    )
  if (!isJsonObject(value)) return value
  const result: JsonObject = {}
  for (const name of Object.keys(value).sort()) {
    const field = path ? `${path}.${name}` : name
    const inner = schema?.properties?.[name]
    const isOpen = schema?.additionalProperties !== undefined && schema.additionalProperties !== false
    if (isObjectRoot && name === 'metadata') result[name] = readMetadata(value[name], field, unknown)
    else if (isObjectRoot && ownFields.includes(name)) result[name] = value[name]
    else if (inner || isOpen) {
      const known = inner ?? schemaOfOthers(schema!)
      result[name] = pruneValue(value[name], known, field, isEmbedded(known), unknown)
    } else if (schema?.['x-kubernetes-preserve-unknown-fields']) result[name] = value[name]
    else unknown.push(field)
  }
  return result
}

/** The metadata of every object has the same fields. */
function readMetadata(value: unknown, path: string, unknown: string[]): unknown {
  const { value: metadata, complaints } = decode(value ?? {}, 'V1ObjectMeta', path)
  for (const complaint of complaints) unknown.push(/^unknown field "(.*)"$/.exec(complaint)?.[1] ?? complaint)
  return metadata
}

function isEmbedded(schema: JsonSchema | undefined): boolean {
  return schema?.['x-kubernetes-embedded-resource'] ?? false
}
