import { byteLength } from '../bytes.ts'
import { decodeEscapes } from './escapes.ts'
import { backslashQuoted } from './quote.ts'
import { formatTime } from './timeText.ts'

/** What `printf` makes of a format and its arguments. */
export interface Formatted {
  readonly text: string
  /** What was wrong with arguments; the output is there nevertheless. */
  readonly problems: readonly string[]
}

/** What times a format may ask for with `%(…)T`. */
interface Times {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly startedAt: number
}

const directive = /%([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?[hlLjzt]*(\([^)]*\)T|[\s\S]|$)/g

/** Formats arguments as printf(1) does: the format begins anew while arguments are left. */
export function formatPrintf(
  format: string,
  args: readonly string[],
  times: Times,
  notANumber = 'invalid number',
): Formatted {
  return new PrintfWriter(format, args, times, notANumber).run()
}

class PrintfWriter {
  readonly #format: string
  readonly #args: readonly string[]
  readonly #times: Times
  readonly #notANumber: string
  readonly #problems: string[] = []
  #next = 0
  #isCut = false

  constructor(format: string, args: readonly string[], times: Times, notANumber: string) {
    this.#format = format
    this.#args = args
    this.#times = times
    this.#notANumber = notANumber
  }

  run(): Formatted {
    let text = ''
    do {
      const before = this.#next
      text += this.#once()
      if (this.#next === before) break
    } while (this.#next < this.#args.length && !this.#isCut)
    return { text, problems: this.#problems }
  }

  #once(): string {
    let text = ''
    let at = 0
    for (const match of this.#format.matchAll(directive)) {
      text += this.#plain(this.#format.slice(at, match.index))
      if (this.#isCut) return text
      at = match.index + match[0].length
      if (match[0] === '%%') text += '%'
      else if (!/^(\(|[diouxXeEfFgGaAcsbqQ]$)/.test(match[4]!)) {
        const bad = match[4]!
        this.#problems.push(bad === '' ? "`%': missing format character" : `\`${bad}': invalid format character`)
        this.#isCut = true
        return text
      } else text += this.#one(match[1] ?? '', match[2], match[3], match[0].includes('.'), match[4]!)
      if (this.#isCut) return text
    }
    return text + this.#plain(this.#format.slice(at))
  }

  #plain(text: string): string {
    const cut = /(^|[^\\])(\\\\)*\\c/.exec(text)
    if (cut) this.#isCut = true
    return decodeEscapes(cut ? text.slice(0, cut.index + cut[0].length - 2) : text, 'format').text
  }

  #one(
    flags: string,
    width: string | undefined,
    precision: string | undefined,
    hasPrecision: boolean,
    kind: string,
  ): string {
    let size = width === '*' ? this.#integer() : Number(width ?? 0)
    const digits = hasPrecision ? (precision === '*' ? this.#integer() : Number(precision ?? 0)) : undefined
    const isLeft = flags.includes('-') || size < 0
    size = Math.abs(size)
    const text = this.#value(kind, flags, digits)
    const isNumber = 'diouxXeEfFgGaA'.includes(kind)
    if (isLeft) return text + ' '.repeat(Math.max(0, size - lengthOf(text)))
    if (isNumber && flags.includes('0') && !(digits !== undefined && 'diouxX'.includes(kind))) {
      const sign = /^([-+ ]|0[xX])?/.exec(text)![0]
      return sign + text.slice(sign.length).padStart(size - sign.length, '0')
    }
    return ' '.repeat(Math.max(0, size - lengthOf(text))) + text
  }

  #value(kind: string, flags: string, digits: number | undefined): string {
    if (kind.endsWith('T')) return this.#time(kind.slice(1, -2))
    const arg = this.#take()
    switch (kind) {
      case 's':
        return digits === undefined ? (arg ?? '') : (arg ?? '').slice(0, digits)
      case 'c':
        return [...(arg ?? '')][0] ?? ''
      case 'q':
      case 'Q':
        return backslashQuoted(arg ?? '')
      case 'b': {
        const decoded = decodeEscapes(arg ?? '', 'echo')
        if (decoded.isCut) this.#isCut = true
        return digits === undefined ? decoded.text : decoded.text.slice(0, digits)
      }
      case 'd':
      case 'i':
        return signed(this.#whole(arg), flags, digits)
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return unsigned(this.#whole(arg), kind, flags, digits)
      default:
        return float(this.#float(arg), kind, flags, digits)
    }
  }

  #take(): string | undefined {
    const arg = this.#args[this.#next]
    if (this.#next < this.#args.length) this.#next++
    return arg
  }

  #integer(): number {
    return Number(this.#whole(this.#take()))
  }

  #whole(arg: string | undefined): bigint {
    if (arg === undefined || arg === '') return 0n
    if (arg.startsWith("'") || arg.startsWith('"')) return BigInt(arg.codePointAt(1) ?? 0)
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(arg)
    if (!match || match[0].length < arg.length) this.#problems.push(`${arg}: ${this.#notANumber}`)
    if (!match) return 0n
    const digits = match[2]!
    const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
    return match[1] === '-' ? -value : value
  }

  #float(arg: string | undefined): number {
    if (arg === undefined || arg === '') return 0
    if (arg.startsWith("'") || arg.startsWith('"')) return arg.codePointAt(1) ?? 0
    const match = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|nan|0[xX][0-9a-fA-F]+)/i.exec(arg)
    if (!match || match[0].length < arg.length) this.#problems.push(`${arg}: ${this.#notANumber}`)
    return match ? Number(match[0].replace(/inf/i, 'Infinity')) : 0
  }

  #time(format: string): string {
    const arg = this.#take()
    const seconds =
      arg === undefined || arg === '-1'
        ? this.#times.now / 1000
        : arg === '-2'
          ? this.#times.startedAt / 1000
          : Number(arg)
    return formatTime(format || '%X', seconds * 1000)
  }
}

/** Widths count bytes, as they do in C. */
function lengthOf(text: string): number {
  return byteLength(text)
}

function signed(value: bigint, flags: string, digits: number | undefined): string {
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const text = String(value < 0n ? -value : value)
  return sign + text.padStart(digits ?? 1, '0')
}

function unsigned(value: bigint, kind: string, flags: string, digits: number | undefined): string {
  const base = kind === 'o' ? 8 : kind === 'u' ? 10 : 16
  let text = BigInt.asUintN(64, value).toString(base)
  if (kind === 'X') text = text.toUpperCase()
  text = text.padStart(digits ?? 1, '0')
  if (!flags.includes('#') || value === 0n || kind === 'u') return text
  return kind === 'o' ? `0${text}` : `0${kind}${text}`
}

function float(value: number, kind: string, flags: string, digits = 6): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const size = Math.abs(value)
  if (!Number.isFinite(size)) return sign + (Number.isNaN(size) ? 'nan' : 'inf')
  const lower = kind.toLowerCase()
  let text: string
  if (lower === 'f') text = fixed(size, Math.min(100, digits))
  else if (lower === 'e') text = exponent(size.toExponential(Math.min(100, digits)))
  else text = general(size, digits === 0 ? 1 : digits, flags.includes('#'))
  return sign + (kind === lower ? text : text.toUpperCase())
}

/** A number with so many decimals; one that lies just between two goes to the even one. */
function fixed(size: number, digits: number): string {
  const scaled = size * 10 ** digits
  if (digits > 15 || scaled % 1 !== 0.5 || scaled / 10 ** digits !== size) return size.toFixed(digits)
  const even = Math.floor(scaled) % 2 === 0 ? Math.floor(scaled) : Math.ceil(scaled)
  return (even / 10 ** digits).toFixed(digits)
}

/** C writes at least two digits of exponent. */
function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2')
}

function general(size: number, digits: number, keepsZeros: boolean): string {
  const power = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1])
  const text =
    power < -4 || power >= digits
      ? exponent(size.toExponential(digits - 1))
      : size.toFixed(Math.max(0, digits - 1 - power))
  if (keepsZeros || !text.includes('.')) return text
  return text.replace(/\.?0+(e|$)/, '$1')
}
