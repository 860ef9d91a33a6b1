import { shortText } from './jsonText.ts'
import { JqError, type Json } from './syntax.ts'

export function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

export function isTrue(value: Json): boolean {
  return value !== null && value !== false
}

const typeOrder = ['null', 'false', 'true', 'number', 'string', 'array', 'object']

/** The order that sort, min and max use: by type, then by value; objects by their keys first. */
export function compare(a: Json, b: Json): number {
  const rank = (value: Json) => typeOrder.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value))
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (typeof a === 'number' || typeof a === 'string') return a < b! ? -1 : a > b! ? 1 : 0
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compare(a[i]!, b[i]!)
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  if (isObject(a) && isObject(b)) {
    const [left, right] = [Object.keys(a).sort(), Object.keys(b).sort()]
    const keys = compare(left, right)
    if (keys !== 0) return keys
    for (const key of left) {
      const order = compare(a[key]!, b[key]!)
      if (order !== 0) return order
    }
  }
  return 0
}

export function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `a + b` and its like, for the types that jq gives a meaning. */
export function calculate(operator: string, a: Json, b: Json): Json {
  const cannot = (verb: string) =>
    new JqError(`${typeOf(a)} (${shortText(a)}) and ${typeOf(b)} (${shortText(b)}) cannot be ${verb}`)
  switch (operator) {
    case '+':
      if (a === null) return b
      if (b === null) return a
      if (typeof a === 'number' && typeof b === 'number') return a + b
      if (typeof a === 'string' && typeof b === 'string') return a + b
      if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
      if (isObject(a) && isObject(b)) return { ...a, ...b }
      throw cannot('added')
    case '-':
      if (typeof a === 'number' && typeof b === 'number') return a - b
      if (Array.isArray(a) && Array.isArray(b)) return a.filter(item => !b.some(other => compare(item, other) === 0))
      throw cannot('subtracted')
    case '*':
      if (typeof a === 'number' && typeof b === 'number') return a * b
      if (typeof a === 'string' && typeof b === 'number') return b > 0 ? a.repeat(Math.max(1, Math.floor(b))) : null
      if (isObject(a) && isObject(b)) return merged(a, b)
      throw cannot('multiplied')
    case '/':
      if (typeof a === 'number' && typeof b === 'number') {
        if (b === 0) throw cannot('divided because the divisor is zero')
        return a / b
      }
      if (typeof a === 'string' && typeof b === 'string') return a === '' ? [] : a.split(b)
      throw cannot('divided')
    case '%':
      if (typeof a === 'number' && typeof b === 'number') {
        if (Math.trunc(b) === 0) throw cannot('divided (remainder) because the divisor is zero')
        return Math.trunc(a) % Math.abs(Math.trunc(b))
      }
      throw cannot('divided (remainder)')
    case '==':
      return compare(a, b) === 0
    case '!=':
      return compare(a, b) !== 0
    case '<':
      return compare(a, b) < 0
    case '<=':
      return compare(a, b) <= 0
    case '>':
      return compare(a, b) > 0
    default:
      return compare(a, b) >= 0
  }
}

function merged(a: { [key: string]: Json }, b: { [key: string]: Json }): Json {
  const result = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const own = result[key]
    result[key] = own !== undefined && isObject(own) && isObject(value) ? merged(own, value) : value
  }
  return result
}

/** What is at a key or index of a value. */
export function valueAt(value: Json, key: Json): Json {
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key) ? value[key]! : null
  if (Array.isArray(value) && typeof key === 'number') return Number.isInteger(key) ? (value.at(key) ?? null) : null
  if (isObject(key) && (Array.isArray(value) || typeof value === 'string' || value === null)) return slice(value, key)
  if (Array.isArray(value) && Array.isArray(key)) return positions(value, key)
  const what = typeof key === 'string' ? `string "${key}"` : typeOf(key)
  throw new JqError(`Cannot index ${typeOf(value)} with ${what}`)
}

function slice(value: Json[] | string | null, { start = null, end = null }: { [key: string]: Json }): Json {
  if (value === null) return null
  if ((start !== null && typeof start !== 'number') || (end !== null && typeof end !== 'number')) {
    throw new JqError('Start and end indices of an array slice must be numbers')
  }
  const from = start === null ? 0 : Math.floor(start)
  const to = end === null ? value.length : Math.ceil(end)
  return typeof value === 'string' ? [...value].slice(from, to).join('') : value.slice(from, to)
}

function positions(value: Json[], wanted: Json[]): Json {
  const found: number[] = []
  for (let i = 0; wanted.length > 0 && i + wanted.length <= value.length; i++)
    if (wanted.every((item, offset) => compare(value[i + offset]!, item) === 0)) found.push(i)
  return found
}

/** A copy of a value in which a path leads to something else; undefined takes it away. */
export function withValueAt(
  value: Json,
  path: readonly Json[],
  change: (old: Json) => Json | undefined,
): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return change(value)
  if (typeof key === 'string') {
    if (value !== null && !isObject(value)) throw new JqError(`Cannot index ${typeOf(value)} with string "${key}"`)
    const copy = { ...value }
    const next = withValueAt(copy[key] ?? null, rest, change)
    if (next === undefined) delete copy[key]
    else copy[key] = next
    return copy
  }
  if (typeof key === 'number') {
    if (value !== null && !Array.isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with number`)
    const copy = [...(value ?? [])]
    const index = key < 0 ? copy.length + key : key
    if (index < 0) throw new JqError('Out of bounds negative array index')
    const next = withValueAt(copy[index] ?? null, rest, change)
    if (next === undefined) copy.splice(index, 1)
    else {
      while (copy.length < index) copy.push(null)
      copy[index] = next
    }
    return copy
  }
  if (isObject(key)) return withSlice(value, key, rest, change)
  throw new JqError(`Invalid path expression with result ${shortText(value)}`)
}

/** `.[1:3] = [9]`: the items of a slice give way to others. */
function withSlice(
  value: Json,
  { start = null, end = null }: { [key: string]: Json },
  rest: readonly Json[],
  change: (old: Json) => Json | undefined,
): Json {
  if (value !== null && !Array.isArray(value))
    throw new JqError(`Cannot update field at object index of ${typeOf(value)}`)
  const items = value ?? []
  const place = (at: Json, otherwise: number) => {
    if (at === null) return otherwise
    const index = Math.floor(Number(at))
    return Math.min(items.length, Math.max(0, index < 0 ? items.length + index : index))
  }
  const [from, to] = [place(start, 0), place(end, items.length)]
  const next = withValueAt(items.slice(from, Math.max(from, to)), rest, change)
  if (next !== undefined && !Array.isArray(next))
    throw new JqError('A slice of an array can only be assigned another array')
  return [...items.slice(0, from), ...(next ?? []), ...items.slice(Math.max(from, to))]
}
