import { busyboxUsage, helpText, usageHint, versionText } from './helpText.ts'
import { Exit, type Option, type Process, type Program, UsageError } from './program.ts'
import { quoted } from './quoting.ts'

/** The names of declared options in a parsed command line: the long name where there is one, else the letter. */
export type OptionName<Options extends readonly Option[]> = Options[number] extends infer Each
  ? Each extends { readonly long: infer Long extends string }
    ? Long
    : Each extends { readonly short: infer Short extends string }
      ? Short
      : never
  : never

/** One option as it stood on the command line. */
export interface Given<Name extends string = string> {
  readonly name: Name
  /** The value, for options that take one and got one. */
  readonly value?: string
  /** As it was typed, without the value: `-n`, `--lines`. */
  readonly spelling: string
}

/** A command line taken apart. */
export class Arguments<Name extends string = string> {
  /** In the order in which they were typed. */
  readonly given: readonly Given<Name>[]
  readonly operands: readonly string[]
  readonly #process: Process
  readonly #program: Program

  constructor(process: Process, program: Program, given: readonly Given<Name>[], operands: readonly string[]) {
    this.given = given
    this.operands = operands
    this.#process = process
    this.#program = program
  }

  /** Whether an option was given. */
  has(name: Name): boolean {
    return this.given.some(each => each.name === name)
  }

  /** How often an option was given: `-vv`. */
  count(name: Name): number {
    return this.given.filter(each => each.name === name).length
  }

  /** The value of an option; the last one counts. */
  get(name: Name): string | undefined {
    return this.given.findLast(each => each.name === name)?.value
  }

  /** All values of an option that may be repeated. */
  all(name: Name): string[] {
    return this.given.flatMap(each => (each.name === name && each.value !== undefined ? [each.value] : []))
  }

  /** Which of several options came last: for those that override each other. */
  last<Some extends Name>(...names: readonly Some[]): Some | undefined {
    return this.given.findLast(each => names.includes(each.name as Some))?.name as Some | undefined
  }

  /** Refuses a command line with too few or too many operands, in the words of the program's flavour. */
  demandOperands(least: number, most = Number.POSITIVE_INFINITY): void {
    const count = this.operands.length
    if (count < least) {
      const after = count === 0 ? '' : ` after ${quoted(this.#process, this.operands[count - 1]!)}`
      throw this.misuse(`missing operand${after}`)
    }
    if (count > most) throw this.misuse(`extra operand ${quoted(this.#process, this.operands[most]!)}`)
  }

  /** An error about a value that is none of those an option knows. */
  invalidArgument(value: string, option: string, valid: readonly string[]): UsageError {
    const quote = (text: string) => quoted(this.#process, text)
    const list = valid.map(each => `\n  - ${quote(each)}`).join('')
    return this.misuse(`invalid argument ${quote(value)} for ${quote(option)}\nValid arguments are:${list}`)
  }

  /** An error that is followed by the hint to `--help`; BusyBox prints its usage instead of the message. */
  misuse(message: string): UsageError {
    return misuse(this.#process, this.#program, this.#process.flavour === 'busybox' ? undefined : message)
  }
}

/** How a program is declared: like `Program`, with the command line already taken apart when it runs. */
export interface ProgramDeclaration<Options extends readonly Option[]> extends Omit<Program, 'options' | 'run'> {
  readonly options?: Options
  /** Rewrites old spellings before the command line is taken apart. */
  prepare?(words: readonly string[]): readonly string[]
  run(process: Process, args: Arguments<OptionName<Options>>): Promise<number> | number
}

/** Makes a program whose options are parsed, checked and explained as its declaration says. */
export function defineProgram<const Options extends readonly Option[] = []>(
  declaration: ProgramDeclaration<Options>,
): Program {
  const { prepare, run, ...rest } = declaration
  const program: Program = {
    ...rest,
    run: async process => {
      const words = process.argv.slice(1)
      return run(process, await parseOptions<OptionName<Options>>(process, program, prepare?.(words) ?? words))
    },
  }
  return program
}

/**
 * Takes the command line of a process apart in the manner of getopt_long(3): clusters of letters, values attached or
 * in the next word, long options shortened as far as they stay unique, `--`, operands anywhere. Answers `--help` and
 * `--version` itself. Throws `UsageError` in the words of the program's flavour.
 */
export async function parseOptions<Name extends string = string>(
  process: Process,
  program: Program,
  words: readonly string[] = process.argv.slice(1),
): Promise<Arguments<Name>> {
  const parser = new OptionParser(process, program, words)
  if (process.flavour === 'busybox' && words.length === 1 && words[0] === '--help') {
    await process.stderr.write(busyboxUsage(program))
    throw new Exit(0)
  }
  const { given, operands } = parser.parse()
  const asked = given.find(each => each.name === 'help' || each.name === 'version')
  if (asked && !parser.declares(asked.name)) {
    await process.write(asked.name === 'help' ? helpText(program) : versionText(program))
    throw new Exit(0)
  }
  return new Arguments(process, program, given as Given<Name>[], operands)
}

const builtInOptions: readonly Option[] = [
  { long: 'help', help: 'display this help and exit' },
  { long: 'version', help: 'output version information and exit' },
]

/** An option as a flavour has it; its name stays the declared one, even where only the letter can be typed. */
interface AvailableOption extends Option {
  readonly name?: string
}

class OptionParser {
  readonly #process: Process
  readonly #program: Program
  readonly #options: readonly AvailableOption[]
  /** Real options that are missing here: letters and long names. */
  readonly #missing: readonly string[]
  readonly #words: readonly string[]
  readonly #given: Given[] = []
  #at = 0

  constructor(process: Process, program: Program, words: readonly string[]) {
    this.#process = process
    this.#program = program
    this.#words = words
    this.#options = availableOptions(program, process.flavour)
    this.#missing = program.notSimulated?.split(/\s+/) ?? []
  }

  declares(name: string): boolean {
    return this.#options.some(option => nameOf(option) === name && !builtInOptions.includes(option))
  }

  parse(): { given: readonly Given[]; operands: readonly string[] } {
    const operands: string[] = []
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++]!
      if (word === '--') {
        operands.push(...this.#words.slice(this.#at))
        break
      }
      if (this.#isOperand(word)) {
        operands.push(word)
        if (this.#program.operandsEndOptions) {
          operands.push(...this.#words.slice(this.#at))
          break
        }
      } else if (word.startsWith('--')) this.#takeLong(word)
      else this.#takeLetters(word)
      if (this.#given.at(-1)?.name === 'help' && !this.declares('help')) break
    }
    return { given: this.#given, operands }
  }

  #isOperand(word: string): boolean {
    if (!word.startsWith('-') || word === '-') return true
    return this.#program.negativeNumbers === true && /^-\.?\d/.test(word)
  }

  #takeLong(word: string): void {
    const equals = word.indexOf('=')
    const spelling = equals < 0 ? word : word.slice(0, equals)
    const option = this.#findLong(spelling)
    const attached = equals < 0 ? undefined : word.slice(equals + 1)
    if (option.value === undefined) {
      if (attached !== undefined) this.#refuse(`option '--${option.long}' doesn't allow an argument`)
      this.#given.push({ name: nameOf(option), spelling })
      return
    }
    const value = attached ?? (isOptional(option) ? undefined : this.#nextWord())
    if (value === undefined && !isOptional(option)) this.#refuse(`option '--${option.long}' requires an argument`)
    this.#given.push({ name: nameOf(option), spelling, ...(value === undefined ? {} : { value }) })
  }

  #findLong(spelling: string): AvailableOption {
    const name = spelling.slice(2)
    const exact = this.#options.find(option => option.long === name)
    if (exact) return exact
    if (this.#missing.includes(spelling)) this.#lacks(spelling)
    const shown = this.#options.filter(option => option.long?.startsWith(name))
    const hidden = this.#missing.filter(each => each.startsWith(spelling))
    if (shown.length === 1 && hidden.length === 0) return shown[0]!
    if (shown.length === 0 && hidden.length === 1) this.#lacks(hidden[0]!)
    if (shown.length === 0 && hidden.length === 0) this.#refuse(`unrecognized option '${spelling}'`)
    const possibilities = [...shown.map(option => `--${option.long}`), ...hidden].map(each => `'${each}'`).join(' ')
    return this.#refuse(`option '${spelling}' is ambiguous; possibilities: ${possibilities}`)
  }

  #takeLetters(word: string): void {
    for (let i = 1; i < word.length; ) {
      const letter = String.fromCodePoint(word.codePointAt(i)!)
      const option = this.#options.find(each => each.short === letter)
      if (!option) {
        i = this.#takeNumber(word, i) ?? this.#refuseLetter(letter)
        continue
      }
      i += letter.length
      const name = nameOf(option)
      const spelling = `-${letter}`
      if (option.value === undefined) {
        this.#given.push({ name, spelling })
        continue
      }
      const rest = word.slice(i)
      const value = rest !== '' ? rest : isOptional(option) ? undefined : this.#nextWord()
      if (value === undefined && !isOptional(option)) this.#refuse(`option requires an argument -- '${letter}'`)
      this.#given.push({ name, spelling, ...(value === undefined ? {} : { value }) })
      return
    }
  }

  /** `head -5`: digits that stand for the value of an option. Gives the place behind them. */
  #takeNumber(word: string, at: number): number | undefined {
    const option = this.#options.find(each => each.isNumber)
    const digits = /^\d+/.exec(word.slice(at))?.[0]
    if (!option || digits === undefined) return undefined
    this.#given.push({ name: nameOf(option), value: digits, spelling: '-' })
    return at + digits.length
  }

  #nextWord(): string | undefined {
    return this.#at < this.#words.length ? this.#words[this.#at++] : undefined
  }

  #refuseLetter(letter: string): never {
    if (this.#missing.includes(`-${letter}`)) this.#lacks(`-${letter}`)
    return this.#refuse(`invalid option -- '${letter}'`)
  }

  #refuse(message: string): never {
    throw misuse(this.#process, this.#program, message)
  }

  #lacks(spelling: string): never {
    throw notSimulated(spelling)
  }
}

/** Says that a real option is missing here. */
export function notSimulated(option: string): UsageError {
  return new UsageError(`option ${option} is not simulated here`)
}

/** The options that a program has in a flavour, `--help` and `--version` included. */
function availableOptions(program: Program, flavour: Process['flavour']): readonly AvailableOption[] {
  const declared = (program.options ?? []).filter(option => (option.only ?? flavour) === flavour)
  const restricted = flavour === 'busybox' ? program.busybox?.options : undefined
  if (restricted === undefined) return flavour === 'gnu' ? [...declared, ...builtInOptions] : declared
  const [letters = '', ...longNames] = restricted.split(' ')
  return declared.flatMap(option => {
    const { short, long, ...rest } = option
    const hasShort = short !== undefined && letters.includes(short)
    const hasLong = long !== undefined && longNames.includes(long)
    if (!hasShort && !hasLong && !option.isNumber) return []
    const available = { ...rest, name: nameOf(option), ...(hasShort ? { short } : {}), ...(hasLong ? { long } : {}) }
    return [available]
  })
}

function misuse(process: Process, program: Program, message: string | undefined): UsageError {
  if (process.flavour === 'busybox') {
    const usage = busyboxUsage(program).trimEnd()
    const status = program.busybox?.usageStatus ?? 1
    return message === undefined ? new UsageError(usage, status, true) : new UsageError(`${message}\n${usage}`, status)
  }
  const status = program.usageStatus ?? 1
  if (message === '') return new UsageError(usageHint(process, program), status, true)
  return new UsageError(`${message}\n${usageHint(process, program)}`, status)
}

function nameOf(option: AvailableOption): string {
  return option.name ?? option.long ?? option.short!
}

function isOptional(option: Option): boolean {
  return option.value !== undefined && /^\[.*\]$/.test(option.value)
}
