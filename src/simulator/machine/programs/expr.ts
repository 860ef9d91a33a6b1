import type { Process, Program } from '../program.ts'
import { UsageError } from '../program.ts'
import { quoted } from '../quoting.ts'
import { compilePattern } from '../regularExpression.ts'

/** Evaluates an expression. */
export const expr: Program = {
  name: 'expr',
  summary: 'evaluate expressions',
  package: 'GNU coreutils 9.1',
  usage: 'EXPRESSION',
  usageStatus: 2,
  async run(process) {
    const words = process.argv.slice(1)
    if (words[0] === '--') words.shift()
    if (words.length === 0) {
      throw new UsageError(`missing operand\nTry '${process.argv[0]} --help' for more information.`, 2)
    }
    const value = new Evaluator(process, words).evaluate()
    await process.write(`${value}\n`)
    return isTrue(value) ? 0 : 1
  },
}

type Value = string | bigint

/** From loosest to tightest. */
const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
]

class Evaluator {
  readonly #process: Process
  readonly #words: readonly string[]
  #at = 0

  constructor(process: Process, words: readonly string[]) {
    this.#process = process
    this.#words = words
  }

  evaluate(): Value {
    const value = this.#level(0)
    if (this.#at < this.#words.length)
      this.#refuse(`syntax error: unexpected argument ${this.#quote(this.#words[this.#at]!)}`)
    return value
  }

  #level(level: number): Value {
    const operators = levels[level]
    if (!operators) return this.#primary()
    let left = this.#level(level + 1)
    for (
      let operator = this.#words[this.#at];
      operator !== undefined && operators.includes(operator);
      operator = this.#words[this.#at]
    ) {
      this.#at++
      left = this.#apply(left, operator, this.#level(level + 1))
    }
    return left
  }

  #primary(): Value {
    const word = this.#words[this.#at++]
    if (word === undefined) {
      return this.#refuse(`syntax error: missing argument after ${this.#quote(this.#words[this.#at - 2] ?? '')}`)
    }
    if (word === '(') {
      const value = this.#level(0)
      if (this.#words[this.#at] !== ')') {
        const next = this.#words[this.#at]
        this.#refuse(
          next === undefined
            ? `syntax error: expecting ')' after ${this.#quote(this.#words[this.#at - 1]!)}`
            : `syntax error: expecting ')' instead of ${this.#quote(next)}`,
        )
      }
      this.#at++
      return value
    }
    if (word === ')') return this.#refuse("syntax error: unexpected ')'")
    return this.#named(word) ?? word
  }

  /** `length TEXT`, `substr TEXT POSITION LENGTH` and the like. */
  #named(word: string): Value | undefined {
    if (this.#at >= this.#words.length) return undefined
    switch (word) {
      case '+':
        return this.#words[this.#at++]!
      case 'length':
        return BigInt([...String(this.#primary())].length)
      case 'match': {
        const text = this.#primary()
        return this.#apply(text, ':', this.#primary())
      }
      case 'index': {
        const text = [...String(this.#primary())]
        const letters = String(this.#primary())
        return BigInt(text.findIndex(letter => letters.includes(letter)) + 1)
      }
      case 'substr': {
        const text = [...String(this.#primary())]
        const [from, count] = [Number(this.#primary()), Number(this.#primary())]
        return from >= 1 && count >= 1 ? text.slice(from - 1, from - 1 + count).join('') : ''
      }
    }
    return undefined
  }

  #apply(left: Value, operator: string, right: Value): Value {
    switch (operator) {
      case '|':
        return isTrue(left) ? left : isTrue(right) ? right : 0n
      case '&':
        return isTrue(left) && isTrue(right) ? left : 0n
      case ':':
        return this.#match(String(left), String(right))
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.#calculate(operator, left, right)
      default:
        return compare(operator, left, right) ? 1n : 0n
    }
  }

  #calculate(operator: string, left: Value, right: Value): bigint {
    const [a, b] = [left, right].map(numberOf) as [bigint | undefined, bigint | undefined]
    if (a === undefined || b === undefined) return this.#refuse('non-integer argument')
    if (operator === '+') return a + b
    if (operator === '-') return a - b
    if (operator === '*') return a * b
    if (b === 0n) return this.#refuse('division by zero')
    return operator === '/' ? a / b : a % b
  }

  #match(text: string, source: string): Value {
    const pattern = compilePattern(source.replace(/^\^/, ''), { syntax: 'basic' })
    const sticky = new RegExp(pattern.source, pattern.flags.replace('g', 'y'))
    const match = sticky.exec(text)
    const hasGroup = source.includes('\\(')
    if (!match) return hasGroup ? '' : 0n
    return hasGroup ? (match[1] ?? '') : BigInt([...match[0]].length)
  }

  #quote(word: string): string {
    return quoted(this.#process, word)
  }

  #refuse(message: string): never {
    throw new UsageError(
      this.#process.flavour === 'busybox' && message.startsWith('syntax error') ? 'syntax error' : message,
      2,
    )
  }
}

function numberOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return /^-?\d+$/.test(value) ? BigInt(value) : undefined
}

function isTrue(value: Value): boolean {
  return value !== '' && !/^-?0+$/.test(String(value))
}

function compare(operator: string, left: Value, right: Value): boolean {
  const [a, b] = [numberOf(left), numberOf(right)]
  const [x, y] = a !== undefined && b !== undefined ? [a, b] : [String(left), String(right)]
  switch (operator) {
    case '<':
      return x < y
    case '<=':
      return x <= y
    case '>':
      return x > y
    case '>=':
      return x >= y
    case '!=':
      return x !== y
    default:
      return x === y
  }
}
