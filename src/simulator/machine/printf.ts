import { byteLength, bytesOf, textOf } from './bytes.ts'
import { formatFloat } from './floatFormat.ts'
import { needsQuoting, quotedName } from './quoting.ts'

/** Whose printf: its words about what is wrong differ. */
export type PrintfDialect = 'bash' | 'gnu' | 'ash' | 'dash'

/** What printf made of its arguments. */
export interface Printed {
  readonly text: string
  /** What is wrong, without any name in front; printf goes on after most errors and then fails. */
  readonly errors: readonly string[]
}

/** What printf needs to know of the world. */
export interface PrintfSettings {
  readonly dialect: PrintfDialect
  /** Quotes a word in a message of GNU's printf. */
  readonly quote?: (word: string) => string
  /** For bash's `%(FORMAT)T`: a time as strftime(3) writes it; undefined and -1 stand for now. */
  readonly formatTime?: (format: string, seconds: number | undefined) => string
}

/** Formats as the printf command does: escapes, directives, and the format again while arguments are left. */
export function formatPrintf(format: string, args: readonly string[], settings: PrintfSettings): Printed {
  const printer = new Printer(format, args, settings)
  printer.run()
  return { text: joinBytes(printer.text), errors: printer.errors }
}

/** What `echo -e` prints for a word: the text, and whether `\c` ends everything. */
export function echoEscapes(text: string): { readonly text: string; readonly isOver: boolean } {
  const unescaped = expandEscapes(text, 'echo')
  return { ...unescaped, text: joinBytes(unescaped.text) }
}

/** The words of an `echo` that are options, in bash and BusyBox: only whole clusters of n, e and E count. */
export function echoOptions(words: readonly string[]): {
  readonly hasNewline: boolean
  readonly interprets: boolean
  readonly rest: readonly string[]
} {
  let hasNewline = true
  let interprets = false
  let count = 0
  for (; count < words.length && /^-[neE]+$/.test(words[count]!); count++) {
    for (const letter of words[count]!.slice(1)) {
      if (letter === 'n') hasNewline = false
      else interprets = letter === 'e'
    }
  }
  return { hasNewline, interprets, rest: words.slice(count) }
}

/** Everything that echo prints for its arguments. */
export function echoText(words: readonly string[]): string {
  const { hasNewline, interprets, rest } = echoOptions(words)
  const line = rest.join(' ')
  if (!interprets) return hasNewline ? `${line}\n` : line
  const { text, isOver } = echoEscapes(line)
  return hasNewline && !isOver ? `${text}\n` : text
}

/** Whether and how words in C's escape notation differ: octal digits with or without a zero in front. */
type EscapeStyle = 'echo' | 'format' | 'dash'

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

function expandEscapes(text: string, style: EscapeStyle): { text: string; isOver: boolean } {
  let result = ''
  for (let i = 0; i < text.length; ) {
    if (text[i] !== '\\' || i + 1 === text.length) {
      result += text[i++]
      continue
    }
    const rest = text.slice(i + 1)
    if (rest[0] === 'c') {
      if (style === 'echo') return { text: result, isOver: true }
      result += '\\c'
      i += 2
      continue
    }
    const [piece, length] = escapeAt(rest, style)
    result += piece
    i += 1 + length
  }
  return { text: result, isOver: false }
}

/** What one escape stands for, and how many characters after the backslash it takes. */
function escapeAt(rest: string, style: EscapeStyle): [text: string, length: number] {
  const first = rest[0]!
  const simple = simpleEscapes[first]
  if (simple !== undefined) return [simple, 1]
  if (style !== 'echo' && (first === '"' || first === "'" || first === '?')) return [first, 1]
  const octal = (style === 'echo' ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest)
  if (octal) return [byteText(Number.parseInt(octal[1] || '0', 8)), octal[0].length]
  if (style === 'dash') return [`\\${first}`, 1]
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest)
  if (hex) return [byteText(Number.parseInt(hex[1]!, 16)), hex[0].length]
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest)
  if (unicode) {
    const code = Number.parseInt(unicode[1] ?? unicode[2]!, 16)
    if (code <= 0x10ffff) return [String.fromCodePoint(code), unicode[0].length]
  }
  return [`\\${first}`, 1]
}

function byteText(byte: number): string {
  const code = byte & 0xff
  return String.fromCharCode(code < 0x80 ? code : 0xdc00 | code)
}

/** Bytes that were written one by one become characters where they are UTF-8 together. */
function joinBytes(text: string): string {
  return /[\udc80-\udcff]/.test(text) ? textOf(bytesOf(text)) : text
}

interface Directive {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly conversion: string
}

const directivePattern = /^%([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(\([^)]*\)T|[\s\S])/

class Printer {
  text = ''
  readonly errors: string[] = []
  readonly #format: string
  readonly #args: readonly string[]
  readonly #settings: PrintfSettings
  #next = 0
  #isOver = false

  constructor(format: string, args: readonly string[], settings: PrintfSettings) {
    this.#format = format
    this.#args = args
    this.#settings = settings
  }

  run(): void {
    do {
      const before = this.#next
      this.#pass()
      if (this.#next === before) {
        this.#excess()
        break
      }
    } while (this.#next < this.#args.length && !this.#isOver)
  }

  /** Arguments for a format that takes none. */
  #excess(): void {
    if (this.#settings.dialect !== 'gnu' || this.#isOver || this.#next >= this.#args.length) return
    const word = this.#settings.quote?.(this.#args[this.#next]!) ?? this.#args[this.#next]!
    this.errors.push(`warning: ignoring excess arguments, starting with ${word}`)
  }

  #pass(): void {
    for (let i = 0; i < this.#format.length && !this.#isOver; ) {
      const character = this.#format[i]!
      if (character === '\\' && i + 1 < this.#format.length) {
        if (this.#format[i + 1] === 'c' && (this.#settings.dialect === 'gnu' || this.#settings.dialect === 'ash')) {
          this.#isOver = true
          return
        }
        const [piece, length] = escapeAt(
          this.#format.slice(i + 1),
          this.#settings.dialect === 'dash' ? 'dash' : 'format',
        )
        this.text += piece
        i += 1 + length
      } else if (character === '%') i += this.#directive(this.#format.slice(i))
      else {
        this.text += character
        i++
      }
    }
  }

  /** Prints one directive and gives its length. */
  #directive(rest: string): number {
    if (rest.startsWith('%%')) {
      this.text += '%'
      return 2
    }
    const match = directivePattern.exec(rest)
    if (!match) {
      this.#invalid(rest.slice(0, 1), '')
      return rest.length
    }
    const [all, flags = '', width, precision, conversion = ''] = match
    if (conversion.startsWith('(') && this.#settings.dialect !== 'bash') {
      this.#invalid('(', all.slice(0, all.indexOf('(') + 1))
      return all.length
    }
    const directive = this.#resolve(flags, width, precision, conversion)
    if (!this.#convert(directive, all)) this.#isOver = true
    return all.length
  }

  #resolve(flags: string, width: string | undefined, precision: string | undefined, conversion: string): Directive {
    let size = width === '*' ? Number(this.#integer(this.#take())) : Number(width ?? 0)
    let all = flags
    if (size < 0) {
      size = -size
      all += '-'
    }
    let digits: number | undefined
    if (precision === '*') digits = Number(this.#integer(this.#take()))
    else if (precision !== undefined) digits = Number(precision || 0)
    return { flags: all, width: size, precision: digits !== undefined && digits < 0 ? undefined : digits, conversion }
  }

  #convert(directive: Directive, spelling: string): boolean {
    const { conversion, precision } = directive
    if (conversion.endsWith('T') && this.#settings.dialect === 'bash') return this.#time(directive)
    switch (conversion) {
      case 's':
        this.#string(directive, this.#take() ?? '')
        return true
      case 'c':
        this.#string(directive, String.fromCodePoint(...[(this.#take() ?? '').codePointAt(0) ?? []].flat()))
        return true
      case 'b': {
        const { text, isOver } = unescapeArgument(this.#take() ?? '')
        this.#string(directive, text)
        this.#isOver = isOver
        return true
      }
      case 'q':
        if (this.#settings.dialect !== 'bash' && this.#settings.dialect !== 'gnu') break
        this.#string(directive, this.#quoted(this.#take() ?? ''))
        return true
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        this.#number(directive, this.#integer(this.#take()))
        return true
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        const value = this.#float(this.#take())
        const isAlternate = directive.flags.includes('#')
        const text = formatFloat(value, { conversion, isAlternate, ...(precision === undefined ? {} : { precision }) })
        this.#padded(directive, text, Number.isFinite(value))
        return true
      }
      case 'a':
      case 'A':
        this.errors.push(`%${conversion} is not simulated here`)
        return false
    }
    return this.#invalid(conversion, spelling)
  }

  #time(directive: Directive): boolean {
    const argument = this.#take()
    const seconds = argument === undefined ? undefined : Number(this.#integer(argument))
    const format = directive.conversion.slice(1, -2) || '%X'
    this.#string(directive, this.#settings.formatTime?.(format, seconds) ?? '')
    return true
  }

  #quoted(word: string): string {
    if (this.#settings.dialect === 'gnu') return needsQuoting(word) ? quotedName(word) : word
    if (word === '') return "''"
    if (/[\x00-\x1f\x7f]/.test(word)) return `$'${word.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, escaped)}'`
    return word.replace(/[ !"$&'()*,;<>?[\\\]^`{|}]|^[#~]/g, '\\$&')
  }

  #string({ flags, width, precision }: Directive, text: string): void {
    const shown = precision === undefined ? text : textOf(bytesOf(text).subarray(0, precision))
    const padding = ' '.repeat(Math.max(0, width - byteLength(shown)))
    this.text += flags.includes('-') ? shown + padding : padding + shown
  }

  #number(directive: Directive, value: bigint): void {
    const { conversion, precision, flags } = directive
    if (conversion === 'd' || conversion === 'i') {
      const digits = (value < 0n ? -value : value).toString().padStart(precision ?? 1, '0')
      const text = `${value < 0n ? '-' : ''}${precision === 0 && value === 0n ? '' : digits}`
      this.#padded(directive, text, precision === undefined)
      return
    }
    const whole = BigInt.asUintN(64, value)
    const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16
    let text = precision === 0 && whole === 0n ? '' : whole.toString(radix).padStart(precision ?? 1, '0')
    if (flags.includes('#') && radix === 8 && !text.startsWith('0')) text = `0${text}`
    if (flags.includes('#') && radix === 16 && whole !== 0n) text = `0x${text}`
    const cased = conversion === 'X' ? text.toUpperCase() : text
    this.#padded({ ...directive, flags: flags.replace(/[+ ]/g, '') }, cased, precision === undefined)
  }

  #padded({ flags, width }: Directive, text: string, mayHaveZeros: boolean): void {
    const plus = text.startsWith('-') ? '' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
    const signed = plus + text
    if (flags.includes('-')) this.text += signed.padEnd(width)
    else if (flags.includes('0') && mayHaveZeros) {
      const [, front = '', digits = ''] = /^([-+ ]?(?:0[xX])?)(.*)$/.exec(signed) ?? []
      this.text += front + digits.padStart(width - front.length, '0')
    } else this.text += signed.padStart(width)
  }

  #take(): string | undefined {
    return this.#next < this.#args.length ? this.#args[this.#next++] : this.#none()
  }

  #none(): undefined {
    this.#next = this.#args.length
    return undefined
  }

  #integer(word: string | undefined): bigint {
    if (word === undefined || (word === '' && this.#settings.dialect !== 'ash')) return 0n
    if (/^['"]/.test(word)) return BigInt(word.codePointAt(1) ?? 0)
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(word)
    if (!match) {
      this.#badNumber(word, false)
      return 0n
    }
    const [all, sign, digits = '0'] = match
    if (all.length < word.length) this.#badNumber(word, true)
    const octal = /^0[0-7]+$/.test(digits)
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits)
    return this.#inRange(word, sign === '-' ? -value : value)
  }

  #inRange(word: string, value: bigint): bigint {
    const largest = 2n ** 63n - 1n
    const smallest = -(2n ** 63n)
    if (value <= largest && value >= smallest) return value
    const { dialect } = this.#settings
    if (dialect === 'bash') this.errors.push(`warning: ${word}: Numerical result out of range`)
    else if (dialect === 'gnu') this.errors.push(`${this.#quote(word)}: Numerical result out of range`)
    else if (dialect === 'dash') this.errors.push(`${word}: Numerical result out of range`)
    else this.errors.push(`invalid number '${word}'`)
    return value < 0n ? smallest : largest
  }

  #float(word: string | undefined): number {
    if (word === undefined || word === '') return 0
    if (/^['"]/.test(word)) return word.codePointAt(1) ?? 0
    const match =
      /^\s*([-+]?)(?:(0[xX][0-9a-fA-F]+)|(inf(?:inity)?)|(nan)|(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?))/i.exec(
        word,
      )
    if (!match) {
      this.#badNumber(word, false)
      return 0
    }
    const [all, sign, hexadecimal, infinity, nan, decimal] = match
    if (all.length < word.length) this.#badNumber(word, true)
    const value = infinity ? Number.POSITIVE_INFINITY : nan ? Number.NaN : Number(hexadecimal ?? decimal)
    return sign === '-' ? -value : value
  }

  #badNumber(word: string, isPartly: boolean): void {
    const { dialect } = this.#settings
    if (dialect === 'bash') this.errors.push(`${word}: invalid number`)
    else if (dialect === 'ash') this.errors.push(`invalid number '${word}'`)
    else if (dialect === 'dash')
      this.errors.push(`${word}: ${isPartly ? 'not completely converted' : 'expected numeric value'}`)
    else
      this.errors.push(
        `${this.#quote(word)}: ${isPartly ? 'value not completely converted' : 'expected a numeric value'}`,
      )
  }

  #invalid(conversion: string, spelling: string): boolean {
    const { dialect } = this.#settings
    if (dialect === 'bash')
      this.errors.push(spelling ? `\`${conversion}': invalid format character` : "`%': missing format character")
    else if (dialect === 'gnu') this.errors.push(`${spelling || '%'}: invalid conversion specification`)
    else if (dialect === 'dash')
      this.errors.push(spelling ? `${spelling}: invalid directive` : 'missing format character')
    else this.errors.push(`${spelling || '%'}: invalid format`)
    this.#isOver = true
    return false
  }

  #quote(word: string): string {
    return this.#settings.quote?.(word) ?? `'${word}'`
  }
}

/** The argument of `%b`: as for echo, and octal digits need no zero in front. */
function unescapeArgument(text: string): { text: string; isOver: boolean } {
  return expandEscapes(text.replace(/((?:^|[^\\])(?:\\\\)*\\)([1-7])/g, '$10$2'), 'echo')
}

function escaped(character: string): string {
  const letter = Object.entries(simpleEscapes).find(([, value]) => value === character)?.[0]
  if (letter !== undefined) return `\\${letter}`
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
}
