/** How a quantity is written: with powers of ten, with powers of two, or with an exponent. */
type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

const badFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const badSuffix = "unable to parse quantity's suffix"
const decimalSuffixes = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const binarySuffixes = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n],
])
// The finest amount is a billionth; the greatest is what 64 bits hold.
const finest = -9
const unit = 10n ** 9n
const greatest = 2n ** 63n - 1n

/** An exact amount of a resource, like `100m`, `1.5Gi` or `2e3` (k8s.io/apimachinery/pkg/api/resource). */
export class Quantity {
  /** In billionths. */
  readonly #amount: bigint
  readonly #format: Format
  /** The text as it was written, kept until someone calculates, where upstream keeps it (parse in quantity.go). */
  readonly #text: string | undefined

  private constructor(amount: bigint, format: Format, text?: string) {
    this.#amount = amount
    this.#format = format
    this.#text = text
  }

  /** Reads a quantity; throws an Error with the API server's words when it is none. */
  static parse(text: string): Quantity {
    const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(.*)$/s.exec(text)
    if (!match || text === '') throw new Error(badFormat)
    const [, sign, whole = '', fraction = '', suffix = ''] = match
    if (!/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) throw new Error(badFormat)
    // A sign, a point or a suffix alone is 0: parseQuantityString counts no digits as one zero.
    const { exponent, factor, format } = readSuffix(suffix)
    const digits = BigInt(whole + fraction) * factor
    const power = exponent - fraction.length - finest
    // Finer amounts are rounded up, away from zero.
    const divisor = power < 0 ? 10n ** BigInt(-power) : 1n
    let amount = power < 0 ? (digits + divisor - 1n) / divisor : digits * 10n ** BigInt(power)
    if (format === 'BinarySI' && amount > greatest * unit) amount = greatest * unit
    const isSmallBinary = format === 'BinarySI' && amount > -1024n * unit && amount < 1024n * unit
    const written = (whole.replace(/^0+/, '') || '0') + fraction
    const isKept =
      format === 'BinarySI'
        ? fraction === '' && isShortBinary(written, factor) && (digits / factor) % 8n !== 0n
        : written.length <= 17 && (exponent - fraction.length) % 3 === 0 && power >= 0 && !/^0|000$/.test(written)
    return new Quantity(
      sign === '-' ? -amount : amount,
      isSmallBinary ? 'DecimalSI' : format,
      isKept ? text : undefined,
    )
  }

  static of(number: number, format: Format = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(Math.round(number * 1e9)), format)
  }

  toNumber(): number {
    return Number(this.#amount) / 1e9
  }

  /** Rounded up to whole units. */
  toInteger(): number {
    return Number(divideUp(this.#amount, unit))
  }

  /** Rounded up to thousandths, as CPU is counted. */
  toThousandths(): number {
    return Number(divideUp(this.#amount, unit / 1000n))
  }

  get isZero(): boolean {
    return this.#amount === 0n
  }

  get isNegative(): boolean {
    return this.#amount < 0n
  }

  compare(other: Quantity): number {
    return this.#amount < other.#amount ? -1 : this.#amount > other.#amount ? 1 : 0
  }

  plus(other: Quantity): Quantity {
    return new Quantity(this.#amount + other.#amount, this.isZero ? other.#format : this.#format)
  }

  minus(other: Quantity): Quantity {
    return new Quantity(this.#amount - other.#amount, this.isZero ? other.#format : this.#format)
  }

  /** The same amount in its canonical spelling, rounded up to thousandths: what the API server makes of requests and limits. */
  rounded(): Quantity {
    return new Quantity(divideUp(this.#amount, unit / 1000n) * (unit / 1000n), this.#format)
  }

  /** The text as it was written, or the canonical one: no fraction, the largest suffix that fits. */
  toString(): string {
    if (this.#text !== undefined) return this.#text
    if (this.#amount === 0n) return '0'
    if (this.#format === 'BinarySI') {
      const isSmall = this.#amount > -1024n * unit && this.#amount < 1024n * unit
      if (!isSmall && this.#amount % unit === 0n) return withBinarySuffix(this.#amount / unit)
    }
    let exponent = finest
    let digits = this.#amount
    while (digits % 1000n === 0n && exponent < (this.#format === 'DecimalExponent' ? 300 : 18)) {
      digits /= 1000n
      exponent += 3
    }
    if (this.#format === 'DecimalExponent') return exponent === 0 ? String(digits) : `${digits}e${exponent}`
    const suffix = [...decimalSuffixes].find(([, power]) => power === exponent)![0]
    return `${digits}${suffix}`
  }
}

/** The number that a quantity stands for; throws as `Quantity.parse` does. */
export function parseQuantity(text: string): number {
  return Quantity.parse(text).toNumber()
}

function readSuffix(suffix: string): { exponent: number; factor: bigint; format: Format } {
  const power = decimalSuffixes.get(suffix)
  if (power !== undefined) return { exponent: power, factor: 1n, format: 'DecimalSI' }
  const bits = binarySuffixes.get(suffix)
  if (bits !== undefined) return { exponent: 0, factor: 1n << bits, format: 'BinarySI' }
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)
  if (!exponent) throw new Error(badSuffix)
  return { exponent: Number(exponent[1]), factor: 1n, format: 'DecimalExponent' }
}

/** Whether so many digits times a power of two are sure to fit into 64 bits (the fast path of ParseQuantity). */
function isShortBinary(digits: string, factor: bigint): boolean {
  const bits = factor.toString(2).length - 1
  return 14 - digits.length - Math.floor(bits * 0.3) >= 0
}

function withBinarySuffix(value: bigint): string {
  let suffix = ''
  let shown = value
  for (const [name] of binarySuffixes) {
    if (shown % 1024n !== 0n) break
    shown /= 1024n
    suffix = name
  }
  return `${shown}${suffix}`
}

function divideUp(amount: bigint, divisor: bigint): bigint {
  const quotient = amount / divisor
  return amount % divisor === 0n || amount < 0n ? quotient : quotient + 1n
}
