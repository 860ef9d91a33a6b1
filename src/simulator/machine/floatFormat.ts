/** How C prints a number: the flags, width and precision of a printf directive. */
export interface NumberFormat {
  /** `f`, `e`, `g` or their capitals. */
  readonly conversion: string
  readonly precision?: number
  /** Keeps the zeros and the point that `%g` drops. */
  readonly isAlternate?: boolean
}

/** A number as printf(3) writes it with %f, %e or %g, rounding halves to even; without width and plus sign. */
export function formatFloat(value: number, { conversion, precision = 6, isAlternate = false }: NumberFormat): string {
  const isUpper = conversion === conversion.toUpperCase()
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf'
    return isUpper ? text.toUpperCase() : text
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const text = unsigned(Math.abs(value), conversion.toLowerCase(), precision, isAlternate)
  return sign + (isUpper ? text.toUpperCase() : text)
}

function unsigned(value: number, conversion: string, precision: number, isAlternate: boolean): string {
  if (conversion === 'f') return withPoint(fixed(value, precision), isAlternate)
  if (conversion === 'e') return exponential(value, precision, isAlternate)
  const digits = precision === 0 ? 1 : precision
  const exponent = value === 0 ? 0 : Number(scientific(value, digits - 1)[1])
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = '', power] = exponential(value, digits - 1, isAlternate).split('e')
    return `${isAlternate ? mantissa : withoutZeros(mantissa)}e${power}`
  }
  const text = fixed(value, digits - 1 - exponent)
  return isAlternate ? withPoint(text, true) : withoutZeros(text)
}

function fixed(value: number, digits: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
  if (digits > 100) return value.toFixed(100) + '0'.repeat(digits - 100)
  // A value lies exactly between two decimals only when it is an odd multiple of 2^-(digits + 1).
  const halves = value * 2 ** (digits + 1)
  if (!Number.isInteger(halves) || halves % 2 !== 1) return value.toFixed(digits)
  const below = (BigInt(halves) * 5n ** BigInt(digits)) / 2n
  const even = (below % 2n === 0n ? below : below + 1n).toString().padStart(digits + 1, '0')
  return digits === 0 ? even : `${even.slice(0, -digits)}.${even.slice(-digits)}`
}

function exponential(value: number, digits: number, isAlternate: boolean): string {
  const [mantissa, exponent] = scientific(value, digits)
  const power = Math.abs(Number(exponent)).toString().padStart(2, '0')
  return `${withPoint(mantissa, isAlternate)}e${exponent.startsWith('-') ? '-' : '+'}${power}`
}

/** Mantissa and exponent, rounded half to even. */
function scientific(value: number, digits: number): [mantissa: string, exponent: string] {
  const precise = value.toExponential(Math.min(100, digits + 30))
  const [mantissa = '', exponent = ''] = precise.split('e')
  const behind = mantissa.slice(digits === 0 ? 2 : digits + 2)
  const last = mantissa[digits === 0 ? 0 : digits + 1]!
  if (/^50*$/.test(behind) && '02468'.includes(last)) {
    return [mantissa.slice(0, digits === 0 ? 1 : digits + 2), exponent]
  }
  return value.toExponential(Math.min(100, digits)).split('e') as [string, string]
}

function withPoint(text: string, isNeeded: boolean): string {
  return isNeeded && !text.includes('.') ? `${text}.` : text
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
