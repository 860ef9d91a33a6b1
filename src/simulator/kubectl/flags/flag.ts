/** One option of a command: the parser, the help text and completion are made from it. The record's key is its name. */
export interface Flag<T = unknown> {
  readonly short?: string
  readonly value: T
  /** The default as help shows it. */
  readonly shown: string
  readonly help: string
  /** What `--name` without a value means; absent for flags that need one. */
  readonly bare?: string
  /** Left out of help and completion. */
  readonly hidden?: true
  /** Left out of help, and warned of when used. */
  readonly deprecated?: string
  /** The type's own name in messages about a wrong value. */
  parse(text: string, previous: T | undefined): T
  /** What Tab offers for the value. */
  readonly complete?: Completion
}

/** Which live values complete a flag or an argument. */
export type Completion =
  | readonly string[]
  | 'namespace'
  | 'container'
  | 'context'
  | 'cluster'
  | 'user'
  | 'manifest'
  | 'file'

/** The flags of a command by name. */
export type Flags = Readonly<Record<string, Flag>>

/** The values that a command finds under the names of its flags. */
export type Values<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never }

interface Traits {
  readonly short?: string
  readonly bare?: string
  readonly hidden?: true
  readonly deprecated?: string
  readonly complete?: Completion
}

/** A value the flag's type does not accept; the text is the reason as Go's parsers give it. */
export class FlagValueError extends Error {}

/** A flag that is on or off: `--watch`, `--watch=false`. */
export function boolean(help: string, value = false, traits: Traits = {}): Flag<boolean> {
  return { bare: 'true', ...traits, value, shown: String(value), help, parse: parseBoolean }
}

/** A flag that takes text. */
export function text(help: string, value = '', traits: Traits = {}): Flag<string> {
  return { ...traits, value, shown: `'${value}'`, help, parse: given => given }
}

/** A list whose items may be separated by commas and which may be given several times. */
export function list(help: string, value: readonly string[] = [], traits: Traits = {}): Flag<readonly string[]> {
  return {
    ...traits,
    value,
    shown: `[${value.join(',')}]`,
    help,
    parse: (given, previous = []) => [...previous, ...splitRecord(given)],
  }
}

/** A flag that may be given several times, each time with one value. */
export function repeated(help: string, value: readonly string[] = [], traits: Traits = {}): Flag<readonly string[]> {
  return {
    ...traits,
    value,
    shown: `[${value.join(',')}]`,
    help,
    parse: (given, previous = []) => [...previous, given],
  }
}

/** Pairs `key=value`, separated by commas. */
export function pairs(help: string, traits: Traits = {}): Flag<Readonly<Record<string, string>>> {
  return {
    ...traits,
    value: {},
    shown: '[]',
    help,
    parse(given, previous = {}) {
      const result: Record<string, string> = { ...previous }
      for (const item of splitRecord(given)) {
        const at = item.indexOf('=')
        if (at < 0) throw new FlagValueError(`${item} must be formatted as key=value`)
        result[item.slice(0, at)] = item.slice(at + 1)
      }
      return result
    },
  }
}

/** A whole number. */
export function integer(help: string, value = 0, traits: Traits & { readonly bits?: 32 | 64 } = {}): Flag<number> {
  return { ...traits, value, shown: String(value), help, parse: given => parseInteger(given, traits.bits ?? 64) }
}

/** A span of time in milliseconds, written as Go writes it: `1m30s`. */
export function duration(help: string, value: number, shown: string, traits: Traits = {}): Flag<number> {
  return { ...traits, value, shown, help, parse: parseDuration }
}

/** strconv.ParseBool. */
function parseBoolean(given: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(given)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(given)) return false
  throw new FlagValueError(`strconv.ParseBool: parsing ${quote(given)}: invalid syntax`)
}

/** strconv.ParseInt with base 0 for 64 and 32 bits. */
export function parseInteger(given: string, bits: 32 | 64 = 64): number {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|\d+)$/.exec(
    given.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, ''),
  )
  if (!match || /^[+-]?0[89]/.test(given)) {
    throw new FlagValueError(`strconv.ParseInt: parsing ${quote(given)}: invalid syntax`)
  }
  const digits = match[2]!
  const number = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase())
  const limit = 1n << BigInt(bits - 1)
  if (number > limit || (number === limit && match[1] !== '-')) {
    throw new FlagValueError(`strconv.ParseInt: parsing ${quote(given)}: value out of range`)
  }
  return Number(match[1] === '-' ? -number : number)
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** time.ParseDuration, in milliseconds. */
export function parseDuration(given: string): number {
  const invalid = () => new FlagValueError(`time: invalid duration ${quote(given)}`)
  const sign = given.startsWith('-') ? -1 : 1
  const rest = given.replace(/^[+-]/, '')
  if (rest === '0') return 0
  if (rest === '') throw invalid()
  let total = 0
  for (let at = 0; at < rest.length; ) {
    const part = /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest.slice(at))!
    if (!part[1] && !part[2]) throw invalid()
    if (!part[3]) throw new FlagValueError(`time: missing unit in duration ${quote(given)}`)
    const unit = unitMilliseconds[part[3]]
    if (unit === undefined) throw new FlagValueError(`time: unknown unit ${quote(part[3])} in duration ${quote(given)}`)
    total += Number(`${part[1] || 0}.${part[2] || 0}`) * unit
    at += part[0].length
  }
  return sign * total
}

/** The fields of a line of comma-separated values, quoted where they hold a comma. */
function splitRecord(given: string): string[] {
  if (given === '') return []
  const fields: string[] = []
  for (let at = 0; ; ) {
    if (given[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"/.exec(given.slice(at))
      if (!quoted) {
        throw new FlagValueError(
          `parse error on line 1, column ${given.length + 1}: extraneous or missing " in quoted-field`,
        )
      }
      fields.push(quoted[1]!.replaceAll('""', '"'))
      at += quoted[0].length
    } else {
      const end = given.indexOf(',', at)
      const field = end < 0 ? given.slice(at) : given.slice(at, end)
      const mark = field.indexOf('"')
      if (mark >= 0)
        throw new FlagValueError(`parse error on line 1, column ${at + mark + 1}: bare " in non-quoted-field`)
      fields.push(field)
      at += field.length
    }
    if (at >= given.length) return fields
    if (given[at] !== ',') {
      throw new FlagValueError(`parse error on line 1, column ${at + 1}: extraneous or missing " in quoted-field`)
    }
    at++
    if (at === given.length) return [...fields, '']
  }
}

function quote(given: string): string {
  return JSON.stringify(given)
}
