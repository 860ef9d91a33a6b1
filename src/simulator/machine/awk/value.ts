import { formatFloat } from '../floatFormat.ts'

/** A value of awk: a number, text, or input text that compares as a number because it looks like one. */
export type Value = number | string | NumericText

/** Text from outside that looks like a number: it keeps its spelling and compares by its worth. */
class NumericText {
  readonly text: string
  readonly number: number
  constructor(text: string, number: number) {
    this.text = text
    this.number = number
  }
}

const looksNumeric = /^[ \t\n]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\n]*$/

/** A field, a line or an argument as a value. */
export function inputValue(text: string): Value {
  return looksNumeric.test(text) ? new NumericText(text, Number(text)) : text
}

/** The number at the front of text, or 0. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return value
  if (value instanceof NumericText) return value.number
  const match = /^[ \t\n]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(value)
  return match ? Number(match[1]) : 0
}

/** As text: whole numbers without a point, others by a format such as CONVFMT. */
export function textOf(value: Value, format = '%.6g'): string {
  if (typeof value === 'string') return value
  if (value instanceof NumericText) return value.text
  // Simplified: mawk writes whole numbers from 2147483648 on with six digits; here they are written in full.
  if (Number.isInteger(value)) return (value === 0 ? 0 : value).toFixed(0)
  if (Number.isNaN(value)) return '-nan'
  return formatAwk(format, [value])
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'string') return value !== ''
  return numberOf(value) !== 0
}

/** Below 0, 0 or above 0: by number where both are numbers or look like some, else by text. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a !== 'string' && typeof b !== 'string') {
    const [left, right] = [numberOf(a), numberOf(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  const [left, right] = [textOf(a), textOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** The text of printf and sprintf. */
export function formatAwk(format: string, values: readonly Value[]): string {
  let index = 0
  const next = (): Value => values[index++] ?? ''
  return format.replace(
    /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])/g,
    (whole: string, flags: string, width: string | undefined, precision: string | undefined, conversion: string) => {
      if (conversion === '%') return '%'
      const hasPrecision = /\.(?:\d*|\*)[a-zA-Z]$/.test(whole)
      const columns = width === '*' ? numberOf(next()) : Number(width ?? 0)
      const digits = hasPrecision ? (precision === '*' ? numberOf(next()) : Number(precision ?? 0)) : undefined
      const text = converted(next(), conversion, flags, digits)
      if (text === undefined) return whole
      if (flags.includes('-') || columns < 0) return text.padEnd(Math.abs(columns))
      if (!flags.includes('0') || conversion === 's' || conversion === 'c') return text.padStart(columns)
      const sign = /^[+ -]/.exec(text)?.[0] ?? ''
      return sign + text.slice(sign.length).padStart(columns - sign.length, '0')
    },
  )
}

function converted(value: Value, conversion: string, flags: string, precision: number | undefined): string | undefined {
  switch (conversion) {
    case 's': {
      const text = textOf(value)
      return precision === undefined ? text : text.slice(0, precision)
    }
    case 'c':
      return typeof value === 'number' ? String.fromCodePoint(value) : textOf(value).slice(0, 1)
    case 'd':
    case 'i':
      return signed(
        Math.trunc(numberOf(value))
          .toFixed(0)
          .padStart(precision ?? 1, '0'),
        flags,
      )
    case 'o':
    case 'x':
    case 'X':
    case 'u': {
      const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16
      const text = Math.trunc(numberOf(value)).toString(radix)
      const prefix = flags.includes('#') && radix === 16 ? '0x' : ''
      return conversion === 'X' ? (prefix + text).toUpperCase() : prefix + text
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const isAlternate = flags.includes('#')
      const number = numberOf(value)
      return signed(
        formatFloat(number, { conversion, isAlternate, ...(precision === undefined ? {} : { precision }) }),
        flags,
      )
    }
    default:
      return undefined
  }
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return text
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text
}
