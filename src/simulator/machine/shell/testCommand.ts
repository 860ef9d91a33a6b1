import type { Interpreter } from './interpreter.ts'
import { binaryOperators, compareFiles, compareNumbers, testUnary, unaryOperators } from './testOperators.ts'

/** What is wrong with the arguments of `test`: a word about it, and the argument that it is about. */
export class TestSyntaxError extends Error {
  readonly kind: 'unary' | 'binary' | 'number' | 'other'
  readonly subject: string

  constructor(kind: TestSyntaxError['kind'], subject: string, message: string) {
    super(message)
    this.kind = kind
    this.subject = subject
  }
}

/** Evaluates the arguments of `test` and `[`; how many there are decides how they are read (POSIX). */
export function evaluateTest(shell: Interpreter, args: readonly string[]): boolean {
  switch (args.length) {
    case 0:
      return false
    case 1:
      return args[0] !== ''
    case 2:
      return two(shell, args[0]!, args[1]!)
    case 3:
      return three(shell, args)
    case 4:
      if (args[0] === '!') return !three(shell, args.slice(1))
      if (args[0] === '(' && args[3] === ')') return two(shell, args[1]!, args[2]!)
  }
  return new TestParser(shell, args).parse()
}

function two(shell: Interpreter, first: string, second: string): boolean {
  if (first === '!') return second === ''
  if (unaryOperators.has(first)) return testUnary(shell, first, second)
  throw new TestSyntaxError('unary', first, `${first}: unary operator expected`)
}

function three(shell: Interpreter, args: readonly string[]): boolean {
  const [left = '', operator = '', right = ''] = args
  if (binaryOperators.has(operator)) return testBinary(shell, operator, left, right)
  if (operator === '-a') return left !== '' && right !== ''
  if (operator === '-o') return left !== '' || right !== ''
  if (left === '!') return !two(shell, operator, right)
  if (left === '(' && right === ')') return operator !== ''
  throw new TestSyntaxError('binary', operator, `${operator}: binary operator expected`)
}

function testBinary(shell: Interpreter, operator: string, left: string, right: string): boolean {
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
      return compareFiles(shell.process, operator, left, right)
    default:
      return compareNumbers(operator, integer(left), integer(right))
  }
}

function integer(text: string): bigint {
  if (/^\s*[-+]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ''))
  throw new TestSyntaxError('number', text, `${text}: integer expression expected`)
}

/** Five arguments and more: `-o`, `-a`, `!` and brackets, in this order of binding. */
class TestParser {
  readonly #shell: Interpreter
  readonly #args: readonly string[]
  #at = 0

  constructor(shell: Interpreter, args: readonly string[]) {
    this.#shell = shell
    this.#args = args
  }

  parse(): boolean {
    const value = this.#either()
    if (this.#at < this.#args.length) throw new TestSyntaxError('other', '', 'too many arguments')
    return value
  }

  #either(): boolean {
    let value = this.#both()
    while (this.#args[this.#at] === '-o') {
      this.#at++
      const other = this.#both()
      value = value || other
    }
    return value
  }

  #both(): boolean {
    let value = this.#negation()
    while (this.#args[this.#at] === '-a') {
      this.#at++
      const other = this.#negation()
      value = value && other
    }
    return value
  }

  #negation(): boolean {
    if (this.#args[this.#at] !== '!') return this.#primary()
    this.#at++
    return !this.#negation()
  }

  #primary(): boolean {
    const [first, operator, right] = this.#args.slice(this.#at)
    if (first === undefined) throw new TestSyntaxError('other', '', 'argument expected')
    if (operator !== undefined && right !== undefined && binaryOperators.has(operator)) {
      this.#at += 3
      return testBinary(this.#shell, operator, first, right)
    }
    if (first === '(') {
      this.#at++
      const value = this.#either()
      if (this.#args[this.#at++] !== ')') throw new TestSyntaxError('other', '', "`)' expected")
      return value
    }
    if (unaryOperators.has(first) && operator !== undefined) {
      this.#at += 2
      return testUnary(this.#shell, first, operator)
    }
    this.#at++
    return first !== ''
  }
}
