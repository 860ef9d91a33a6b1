import { isIpv4, isWithin, parseAddress, parseRange } from '../addresses.ts'
import { formatJsonLine } from '../goJson.ts'
import { compile } from '../jsonSchema/validate.ts'
import { Quantity } from '../quantity.ts'
import {
  CelError,
  Duration,
  isEqualValue,
  Optional,
  parseDuration,
  Timestamp,
  TypeName,
  typeOf,
  type Value,
} from './values.ts'

type Function = (...args: readonly Value[]) => Value

/** A function by its name, also with a namespace: `optional.of`. */
export function functionNamed(name: string): Function | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined
}

/** What is called on a value: `text.startsWith(…)`. */
export function methodNamed(name: string): Function | undefined {
  return Object.hasOwn(methods, name) ? methods[name] : undefined
}

function overload(): never {
  throw new CelError('no such overload')
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : overload()
}

function list(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : overload()
}

function count(value: Value | undefined): number {
  return typeof value === 'bigint' ? Number(value) : overload()
}

function sizeOf(value: Value | undefined): bigint {
  if (typeof value === 'string') return BigInt([...value].length)
  if (Array.isArray(value)) return BigInt(value.length)
  return value instanceof Map ? BigInt(value.size) : overload()
}

function quantity(value: Value | undefined): Quantity {
  return typeof value === 'object' && value !== null && 'quantity' in value ? value.quantity : overload()
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    // What cannot be read is what the caller asks about.
    return undefined
  }
}

// Simplified: the libraries for semantic versions, formats and two-variable maps are not there.
const functions: Readonly<Record<string, Function>> = {
  size: value => sizeOf(value),
  type: value => new TypeName(typeOf(value ?? null)),
  dyn: value => value ?? null,
  string: value => (typeof value === 'string' ? value : stringOf(value ?? null)),
  int(value) {
    if (typeof value === 'bigint') return value
    if (typeof value === 'number') return BigInt(Math.trunc(value))
    if (value instanceof Timestamp) return BigInt(Math.floor(value.milliseconds / 1000))
    const read = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? BigInt(value) : undefined
    return read ?? overload()
  },
  uint: value => functions['int']!(value ?? null),
  double: value =>
    typeof value === 'bigint' || typeof value === 'string'
      ? Number(value)
      : typeof value === 'number'
        ? value
        : overload(),
  bool: value => (typeof value === 'boolean' ? value : text(value) === 'true'),
  duration: value => parseDuration(text(value)) ?? overload(),
  timestamp(value) {
    const time = Date.parse(text(value))
    return Number.isNaN(time) ? overload() : new Timestamp(time)
  },
  matches: (value, pattern) => compile(text(pattern)).test(text(value)),
  quantity: value => ({ quantity: attempt(() => Quantity.parse(text(value))) ?? overload() }),
  isQuantity: value => attempt(() => Quantity.parse(text(value))) !== undefined,
  url: value => ({ url: attempt(() => partsOfUrl(text(value))) ?? overload() }),
  isURL: value => attempt(() => partsOfUrl(text(value))) !== undefined,
  isIP: value => parseAddress(text(value)) !== undefined,
  isCIDR: value => parseRange(text(value)) !== undefined,
  ip: value => (parseAddress(text(value)) ? text(value) : overload()),
  cidr: value => (parseRange(text(value)) ? text(value) : overload()),
  'jsonpatch.escapeKey': value => text(value).replaceAll('~', '~0').replaceAll('/', '~1'),
  'optional.of': value => new Optional(value),
  'optional.none': () => new Optional(undefined),
  'optional.ofNonZeroValue': value => new Optional(isZero(value ?? null) ? undefined : value),
  'sets.contains': (all, some) => list(some).every(item => list(all).some(other => isEqualValue(item, other))),
  'sets.intersects': (a, b) => list(a).some(item => list(b).some(other => isEqualValue(item, other))),
  'sets.equivalent': (a, b) =>
    functions['sets.contains']!(a!, b!) === true && functions['sets.contains']!(b!, a!) === true,
  'math.greatest': (...args) => args.flatMap(arg => (Array.isArray(arg) ? [...arg] : [arg])).reduce(greater),
  'math.least': (...args) => args.flatMap(arg => (Array.isArray(arg) ? [...arg] : [arg])).reduce(lesser),
}

const methods: Readonly<Record<string, Function>> = {
  size: value => sizeOf(value),
  contains: (value, part) => text(value).includes(text(part)),
  startsWith: (value, part) => text(value).startsWith(text(part)),
  endsWith: (value, part) => text(value).endsWith(text(part)),
  matches: (value, pattern) => compile(text(pattern)).test(text(value)),
  find: (value, pattern) => compile(text(pattern)).exec(text(value))?.[0] ?? '',
  findAll: (value, pattern, limit) =>
    Array.from(text(value).matchAll(new RegExp(compile(text(pattern)).source, 'g')), ([found]) => found).slice(
      0,
      limit === undefined ? undefined : count(limit),
    ),
  lowerAscii: value => text(value).replace(/[A-Z]/g, letter => letter.toLowerCase()),
  upperAscii: value => text(value).replace(/[a-z]/g, letter => letter.toUpperCase()),
  trim: value => text(value).trim(),
  charAt: (value, index) => text(value)[count(index)] ?? '',
  reverse: value => (typeof value === 'string' ? [...value].reverse().join('') : [...list(value)].reverse()),
  replace(value, from, to, limit) {
    const parts = text(value).split(text(from))
    const most = limit === undefined || limit === -1n ? parts.length : count(limit)
    return parts.reduce((joined, part, index) => joined + (index <= most ? text(to) : text(from)) + part)
  },
  split(value, separator, limit) {
    const parts = text(value).split(text(separator))
    const most = limit === undefined || limit === -1n ? parts.length : count(limit)
    return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(text(separator))]
  },
  substring: (value, from, to) => text(value).slice(count(from), to === undefined ? undefined : count(to)),
  join: (value, separator) =>
    list(value)
      .map(text)
      .join(separator === undefined ? '' : text(separator)),
  indexOf: (value, item) =>
    BigInt(
      typeof value === 'string' ? value.indexOf(text(item)) : list(value).findIndex(one => isEqualValue(one, item!)),
    ),
  lastIndexOf: (value, item) =>
    BigInt(
      typeof value === 'string'
        ? value.lastIndexOf(text(item))
        : list(value).findLastIndex(one => isEqualValue(one, item!)),
    ),
  isSorted: value => list(value).every((item, index, all) => index === 0 || greater(all[index - 1]!, item) === item),
  sum: value =>
    list(value).reduce((sum, item) => plus(sum, item), list(value).length > 0 ? zeroLike(list(value)[0]!) : 0n),
  min: value => list(value).reduce(lesser),
  max: value => list(value).reduce(greater),
  hasValue: value => (value instanceof Optional ? value.value !== undefined : overload()),
  value: value => (value instanceof Optional ? (value.value ?? overload()) : overload()),
  orValue: overload,
  or: overload,
  isLessThan: (a, b) => quantity(a).compare(quantity(b)) < 0,
  isGreaterThan: (a, b) => quantity(a).compare(quantity(b)) > 0,
  compareTo: (a, b) => BigInt(Math.sign(quantity(a).compare(quantity(b)))),
  isInteger: value => Number.isInteger(quantity(value).toNumber()),
  asInteger: value => BigInt(quantity(value).toInteger()),
  asApproximateFloat: value => quantity(value).toNumber(),
  sign: value => BigInt(quantity(value).isZero ? 0 : quantity(value).isNegative ? -1 : 1),
  add: (a, b) => ({ quantity: quantity(a).plus(quantity(b)) }),
  sub: (a, b) => ({ quantity: quantity(a).minus(quantity(b)) }),
  getScheme: value => part(value, 'scheme'),
  getHost: value => part(value, 'host'),
  getHostname: value => part(value, 'hostname'),
  getPort: value => part(value, 'port'),
  getEscapedPath: value => part(value, 'path'),
  family: value => (isIpv4(text(value)) ? 4n : 6n),
  isLoopback: value => /^(127\.|::1$)/.test(text(value)),
  containsIP(range, address) {
    const [inside, outside] = [parseAddress(text(address)), parseRange(text(range))]
    return inside !== undefined && outside !== undefined && isWithin(inside, outside)
  },
  prefixLength: value => BigInt(text(value).split('/')[1] ?? '0'),
  getSeconds: value => BigInt(Math.floor(time(value) / 1000)),
  getMilliseconds: value => BigInt(Math.floor(time(value))),
  getMinutes: value => BigInt(Math.floor(time(value) / 60_000)),
  getHours: value => BigInt(Math.floor(time(value) / 3_600_000)),
  getFullYear: value => BigInt(new Date(time(value)).getUTCFullYear()),
}

function time(value: Value | undefined): number {
  return value instanceof Timestamp || value instanceof Duration ? value.milliseconds : overload()
}

function part(value: Value | undefined, name: string): string {
  return typeof value === 'object' && value !== null && 'url' in value ? (value.url[name] ?? '') : overload()
}

function partsOfUrl(address: string): Record<string, string> {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(([^/?#:]*)(?::(\d+))?)([^?#]*)/.exec(address)
  if (match) {
    const [, scheme = '', host = '', hostname = '', port = '', path = ''] = match
    return { scheme, host, hostname, port, path }
  }
  if (!address.startsWith('/')) throw new CelError('no URL')
  return { scheme: '', host: '', hostname: '', port: '', path: address }
}

function greater(a: Value, b: Value): Value {
  return compareable(a, b) && (a as string) > (b as string) ? a : b
}

function lesser(a: Value, b: Value): Value {
  return compareable(a, b) && (a as string) < (b as string) ? a : b
}

function compareable(a: Value, b: Value): boolean {
  const isPlain = (value: Value) => typeof value !== 'object' && typeof value !== 'boolean'
  return isPlain(a) && isPlain(b) ? true : overload()
}

function plus(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a + b
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return a instanceof Duration && b instanceof Duration ? new Duration(a.milliseconds + b.milliseconds) : overload()
}

function zeroLike(value: Value): Value {
  return typeof value === 'number' ? 0 : value instanceof Duration ? new Duration(0) : 0n
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true
  return Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0
}

function stringOf(value: Value): string {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Timestamp) return new Date(value.milliseconds).toISOString().replace('.000Z', 'Z')
  if (value instanceof Duration) return `${value.milliseconds / 1000}s`
  if (typeof value === 'object' && value !== null && 'quantity' in value) return value.quantity.toString()
  return formatJsonLine(value)
}
