import { dateBuiltins } from './dates.ts'
import { JsonReader, JsonSyntaxError } from './jsonReader.ts'
import { jsonText, shortText } from './jsonText.ts'
import { JqError, type Json } from './syntax.ts'
import { calculate, compare, isObject, isTrue, typeOf, withValueAt } from './value.ts'

/** Calculates one output from an input and arguments. */
export type Builtin = (input: Json, ...values: Json[]) => Json

const number =
  (calculate: (value: number) => number): Builtin =>
  input => {
    if (typeof input !== 'number') throw new JqError(`${typeOf(input)} (${shortText(input)}) number required`)
    return calculate(input)
  }

const text =
  (name: string, change: (value: string, ...values: Json[]) => Json): Builtin =>
  (input, ...values) => {
    if (typeof input !== 'string') throw new JqError(`${name} input must be a string`)
    return change(input, ...values)
  }

const items = (input: Json, what: string): Json[] => {
  if (!Array.isArray(input))
    throw new JqError(`${typeOf(input)} (${shortText(input)}) cannot be ${what}, as it is not an array`)
  return input
}

/** Filters that calculate one output from their input and arguments, by name and number of arguments. */
export const builtins: Readonly<Record<string, Builtin>> = {
  'not/0': input => !isTrue(input),
  'type/0': typeOf,
  'length/0'(input) {
    if (input === null) return 0
    if (typeof input === 'boolean') throw new JqError(`boolean (${input}) has no length`)
    if (typeof input === 'number') return Math.abs(input)
    return typeof input === 'string' ? [...input].length : Object.keys(input).length
  },
  'utf8bytelength/0': text('utf8bytelength', value => new TextEncoder().encode(value).length),
  'keys/0': input => keysOf(input).sort((a, b) => compare(a, b)),
  'keys_unsorted/0': input => keysOf(input),
  'has/1'(input, key) {
    if (isObject(input) && typeof key === 'string') return Object.hasOwn(input, key)
    if (Array.isArray(input) && typeof key === 'number') return key >= 0 && key < input.length
    throw new JqError(`Cannot check whether ${typeOf(input)} has a ${typeOf(key ?? null)} key`)
  },
  'contains/1': (input, other = null) => contains(input, other),
  'add/0'(input) {
    if (!Array.isArray(input) && !isObject(input)) throw cannotIterate(input)
    return Object.values(input).reduce<Json>((a, b) => calculate('+', a, b), null)
  },
  'sort/0': input => [...items(input, 'sorted')].sort(compare),
  '_sort_pairs/0': input =>
    pairs(input)
      .sort((a, b) => compare(a['k']!, b['k']!))
      .map(pair => pair['v']!),
  '_group_pairs/0'(input) {
    const groups: { key: Json; members: Json[] }[] = []
    for (const { k = null, v = null } of pairs(input).sort((a, b) => compare(a['k']!, b['k']!))) {
      const last = groups.at(-1)
      if (last && compare(last.key, k) === 0) last.members.push(v)
      else groups.push({ key: k, members: [v] })
    }
    return groups.map(group => group.members)
  },
  'unique/0': input =>
    [...items(input, 'sorted')].sort(compare).filter((item, i, all) => i === 0 || compare(item, all[i - 1]!) !== 0),
  'min/0': input => items(input, 'sorted').reduce<Json>((a, b) => (a === null || compare(b, a) < 0 ? b : a), null),
  'max/0': input => items(input, 'sorted').reduce<Json>((a, b) => (a === null || compare(b, a) >= 0 ? b : a), null),
  'reverse/0': input => (input === null ? [] : [...items(input, 'reversed')].reverse()),
  '_flatten/1'(input, depth) {
    if (Number(depth) < 0) throw new JqError('flatten depth must not be negative')
    if (!Array.isArray(input) && !isObject(input)) throw cannotIterate(input)
    return flattened(Object.values(input), Number(depth))
  },
  '_range/3'(_, from, to, by) {
    const numbers: number[] = []
    for (let i = Number(from); Number(by) > 0 ? i < Number(to) : i > Number(to); i += Number(by)) numbers.push(i)
    return numbers
  },
  'join/1'(input, separator = null) {
    if (!Array.isArray(input) && !isObject(input)) throw cannotIterate(input)
    const items = Object.values(input)
    if (items.length === 0) return ''
    const word = (item: Json) => (item === null ? '' : typeof item === 'object' ? item : textOf(item))
    return items.reduce<Json>((all, item, index) => {
      const joined = index === 0 ? '' : calculate('+', all, separator)
      return calculate('+', joined, word(item))
    }, '')
  },
  'split/1': text('split', (value, separator) => (value === '' ? [] : value.split(String(separator)))),
  'ascii_downcase/0': text('explode', value => value.replace(/[A-Z]/g, letter => letter.toLowerCase())),
  'ascii_upcase/0': text('explode', value => value.replace(/[a-z]/g, letter => letter.toUpperCase())),
  'ltrimstr/1': (input, prefix) =>
    typeof input === 'string' && typeof prefix === 'string' && input.startsWith(prefix)
      ? input.slice(prefix.length)
      : input,
  'rtrimstr/1': (input, end) =>
    typeof input === 'string' && typeof end === 'string' && end !== '' && input.endsWith(end)
      ? input.slice(0, -end.length)
      : input,
  'trim/0': text('trim', value => value.trim()),
  'ltrim/0': text('trim', value => value.trimStart()),
  'rtrim/0': text('trim', value => value.trimEnd()),
  'startswith/1': text('startswith()', (value, prefix) => value.startsWith(String(prefix))),
  'endswith/1': text('endswith()', (value, end) => value.endsWith(String(end))),
  'explode/0': text('explode', value => [...value].map(letter => letter.codePointAt(0)!)),
  'implode/0'(input) {
    const codes = items(input, 'imploded')
    if (!codes.every(code => typeof code === 'number')) throw new JqError('Unicode codepoint must be numeric')
    return String.fromCodePoint(...codes)
  },
  'indices/1'(input, wanted) {
    if (typeof input === 'string' && typeof wanted === 'string') {
      const found: number[] = []
      for (let at = input.indexOf(wanted); at >= 0 && wanted !== ''; at = input.indexOf(wanted, at + 1)) found.push(at)
      return found
    }
    return items(input ?? [], 'searched').flatMap((item, index) => (compare(item, wanted!) === 0 ? [index] : []))
  },
  'tostring/0': input => textOf(input),
  'tonumber/0'(input) {
    if (typeof input === 'number') return input
    if (typeof input !== 'string')
      throw new JqError(`${typeOf(input)} (${shortText(input)}) cannot be parsed as a number`)
    return parsed(input)
  },
  'tojson/0': input => jsonText(input),
  'fromjson/0'(input) {
    if (typeof input !== 'string') throw new JqError(`${typeOf(input)} (${shortText(input)}) cannot be parsed as JSON`)
    return parsed(input)
  },
  'floor/0': number(Math.floor),
  'ceil/0': number(Math.ceil),
  'round/0': number(Math.round),
  'sqrt/0': number(Math.sqrt),
  'fabs/0': number(Math.abs),
  'abs/0': number(Math.abs),
  'trunc/0': number(Math.trunc),
  'nearbyint/0': number(nearest),
  'rint/0': number(nearest),
  'log/0': number(Math.log),
  'log2/0': number(Math.log2),
  'log10/0': number(Math.log10),
  'exp/0': number(Math.exp),
  'exp2/0': number(value => 2 ** value),
  'exp10/0': number(value => 10 ** value),
  'cbrt/0': number(Math.cbrt),
  'sin/0': number(Math.sin),
  'cos/0': number(Math.cos),
  'tan/0': number(Math.tan),
  'asin/0': number(Math.asin),
  'acos/0': number(Math.acos),
  'atan/0': number(Math.atan),
  'significand/0': number(value => (value === 0 ? 0 : value / 2 ** Math.floor(Math.log2(Math.abs(value))))),
  'logb/0': number(value => Math.floor(Math.log2(Math.abs(value)))),
  'pow/2': (_, base, exponent) => Number(base) ** Number(exponent),
  'atan2/2': (_, y, x) => Math.atan2(Number(y), Number(x)),
  'fmin/2': (_, a, b) => Math.min(Number(a), Number(b)),
  'fmax/2': (_, a, b) => Math.max(Number(a), Number(b)),
  'fmod/2': (_, a, b) => Number(a) % Number(b),
  'ldexp/2': (_, value, power) => Number(value) * 2 ** Number(power),
  'scalb/2': (_, value, power) => Number(value) * 2 ** Number(power),
  'isnan/0': input => Number.isNaN(input),
  'isinfinite/0': input => input === Number.POSITIVE_INFINITY || input === Number.NEGATIVE_INFINITY,
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'transpose/0'(input) {
    const rows = items(input, 'transposed') as Json[][]
    const width = Math.max(0, ...rows.map(row => row.length))
    return Array.from({ length: width }, (_, column) => rows.map(row => row[column] ?? null))
  },
  'setpath/2': (input, path, value) => withValueAt(input, path as Json[], () => value!) ?? null,
  'delpaths/1': (input, paths) =>
    [...(paths as Json[][])]
      .sort((a, b) => compare(b, a))
      .reduce<Json>((whole, path) => withValueAt(whole, path, () => undefined) ?? null, input),
  ...dateBuiltins,
  '_captures/0': input => {
    const { captures = [] } = input as { captures?: { name: string | null; string: Json }[] }
    return Object.fromEntries(captures.flatMap(({ name, string }) => (name === null ? [] : [[name, string]])))
  },
  '_match/3'(value, pattern, flags, tests) {
    if (typeof value !== 'string')
      throw new JqError(`${typeOf(value)} (${shortText(value)}) cannot be matched, as it is not a string`)
    const regular = expression(pattern, flags)
    if (tests === true) return regular.test(value)
    const all = regular.global ? [...value.matchAll(regular)] : [regular.exec(value)].filter(found => found !== null)
    return all.map(found => matchOf(found))
  },
  '_sub/3': text('sub', (value, _pattern, _flags, changes) => {
    let result = ''
    let at = 0
    for (const { offset, length, text: replacement } of changes as { offset: number; length: number; text: string }[]) {
      result += value.slice(at, offset) + replacement
      at = offset + length
    }
    return result + value.slice(at)
  }),
}

function flattened(list: readonly Json[], depth: number): Json[] {
  return list.flatMap(item => (Array.isArray(item) && depth > 0 ? flattened(item, depth - 1) : [item]))
}

function keysOf(input: Json): Json[] {
  if (Array.isArray(input)) return input.map((_, index) => index)
  if (isObject(input)) return Object.keys(input)
  throw new JqError(`${typeOf(input)} (${shortText(input)}) has no keys`)
}

function pairs(input: Json): { [key: string]: Json }[] {
  return [...(input as { [key: string]: Json }[])]
}

function contains(a: Json, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b)
  if (Array.isArray(a) && Array.isArray(b))
    return b.every(wanted => a.some(item => typeOf(item) === typeOf(wanted) && contains(item, wanted)))
  if (isObject(a) && isObject(b))
    return Object.entries(b).every(([key, wanted]) => Object.hasOwn(a, key) && contains(a[key]!, wanted))
  if (typeOf(a) === typeOf(b)) return compare(a, b) === 0
  throw new JqError(
    `${typeOf(a)} (${shortText(a)}) and ${typeOf(b)} (${shortText(b)}) cannot have their containment checked`,
  )
}

function expression(pattern: Json | undefined, flags: Json | undefined): RegExp {
  const given = String(flags ?? '')
  const known = `u${given.includes('g') ? 'g' : ''}${given.includes('i') ? 'i' : ''}${given.includes('s') ? 's' : ''}`
  try {
    return new RegExp(String(pattern), known)
  } catch {
    throw new JqError(`${pattern} (at offset 0) is not a valid regex: syntax error`)
  }
}

function matchOf(found: RegExpExecArray): Json {
  const names = Object.keys(found.groups ?? {})
  return {
    offset: found.index,
    length: found[0].length,
    string: found[0],
    captures: found.slice(1).map((string, index) => ({
      offset: string === undefined ? -1 : found.index + found[0].indexOf(string),
      length: string?.length ?? 0,
      string: string ?? null,
      name: names[index] ?? null,
    })),
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : jsonText(value)
}

/** Halves go to the even neighbour. */
function nearest(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

function parsed(source: string): Json {
  const reader = new JsonReader()
  try {
    const values = [...reader.feed(source), ...reader.end()]
    if (values.length === 1) return values[0]!.value
    throw new JsonSyntaxError(values.length === 0 ? 'Expected JSON value' : 'Unexpected extra JSON values')
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new JqError(`${error.message} (while parsing '${source}')`)
    throw error
  }
}

function cannotIterate(value: Json): JqError {
  return new JqError(`Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shortText(value)})`}`)
}
