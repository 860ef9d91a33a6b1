import { goTypes } from '../../../api/goTypes.ts'
import { Quantity } from '../../../api/quantity.ts'

/** Something in a template of whose Go structure nothing is known here. */
export class UnknownStructure extends Error {}

const zeroTime = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'
const numbers = new Set(['int32', 'int64'])

/**
 * Prints a JSON value as the Go structure that it is read into, in the way of `%#v` of github.com/davecgh/go-spew: the
 * text over which Kubernetes takes the hash of a pod template.
 */
export function goDump(value: unknown, type: string, showsType = true): string {
  if (type.startsWith('*')) {
    if (value === undefined || value === null) return `${showsType ? `(${type})` : ''}<nil>`
    return `(${type})${goDump(value, type.slice(1), false)}`
  }
  return (showsType ? `(${type})` : '') + body(value, type)
}

function body(value: unknown, type: string): string {
  if (type === 'string' || type === 'types.UID') return text(value)
  if (type === 'bool') return String(value ?? false)
  if (numbers.has(type)) return String(value ?? 0)
  if (type.startsWith('[]')) return list(value, type.slice(2))
  if (type === 'map[string]string') return map(value, text)
  if (type === 'v1.ResourceList') return map(value, quantity)
  if (type === 'resource.Quantity') return quantity(value)
  if (type === 'intstr.IntOrString') return intOrString(value)
  if (type === 'v1.Time') return zeroTime
  const fields = goTypes.get(type)
  if (fields)
    return `{${fields
      .map(({ name, key, type: own }) => {
        const part = key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key]
        return `${name}:${goDump(part, own)}`
      })
      .join(' ')}}`
  // What is left are texts with a type of their own, like v1.Protocol.
  if (value === undefined || typeof value === 'string') return text(value)
  throw new UnknownStructure(type)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Lists and maps without entries do not survive the way through the API server: they are nil. */
function list(value: unknown, type: string): string {
  if (!Array.isArray(value) || value.length === 0) return '<nil>'
  return `[${value.map(item => goDump(item, type, false)).join(' ')}]`
}

function map(value: unknown, format: (item: unknown) => string): string {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>)
  if (entries.length === 0) return '<nil>'
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${sorted.map(([key, item]) => `${key}:${format(item)}`).join(' ')}]`
}

function intOrString(value: unknown): string {
  const isText = typeof value === 'string'
  const number = isText ? 0 : (value ?? 0)
  return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${text(value)}}`
}

/** The amount as a number and a power of ten, and its text where `ParseQuantity` sees at once that it is canonical. */
function quantity(value: unknown): string {
  const { amount, scale, format, text: kept } = readQuantity(value === undefined ? '0' : String(value))
  return `{i:(resource.int64Amount){value:(int64)${amount} scale:(resource.Scale)${scale}} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${kept} Format:(resource.Format)${format}}`
}

const powers: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }

interface GoQuantity {
  readonly amount: string
  readonly scale: number
  readonly format: string
  readonly text: string
}

function readQuantity(written: string): GoQuantity {
  if (written === '0') return { amount: '0', scale: 0, format: 'DecimalSI', text: '0' }
  const [, whole = '', fraction = '', suffix = ''] = /^\+?(-?\d*)(?:\.(\d*))?([A-Za-z]*)$/.exec(written) ?? []
  const power = powers[suffix]
  if (power !== undefined) {
    const digits = whole + fraction
    const scale = power - fraction.length
    const isCanonical = scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
    return { amount: String(Number(digits)), scale, format: 'DecimalSI', text: isCanonical ? written : '' }
  }
  if (!suffix.endsWith('i') || fraction) throw new UnknownStructure(written)
  const isCanonical = (Number(whole) & 7) !== 0
  const amount = String(Quantity.parse(written).toInteger())
  return { amount, scale: 0, format: 'BinarySI', text: isCanonical ? written : '' }
}
