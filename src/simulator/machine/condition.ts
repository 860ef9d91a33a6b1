import { FileError } from './fileError.ts'
import type { FileSystem } from './files.ts'
import type { Stat } from './inode.ts'

/** Whose `test`: the words about what is wrong differ. */
export type ConditionDialect = 'bash' | 'gnu' | 'ash' | 'dash'

/** What a condition may look at. */
export interface ConditionContext {
  readonly files: FileSystem
  readonly user: { readonly uid: number; readonly gid: number }
  readonly dialect: ConditionDialect
  /** Makes a path absolute. */
  path(path: string): string
  /** Whether a file descriptor number is a terminal. */
  isTerminal(descriptor: number): boolean
  /** Quotes a word in a message of GNU's test. */
  quote?(word: string): string
  /** Whether a shell variable is set: `-v`. */
  isSet?(variable: string): boolean
  /** Whether a shell option is on: `-o`. */
  isOn?(option: string): boolean
  /** Whether a variable is a name reference: `-R`. */
  isReference?(variable: string): boolean
}

/** A condition that makes no sense; the exit status is 2. */
export class ConditionError extends Error {}

const unaryOperators = new Set('-a -b -c -d -e -f -g -h -k -L -n -N -O -G -p -r -s -S -t -u -w -x -z'.split(' '))
const shellOperators = new Set(['-o', '-v', '-R'])
const binaryOperators = new Set('= == != < > -eq -ne -lt -le -gt -ge -nt -ot -ef'.split(' '))

/** Decides the expression between `[` and `]`, by POSIX' rules for up to four words and by grammar for more. */
export function evaluateCondition(words: readonly string[], context: ConditionContext): boolean {
  return new ConditionParser(words, context).decide()
}

/** Whether a word is an operator in front of one operand. */
function isUnaryOperator(word: string, context: Pick<ConditionContext, 'dialect'>): boolean {
  return unaryOperators.has(word) || (context.dialect === 'bash' && shellOperators.has(word))
}

/** Whether a word is an operator between two operands. */
function isBinaryOperator(word: string): boolean {
  return binaryOperators.has(word)
}

/** Decides `-f FILE`, `-z TEXT` and the like. */
export function unaryCondition(operator: string, operand: string, context: ConditionContext): boolean {
  switch (operator) {
    case '-n':
      return operand !== ''
    case '-z':
      return operand === ''
    case '-t':
      return /^\s*\d+\s*$/.test(operand) ? context.isTerminal(Number(operand)) : badNumber(operand, context)
    case '-v':
      return context.isSet?.(operand) ?? false
    case '-R':
      return context.isReference?.(operand) ?? false
    case '-o':
      return context.isOn?.(operand) ?? false
    case '-r':
      return operand !== '' && context.files.may('read', context.path(operand))
    case '-w':
      return operand !== '' && context.files.may('write', context.path(operand))
    case '-x':
      return operand !== '' && context.files.may('execute', context.path(operand))
  }
  const stat = statOf(operand, context, operator === '-h' || operator === '-L')
  return stat !== undefined && isOfSort(operator, stat, context)
}

function isOfSort(operator: string, stat: Stat, { user }: ConditionContext): boolean {
  switch (operator) {
    case '-d':
      return stat.kind === 'directory'
    case '-f':
      return stat.kind === 'file'
    case '-h':
    case '-L':
      return stat.kind === 'link'
    case '-s':
      return stat.size > 0
    case '-c':
      return stat.kind === 'character'
    case '-p':
      return stat.kind === 'fifo'
    case '-S':
      return stat.kind === 'socket'
    case '-b':
      return false
    case '-g':
      return (stat.mode & 0o2000) !== 0
    case '-k':
      return (stat.mode & 0o1000) !== 0
    case '-u':
      return (stat.mode & 0o4000) !== 0
    case '-O':
      return stat.uid === user.uid
    case '-G':
      return stat.gid === user.gid
    case '-N':
      // Simplified: times of access are not kept, so no file is newer than its last reading.
      return false
    default:
      return true
  }
}

/** Decides `A = B`, `A -lt B`, `A -nt B` and the like; patterns are the shell's own business. */
export function binaryCondition(left: string, operator: string, right: string, context: ConditionContext): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-nt':
    case '-ot':
    case '-ef':
      return compareFiles(left, operator, right, context)
  }
  const difference = integer(left, context) - integer(right, context)
  switch (operator) {
    case '-eq':
      return difference === 0n
    case '-ne':
      return difference !== 0n
    case '-lt':
      return difference < 0n
    case '-le':
      return difference <= 0n
    case '-gt':
      return difference > 0n
    default:
      return difference >= 0n
  }
}

function compareFiles(left: string, operator: string, right: string, context: ConditionContext): boolean {
  const [a, b] = [statOf(left, context), statOf(right, context)]
  if (operator === '-ef') {
    if (!a || !b) return false
    return (
      a.number === b.number &&
      context.files.realPath(context.path(left)) === context.files.realPath(context.path(right))
    )
  }
  const [newer, older] = operator === '-nt' ? [a, b] : [b, a]
  return newer !== undefined && (older === undefined || newer.modified > older.modified)
}

function statOf(path: string, { files, path: absolute }: ConditionContext, ofLink = false): Stat | undefined {
  if (path === '') return undefined
  try {
    return ofLink ? files.lstat(absolute(path)) : files.stat(absolute(path))
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

function integer(word: string, context: ConditionContext): bigint {
  const match = /^\s*([-+]?\d+)\s*$/.exec(word)
  return match ? BigInt(match[1]!.replace(/^\+/, '')) : badNumber(word, context)
}

function badNumber(word: string, { dialect, quote }: ConditionContext): never {
  switch (dialect) {
    case 'bash':
      throw new ConditionError(`${word}: integer expression expected`)
    case 'gnu':
      throw new ConditionError(`invalid integer ${quote?.(word) ?? `'${word}'`}`)
    case 'dash':
      throw new ConditionError(`Illegal number: ${word}`)
    case 'ash':
      throw new ConditionError(`bad number '${word}'`)
  }
}

class ConditionParser {
  readonly #words: readonly string[]
  readonly #context: ConditionContext
  #at = 0

  constructor(words: readonly string[], context: ConditionContext) {
    this.#words = words
    this.#context = context
  }

  decide(): boolean {
    if (this.#words.length === 0) return false
    const value = this.#short(0, this.#words.length)
    if (value !== undefined) return value
    const result = this.#either()
    if (this.#at < this.#words.length) this.#fail('many', this.#words[this.#at]!)
    return result
  }

  /** What POSIX says for one to four words; undefined where the grammar decides. */
  #short(from: number, count: number): boolean | undefined {
    const words = this.#words.slice(from, from + count)
    const [first = '', second = '', third = ''] = words
    switch (count) {
      case 1:
        return first !== ''
      case 2:
        if (first === '!') return second === ''
        if (isUnaryOperator(first, this.#context)) return unaryCondition(first, second, this.#context)
        return this.#fail('unary', first)
      case 3:
        if (isBinaryOperator(second)) return binaryCondition(first, second, third, this.#context)
        if (second === '-a') return first !== '' && third !== ''
        if (second === '-o') return first !== '' || third !== ''
        if (first === '!') return !this.#short(from + 1, 2)
        if (first === '(' && third === ')') return second !== ''
        return this.#fail('binary', this.#context.dialect === 'dash' ? first : second)
      case 4: {
        if (first === '!') return !this.#short(from + 1, 3)
        if (first === '(' && words[3] === ')') return this.#short(from + 1, 2)
      }
    }
    return undefined
  }

  #either(): boolean {
    let value = this.#both()
    while (this.#words[this.#at] === '-o') {
      this.#at++
      const other = this.#both()
      value = value || other
    }
    return value
  }

  #both(): boolean {
    let value = this.#term()
    while (this.#words[this.#at] === '-a') {
      this.#at++
      const other = this.#term()
      value = value && other
    }
    return value
  }

  #term(): boolean {
    const word = this.#words[this.#at]
    if (word === undefined) return this.#fail('end', this.#words[this.#at - 1] ?? '')
    const [, operator, right] = this.#words.slice(this.#at)
    if (operator !== undefined && right !== undefined && isBinaryOperator(operator)) {
      this.#at += 3
      return binaryCondition(word, operator, right, this.#context)
    }
    this.#at++
    if (word === '!') return !this.#term()
    if (word === '(') {
      const value = this.#either()
      if (this.#words[this.#at++] !== ')') this.#fail('bracket', this.#words[this.#at - 1] ?? '')
      return value
    }
    if (isUnaryOperator(word, this.#context) && this.#at < this.#words.length) {
      return unaryCondition(word, this.#words[this.#at++]!, this.#context)
    }
    return word !== ''
  }

  #fail(kind: keyof (typeof complaints)['bash'], word: string): never {
    const { dialect, quote } = this.#context
    const text = complaints[dialect][kind]
    throw new ConditionError(text.replace('%', () => (dialect === 'gnu' ? (quote?.(word) ?? `'${word}'`) : word)))
  }
}

/** What each `test` says; `%` stands for the word that it blames. */
const complaints = {
  bash: {
    unary: '%: unary operator expected',
    binary: '%: binary operator expected',
    many: 'too many arguments',
    end: 'argument expected',
    bracket: "`)' expected",
  },
  gnu: {
    unary: '%: unary operator expected',
    binary: '%: binary operator expected',
    many: 'extra argument %',
    end: 'missing argument after %',
    bracket: "')' expected",
  },
  dash: {
    unary: '%: unexpected operator',
    binary: '%: unexpected operator',
    many: '%: unexpected operator',
    end: 'argument expected',
    bracket: 'closing paren expected',
  },
  ash: {
    unary: '%: unknown operand',
    binary: '%: unknown operand',
    many: '%: unknown operand',
    end: 'argument expected',
    bracket: 'closing paren expected',
  },
} as const
