import type { Token } from './scanner.ts'
import { YamlError } from './yamlError.ts'

const words = new Map<string, unknown>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(word => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
])

/** What a scalar means by YAML 1.1 as go-yaml v2 reads it: `y` is true, `010` is 8, `1_000` is 1000, `12:30` is text. */
export function resolveScalar(text: string, tag: Token | undefined, isPlain: boolean): unknown {
  const name = tag && longTag(tag)
  if (name === 'str' || name === '!') return text
  if (name === 'binary') return decodeBase64(text)
  if (name === undefined && !isPlain) return text
  const value = resolvePlain(text)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`json: unsupported value: ${showNumber(value)}`)
  if (name === undefined) return value
  if (name === 'int' && typeof value === 'number' && Number.isInteger(value)) return value
  if (name === 'float' && typeof value === 'number') return value
  if (name === 'bool' && typeof value === 'boolean') return value
  if (name === 'null' && value === null) return null
  if (['int', 'float', 'bool', 'null'].includes(name)) {
    throw new YamlError(`cannot decode !!${goType(value)} \`${text}\` as a !!${name}`)
  }
  return text
}

function resolvePlain(text: string): unknown {
  if (words.has(text)) return words.get(text)
  if (!/^[-+.\d]/.test(text)) return text
  const digits = text.replaceAll('_', '')
  const integer = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/.exec(digits)
  if (integer) {
    const body = integer[2]!
    const number = Number(/^0\d/.test(body) ? `0o${body.slice(1)}` : body)
    return integer[1] === '-' && number !== 0 ? -number : number
  }
  const number = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? Number(digits) : Number.NaN
  return Number.isFinite(number) ? number : text
}

/** The part of a standard tag after `!!`; other tags make no difference, but an empty value is then empty text. */
function longTag({ value, suffix }: Token): string | undefined {
  const standard = 'tag:yaml.org,2002:'
  if (value === '!!') return suffix
  if (value === '' && suffix?.startsWith(standard)) return suffix.slice(standard.length)
  return '!'
}

function goType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return 'str'
}

function showNumber(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Inf' : '+Inf'
}

function decodeBase64(text: string): string {
  if (!/^[\sA-Za-z0-9+/]*=*\s*$/.test(text)) throw new YamlError('!!binary value contains invalid base64 data')
  const bytes = Uint8Array.from(atob(text.replace(/\s/g, '')), char => char.charCodeAt(0))
  return new TextDecoder('utf-8').decode(bytes)
}
