import { Quantity } from '../../cluster/api/quantity.ts'
import { Failure } from '../failure.ts'
import { type JsonPath, JsonPathError, parseJsonPath, relaxedPath } from '../output/jsonPath.ts'

/** Sorts things by what stands at a path of their objects: numbers, quantities and text with numbers in it. */
export function sortedBy<T>(items: readonly T[], field: string, objectOf: (item: T) => unknown): T[] {
  const path = readPath(field)
  const keyed = items.map(item => ({ item, key: valueAt(path, objectOf(item)) }))
  if (items.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new Failure(`couldn't find any field with path ${JSON.stringify(relaxedPath(field))} in the list of objects`)
  }
  return keyed.sort((a, b) => compareValues(a.key, b.key)).map(({ item }) => item)
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
    return left && right ? left.compare(right) : compareNaturally(a, b)
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

/** Text in which runs of digits count as numbers: `web-9` before `web-10`. */
export function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? []
  const right = b.match(/\d+|\D+/g) ?? []
  for (const [i, part] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (part === other) continue
    const areNumbers = /^\d/.test(part) && /^\d/.test(other)
    if (areNumbers && Number(part) !== Number(other)) return Number(part) - Number(other)
    return part < other ? -1 : 1
  }
  return left.length - right.length
}
