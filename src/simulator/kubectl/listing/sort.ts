import { type JsonPath, JsonPathError, parseJsonPath, relaxedPath } from '../../cluster/api/jsonPath.ts'
import { Quantity } from '../../cluster/api/quantity.ts'
import { Failure } from '../failure.ts'

/** Sorts things by what stands at a path of their objects: numbers, quantities and text. */
export function sortedBy<T>(items: readonly T[], field: string, objectOf: (item: T) => unknown): T[] {
  const path = readPath(field)
  const keyed = items.map(item => ({ item, key: valueAt(path, objectOf(item)) }))
  if (items.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw missingField(field)
  }
  return keyed.sort((a, b) => compareValues(a.key, b.key)).map(({ item }) => item)
}

/** Said where nothing that is to be sorted has the field. */
export function missingField(field: string): Failure {
  return new Failure(`couldn't find any field with path ${JSON.stringify(relaxedPath(field))} in the list of objects`)
}

function readPath(field: string): JsonPath {
  try {
    return parseJsonPath(relaxedPath(field), true)
  } catch (error) {
    throw error instanceof JsonPathError ? new Failure(error.message) : error
  }
}

function valueAt(path: JsonPath, object: unknown): unknown {
  try {
    return path.find(object)[0]?.[0]
  } catch {
    return undefined
  }
}

/** The order of values; what is missing comes first. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (typeof a === 'string' && typeof b === 'string') {
    const [left, right] = [quantity(a), quantity(b)]
    if (left && right) return left.compare(right)
  }
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

function quantity(text: string): Quantity | undefined {
  try {
    return Quantity.parse(text)
  } catch {
    return undefined
  }
}
