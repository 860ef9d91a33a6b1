import { CommandFailure } from './failures.ts'

/** Where arithmetic finds and leaves its variables. */
export interface ArithmeticScope {
  get(name: string, subscript: string | undefined): string | undefined
  set(name: string, subscript: string | undefined, value: string): void
}

type Node =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'variable'; readonly name: string; readonly subscript: string | undefined }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Node }
  | { readonly kind: 'step'; readonly by: bigint; readonly isPrefix: boolean; readonly target: VariableNode }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Node
      readonly right: Node
      readonly at: string
    }
  | {
      readonly kind: 'assign'
      readonly operator: string
      readonly target: VariableNode
      readonly value: Node
      readonly at: string
    }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }

type VariableNode = Extract<Node, { kind: 'variable' }>

const binaryLevels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

const assignments: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '^=', '|='])

const depthLimit = 1024

/** Evaluates arithmetic in 64-bit integers, as `$(( ))` does. */
export class Arithmetic {
  readonly #parsed = new Map<string, Node | undefined>()

  /** The value of an expression whose `$` expansions are done. An empty one is 0. */
  evaluate(text: string, scope: ArithmeticScope): bigint {
    return this.#evaluateText(text, scope, 0)
  }

  #evaluateText(text: string, scope: ArithmeticScope, depth: number): bigint {
    if (depth > depthLimit) {
      throw new CommandFailure(`${text}: expression recursion level exceeded (error token is "${text}")`)
    }
    let node = this.#parsed.get(text)
    if (node === undefined && !this.#parsed.has(text)) {
      node = new ExpressionParser(text).parse()
      if (this.#parsed.size > 1000) this.#parsed.clear()
      this.#parsed.set(text, node)
    }
    return node === undefined ? 0n : this.#value(node, scope, text, depth)
  }

  #value(node: Node, scope: ArithmeticScope, text: string, depth: number): bigint {
    switch (node.kind) {
      case 'number':
        return node.value
      case 'variable':
        return this.#variable(node, scope, depth)
      case 'unary':
        return unary(node.operator, this.#value(node.operand, scope, text, depth))
      case 'step': {
        const before = this.#variable(node.target, scope, depth)
        const after = wrap(before + node.by)
        scope.set(node.target.name, node.target.subscript, String(after))
        return node.isPrefix ? after : before
      }
      case 'choice':
        return this.#value(this.#value(node.test, scope, text, depth) !== 0n ? node.yes : node.no, scope, text, depth)
      case 'assign': {
        const right = this.#value(node.value, scope, text, depth)
        const value =
          node.operator === '='
            ? right
            : binary(node.operator.slice(0, -1), this.#variable(node.target, scope, depth), right, text, node.at)
        scope.set(node.target.name, node.target.subscript, String(value))
        return value
      }
      case 'binary': {
        const left = this.#value(node.left, scope, text, depth)
        if (node.operator === '&&' && left === 0n) return 0n
        if (node.operator === '||' && left !== 0n) return 1n
        return binary(node.operator, left, this.#value(node.right, scope, text, depth), text, node.at)
      }
    }
  }

  #variable(node: VariableNode, scope: ArithmeticScope, depth: number): bigint {
    const value = scope.get(node.name, node.subscript)
    if (value === undefined || value === '') return 0n
    if (/^-?[1-9]\d{0,17}$|^0$/.test(value)) return BigInt(value)
    return this.#evaluateText(value, scope, depth + 1)
  }
}

class ExpressionParser {
  readonly #text: string
  #at = 0
  /** Where the last token began: errors at the end point there. */
  #last = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Node | undefined {
    this.#skip()
    if (this.#at === this.#text.length) return undefined
    const node = this.#comma()
    this.#skip()
    if (this.#at < this.#text.length) {
      throw this.#error(
        /^[=\])]/.test(this.#rest()) && this.#rest().startsWith('=')
          ? 'attempted assignment to non-variable'
          : 'syntax error in expression',
      )
    }
    return node
  }

  #comma(): Node {
    let left = this.#assignment()
    while (this.#accept(',')) left = { kind: 'binary', operator: ',', left, right: this.#assignment(), at: '' }
    return left
  }

  #assignment(): Node {
    const left = this.#choice()
    const operator = /^(<<=|>>=|[-+*/%&^|]=|=(?!=))/.exec(this.#rest())?.[1]
    if (!operator || !assignments.has(operator)) return left
    if (left.kind !== 'variable') throw this.#error('attempted assignment to non-variable')
    this.#take(operator.length)
    const at = this.#rest()
    return { kind: 'assign', operator, target: left, value: this.#assignment(), at }
  }

  #choice(): Node {
    const test = this.#level(0)
    if (!this.#accept('?')) return test
    const yes = this.#comma()
    if (!this.#accept(':')) throw this.#error("`:' expected for conditional expression")
    return { kind: 'choice', test, yes, no: this.#assignment() }
  }

  #level(level: number): Node {
    const operators = binaryLevels[level]
    if (!operators) return this.#power()
    let left = this.#level(level + 1)
    for (;;) {
      const operator = operators.find(each => this.#isOperator(each))
      if (!operator) return left
      this.#take(operator.length)
      const at = this.#rest()
      left = { kind: 'binary', operator, left, right: this.#level(level + 1), at }
    }
  }

  /** Whether an operator stands next, and not a longer one that begins like it. */
  #isOperator(operator: string): boolean {
    const rest = this.#rest()
    if (!rest.startsWith(operator)) return false
    const after = rest.slice(operator.length)
    if (after.startsWith('=') && !['==', '!=', '<=', '>=', '||', '&&'].includes(operator)) return false
    if (operator.length === 1 && after.startsWith(operator) && '|&<>*'.includes(operator)) return false
    return true
  }

  #power(): Node {
    const left = this.#unary()
    if (!this.#rest().startsWith('**')) return left
    this.#take(2)
    return { kind: 'binary', operator: '**', left, right: this.#power(), at: this.#rest() }
  }

  #unary(): Node {
    const rest = this.#rest()
    const step = /^(\+\+|--)\s*(?=[A-Za-z_])/.exec(rest)
    if (step) {
      this.#take(2)
      const target = this.#primary()
      if (target.kind === 'variable') return { kind: 'step', by: step[1] === '++' ? 1n : -1n, isPrefix: true, target }
      return target
    }
    const operator = /^[-+!~]/.exec(rest)?.[0]
    if (operator) {
      this.#take(1)
      return { kind: 'unary', operator, operand: this.#unary() }
    }
    const operand = this.#primary()
    const after = /^(\+\+|--)/.exec(this.#rest())?.[1]
    if (!after || operand.kind !== 'variable') return operand
    this.#take(2)
    return { kind: 'step', by: after === '++' ? 1n : -1n, isPrefix: false, target: operand }
  }

  #primary(): Node {
    const rest = this.#rest()
    if (rest.startsWith('(')) {
      this.#take(1)
      const inner = this.#comma()
      if (!this.#accept(')')) throw this.#error("missing `)'")
      return inner
    }
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0]
    if (name) {
      this.#take(name.length)
      return { kind: 'variable', name, subscript: this.#subscript() }
    }
    const number = /^\d[\w@#]*/.exec(rest)?.[0]
    if (number === undefined) throw this.#error('syntax error: operand expected')
    const value = numberOf(
      number,
      problem => new CommandFailure(`${this.#text}: ${problem} (error token is "${number}")`),
    )
    this.#take(number.length)
    return { kind: 'number', value }
  }

  #subscript(): string | undefined {
    if (this.#text[this.#at] !== '[') return undefined
    let depth = 0
    for (let i = this.#at; i < this.#text.length; i++) {
      if (this.#text[i] === '[') depth++
      if (this.#text[i] === ']' && --depth === 0) {
        const subscript = this.#text.slice(this.#at + 1, i)
        this.#at = i + 1
        return subscript
      }
    }
    throw this.#error('bad array subscript')
  }

  #skip(): void {
    while (this.#at < this.#text.length && ' \t\n'.includes(this.#text[this.#at]!)) this.#at++
  }

  #rest(): string {
    this.#skip()
    return this.#text.slice(this.#at)
  }

  #take(length: number): void {
    this.#last = this.#at
    this.#at += length
  }

  #accept(token: string): boolean {
    if (!this.#rest().startsWith(token)) return false
    this.#take(token.length)
    return true
  }

  #error(problem: string): CommandFailure {
    const token = this.#text.slice(this.#at < this.#text.length ? this.#at : this.#last)
    const message = `${this.#text}: ${problem} (error token is "${token}")`
    return new CommandFailure(message, { kind: 'arithmetic', subject: this.#text })
  }
}

function unary(operator: string, value: bigint): bigint {
  if (operator === '-') return wrap(-value)
  if (operator === '!') return value === 0n ? 1n : 0n
  return operator === '~' ? ~value : value
}

function binary(operator: string, left: bigint, right: bigint, text: string, at: string): bigint {
  switch (operator) {
    case ',':
      return right
    case '||':
    case '&&':
      return truth(right !== 0n)
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '&':
      return left & right
    case '==':
      return truth(left === right)
    case '!=':
      return truth(left !== right)
    case '<=':
      return truth(left <= right)
    case '>=':
      return truth(left >= right)
    case '<':
      return truth(left < right)
    case '>':
      return truth(left > right)
    case '<<':
      return wrap(left << (right & 63n))
    case '>>':
      return left >> (right & 63n)
    case '+':
      return wrap(left + right)
    case '-':
      return wrap(left - right)
    case '*':
      return wrap(left * right)
    case '**':
      if (right < 0n) throw new CommandFailure(`${text}: exponent less than 0 (error token is "${at}")`)
      return wrap(left ** (right > 4096n ? 4096n : right))
    default:
      if (right === 0n) {
        throw new CommandFailure(`${text}: division by 0 (error token is "${at}")`, { kind: 'division', subject: text })
      }
      return operator === '/' ? wrap(left / right) : left % right
  }
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Decimal, 0x…, 0… (octal) and BASE#DIGITS. */
function numberOf(text: string, error: (problem: string) => Error): bigint {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return wrap(BigInt(text))
  const based = /^(\d+)#(\w+)$/.exec(text)
  const base = based ? Number(based[1]) : /^0\d/.test(text) ? 8 : 10
  if (based && (base < 2 || base > 64)) throw error('invalid arithmetic base')
  let value = 0n
  for (const character of based ? based[2]! : text) {
    const digit = digits.indexOf(base <= 36 ? character.toLowerCase() : character)
    if (digit < 0 || digit >= base) throw error('value too great for base')
    value = value * BigInt(base) + BigInt(digit)
  }
  return wrap(value)
}
