import { formatAge } from '../../api/age.ts'
import { formatValues, type JsonPath, parseJsonPath } from '../../api/jsonPath.ts'
import type { Column } from '../kind.ts'
import type { PrinterColumn } from './definition.ts'

const nameColumn: Column = {
  name: 'Name',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  value: object => object.metadata.name,
}

const usual: readonly PrinterColumn[] = [
  {
    name: 'Age',
    type: 'date',
    description:
      'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
    jsonPath: '.metadata.creationTimestamp',
  },
]

/** The table of a custom kind: the name, and what the definition's columns find in each object. */
export function columnsOf(columns: readonly PrinterColumn[] = usual): Column[] {
  return [nameColumn, ...columns.map(columnOf)]
}

function columnOf({ name, type, format, description, priority, jsonPath }: PrinterColumn): Column {
  let path: JsonPath | undefined
  return {
    name,
    type: type as NonNullable<Column['type']>,
    ...(format && { format }),
    ...(description && { description }),
    ...(priority && { wide: true as const }),
    value(object, now) {
      path ??= parseJsonPath(`{${jsonPath}}`)
      const found = firstOf(path, object)
      return found === undefined ? null : cellOf(type, found, now)
    },
  }
}

function firstOf(path: JsonPath, object: unknown): unknown {
  try {
    return path.find(object)[0]?.[0] ?? undefined
  } catch {
    // A path that does not fit the object finds nothing, as in the real table convertor.
    return undefined
  }
}

function cellOf(type: string, value: unknown, now: number): string | number | boolean | null {
  switch (type) {
    case 'string':
      return formatValues([value])
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date': {
      if (typeof value !== 'string') return null
      const time = Date.parse(value)
      return Number.isNaN(time) ? '<invalid>' : formatAge(now - time)
    }
    default:
      return null
  }
}
