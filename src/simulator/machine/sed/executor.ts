import type { Address, Command, RangeEnd, ReplacementPart, SedPattern, Substitution } from './script.ts'
import { SedSyntaxError } from './script.ts'

/** What a script reads from and writes to. */
export interface SedWorld {
  /** The next line of the input; undefined at its end. Waits. */
  nextLine(): Promise<InputLine | undefined>
  /** Whether this is the last line. May have to wait for more. */
  isLast(): Promise<boolean>
  /** The name of the file that the line comes from. */
  readonly fileName: string
  /** Adds to the output; `lacksNewline` for a last line that ends without one. */
  write(text: string, lacksNewline?: boolean): void
  /** Adds to a file that `w` names. */
  writeFile(name: string, text: string): Promise<void>
  /** All of a file that `r` names; nothing when it cannot be read. */
  readFile(name: string): Promise<string>
  /** The next line of a file that `R` names. */
  readLine(name: string): Promise<string | undefined>
}

/** A line without its newline. */
export interface InputLine {
  readonly text: string
  readonly isTerminated: boolean
  /** Counted over all files, or anew in each. */
  readonly number: number
}

/** How a script runs. */
export interface SedSettings {
  /** `-n`: lines are printed only when the script says so. */
  readonly isQuiet: boolean
  /** Where `l` breaks lines. */
  readonly lineLength: number
  /** `-z`: what ends a line. */
  readonly terminator: string
}

/** What a queue holds until the cycle ends. */
type Appended = { readonly kind: 'text' | 'file' | 'line'; readonly text: string }

/** Runs a script over its input and gives the exit status. */
export async function runScript(script: readonly Command[], world: SedWorld, settings: SedSettings): Promise<number> {
  return new Executor(script, world, settings).run()
}

class Executor {
  readonly #script: readonly Command[]
  readonly #world: SedWorld
  readonly #settings: SedSettings
  #pattern = ''
  #hold = ''
  #line = 0
  #isTerminated = true
  #hasReplaced = false
  #lastPattern: RegExp | undefined
  #appended: Appended[] = []
  /** The end of ranges that have begun: a line, or until the pattern comes. */
  readonly #ranges = new Map<Command, number | 'open'>()
  /** `D` begins the next cycle without reading. */
  #keepsPattern = false

  constructor(script: readonly Command[], world: SedWorld, settings: SedSettings) {
    this.#script = script
    this.#world = world
    this.#settings = settings
  }

  async run(): Promise<number> {
    while (this.#keepsPattern || (await this.#read())) {
      this.#keepsPattern = false
      const outcome = await this.#cycle()
      if (outcome.prints && !this.#settings.isQuiet) this.#print(this.#pattern)
      await this.#flushAppended()
      if (outcome.status !== undefined) return outcome.status
    }
    return 0
  }

  async #read(): Promise<boolean> {
    const line = await this.#world.nextLine()
    if (!line) return false
    this.#pattern = line.text
    this.#take(line)
    this.#hasReplaced = false
    return true
  }

  #take({ number, isTerminated }: InputLine): void {
    this.#line = number
    this.#isTerminated = isTerminated
  }

  /** Runs the commands on the pattern space; tells whether it is printed at the end, and whether all is over. */
  async #cycle(): Promise<{ prints: boolean; status?: number }> {
    for (let at = 0; at < this.#script.length; at++) {
      const command = this.#script[at]!
      if ((await this.#isSelected(command)) === command.isNegated) {
        if (command.name === '{') at = command.target! - 1
        continue
      }
      switch (command.name) {
        case '{':
          break
        case '=':
          this.#world.write(`${this.#line}\n`)
          break
        case 'a':
          this.#appended.push({ kind: 'text', text: command.text! })
          break
        case 'i':
          this.#world.write(command.text!)
          break
        case 'c':
          if (command.to === undefined || command.isNegated || !this.#ranges.has(command))
            this.#world.write(command.text!)
          return { prints: false }
        case 'b':
          at = (command.target ?? this.#script.length) - 1
          break
        case 't':
        case 'T':
          if (this.#hasReplaced === (command.name === 't')) at = (command.target ?? this.#script.length) - 1
          this.#hasReplaced = false
          break
        case 'd':
          return { prints: false }
        case 'D':
          return this.#deleteFirstLine()
        case 'F':
          this.#world.write(`${this.#world.fileName}\n`)
          break
        case 'g':
          this.#pattern = this.#hold
          break
        case 'G':
          this.#pattern += this.#settings.terminator + this.#hold
          break
        case 'h':
          this.#hold = this.#pattern
          break
        case 'H':
          this.#hold += this.#settings.terminator + this.#pattern
          break
        case 'x':
          ;[this.#pattern, this.#hold] = [this.#hold, this.#pattern]
          break
        case 'l':
          this.#world.write(unambiguous(this.#pattern, command.number ?? this.#settings.lineLength))
          break
        case 'n': {
          if (await this.#world.isLast()) return { prints: true, status: 0 }
          if (!this.#settings.isQuiet) this.#print(this.#pattern)
          await this.#flushAppended()
          const line = await this.#world.nextLine()
          this.#pattern = line!.text
          this.#take(line!)
          break
        }
        case 'N': {
          // Without a next line GNU sed prints what it has.
          if (await this.#world.isLast()) return { prints: true, status: 0 }
          await this.#flushAppended()
          const line = await this.#world.nextLine()
          this.#pattern += this.#settings.terminator + line!.text
          this.#take(line!)
          break
        }
        case 'p':
          this.#print(this.#pattern)
          break
        case 'P':
          this.#world.write(firstLine(this.#pattern, this.#settings.terminator) + this.#settings.terminator)
          break
        case 'q':
          return { prints: true, status: command.number ?? 0 }
        case 'Q':
          return { prints: false, status: command.number ?? 0 }
        case 'r':
          this.#appended.push({ kind: 'file', text: command.text! })
          break
        case 'R':
          this.#appended.push({ kind: 'line', text: command.text! })
          break
        case 's':
          await this.#substitute(command.substitution!)
          break
        case 'w':
          await this.#world.writeFile(command.text!, `${this.#pattern}\n`)
          break
        case 'W':
          await this.#world.writeFile(command.text!, `${firstLine(this.#pattern, '\n')}\n`)
          break
        case 'y':
          this.#pattern = Array.from(this.#pattern, letter => command.translation!.get(letter) ?? letter).join('')
          break
        case 'z':
          this.#pattern = ''
          break
      }
    }
    return { prints: true }
  }

  #deleteFirstLine(): { prints: boolean } {
    const end = this.#pattern.indexOf(this.#settings.terminator)
    if (end >= 0) {
      this.#pattern = this.#pattern.slice(end + 1)
      this.#keepsPattern = true
    }
    return { prints: false }
  }

  #print(text: string): void {
    if (this.#isTerminated) this.#world.write(text + this.#settings.terminator)
    else this.#world.write(text, true)
  }

  async #flushAppended(): Promise<void> {
    if (this.#appended.length === 0) return
    for (const { kind, text } of this.#appended) {
      if (kind === 'text') this.#world.write(text)
      else if (kind === 'file') this.#world.write(await this.#world.readFile(text))
      else {
        const line = await this.#world.readLine(text)
        if (line !== undefined) this.#world.write(`${line}\n`)
      }
    }
    this.#appended = []
  }

  async #isSelected(command: Command): Promise<boolean> {
    const { from, to } = command
    if (!from) return true
    if (!to) return this.#matches(from)
    const end = this.#ranges.get(command)
    if (end !== undefined) return this.#goesOn(command, to, end)
    const isFromZero = from.kind === 'line' && from.line === 0
    if (isFromZero) {
      if (this.#line > 1) return false
      this.#ranges.set(command, 'open')
      return this.#goesOn(command, to, 'open')
    }
    if (!(await this.#matches(from))) return false
    const last = this.#rangeEnd(to)
    if (last === 'open' || last > this.#line) this.#ranges.set(command, last)
    return true
  }

  /** Whether the line still belongs to a range that has begun. */
  async #goesOn(command: Command, to: RangeEnd, end: number | 'open'): Promise<boolean> {
    if (end === 'open') {
      if (await this.#matches(to as Address)) this.#ranges.delete(command)
      return true
    }
    if (this.#line >= end) this.#ranges.delete(command)
    return this.#line <= end
  }

  #rangeEnd(to: RangeEnd): number | 'open' {
    switch (to.kind) {
      case 'line':
        return to.line
      case 'count':
        return this.#line + to.count
      case 'multiple':
        return to.multiple === 0 ? this.#line : Math.ceil(this.#line / to.multiple) * to.multiple
      default:
        return 'open'
    }
  }

  async #matches(address: Address): Promise<boolean> {
    switch (address.kind) {
      case 'line':
        return this.#line === address.line
      case 'last':
        return this.#world.isLast()
      case 'step':
        if (address.step === 0) return this.#line === address.first
        return this.#line >= address.first && (this.#line - address.first) % address.step === 0
      case 'pattern': {
        const pattern = this.#patternOf(address.pattern)
        pattern.lastIndex = 0
        return pattern.test(this.#pattern)
      }
    }
  }

  #patternOf(pattern: SedPattern): RegExp {
    const used = pattern ?? this.#lastPattern
    if (!used) throw new SedSyntaxError('-e expression #1, char 0: no previous regular expression')
    this.#lastPattern = used
    return used
  }

  async #substitute(substitution: Substitution): Promise<void> {
    const pattern = this.#patternOf(substitution.pattern)
    pattern.lastIndex = 0
    let result = ''
    let at = 0
    let count = 0
    let previousEnd = -1
    for (const match of this.#pattern.matchAll(pattern)) {
      // An empty match right behind another match does not count.
      if (match[0] === '' && match.index === previousEnd) continue
      previousEnd = match.index + match[0].length
      if (++count < substitution.occurrence) continue
      result += this.#pattern.slice(at, match.index) + replaced(substitution.replacement, match)
      at = previousEnd
      if (!substitution.isGlobal) break
    }
    if (count < substitution.occurrence) return
    this.#pattern = result + this.#pattern.slice(at)
    this.#hasReplaced = true
    if (substitution.prints > 0) this.#print(this.#pattern)
    if (substitution.file !== undefined) await this.#world.writeFile(substitution.file, `${this.#pattern}\n`)
  }
}

function firstLine(text: string, terminator: string): string {
  const end = text.indexOf(terminator)
  return end < 0 ? text : text.slice(0, end)
}

/** A replacement with its groups filled in and its letters in the case that it asks for. */
function replaced(parts: readonly ReplacementPart[], match: RegExpExecArray): string {
  let result = ''
  let mode: 'L' | 'U' | undefined
  let once: 'l' | 'u' | undefined
  for (const part of parts) {
    if (part.kind === 'case') {
      if (part.letter === 'L' || part.letter === 'U') mode = part.letter
      else if (part.letter === 'E') mode = undefined
      else once = part.letter
      continue
    }
    let text = part.kind === 'text' ? part.text : (match[part.group] ?? '')
    if (text === '') continue
    if (mode) text = mode === 'L' ? text.toLowerCase() : text.toUpperCase()
    if (once) {
      const [first = ''] = text
      text = (once === 'l' ? first.toLowerCase() : first.toUpperCase()) + text.slice(first.length)
      once = undefined
    }
    result += text
  }
  return result
}

const letters: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** What `l` prints: escapes, lines folded with a backslash, and a dollar at the end. */
function unambiguous(text: string, length: number): string {
  const bytes = [...text].flatMap(character => {
    const known = letters[character]
    if (known !== undefined) return [known]
    const code = character.codePointAt(0)!
    if (code >= 32 && code < 127) return [character]
    return Array.from(new TextEncoder().encode(character), byte => `\\${byte.toString(8).padStart(3, '0')}`)
  })
  let result = ''
  let column = 0
  for (const piece of bytes) {
    if (length > 1 && column + piece.length > length - 1) {
      result += '\\\n'
      column = 0
    }
    result += piece
    column += piece.length
  }
  return `${result}$\n`
}
