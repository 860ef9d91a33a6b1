import { readTokens, type Token } from './lexer.ts'
import { type Definition, type Filter, JqSyntaxError, type Json, type Pattern } from './syntax.ts'

/** Reads the text of a filter; throws `JqSyntaxError`. */
export function parseFilter(source: string): Filter {
  const parser = new Parser(readTokens(source))
  return parser.whole()
}

const identity: Filter = { type: 'identity' }

/** Binary operators from loose to tight, with how they lean. */
const levels: readonly (readonly string[])[] = [
  ['//'],
  ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Filter {
    if (this.#isAtEnd) return identity
    const filter = this.#pipe()
    if (!this.#isAtEnd) throw this.#unexpected()
    return filter
  }

  #pipe(): Filter {
    if (this.#isName('def')) {
      const definition = this.#definition()
      return { type: 'define', definition, body: this.#isAtEnd ? identity : this.#pipe() }
    }
    const left = this.#comma()
    if (this.#isName('as')) {
      this.#at++
      const pattern = this.#pattern()
      this.#expect('|')
      return { type: 'bind', source: left, pattern, body: this.#pipe() }
    }
    return this.#take('|') ? { type: 'pipe', left, right: this.#pipe() } : left
  }

  #definition(): Definition {
    this.#at++
    const name = this.#word()
    const parameters: string[] = []
    if (this.#take('(')) {
      do {
        const token = this.#next()
        parameters.push(token.type === 'variable' ? `$${token.value}` : token.value)
      } while (this.#take(';'))
      this.#expect(')')
    }
    this.#expect(':')
    const body = this.#pipe()
    this.#expect(';')
    return { name, parameters, body }
  }

  #comma(): Filter {
    let left = this.#binary(0)
    while (this.#take(',')) left = { type: 'comma', left, right: this.#binary(0) }
    return left
  }

  #binary(level: number): Filter {
    const operators = levels[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    while (operators.includes(this.#peek.value) && (this.#peek.type === 'operator' || this.#peek.type === 'name')) {
      const operator = this.#next().value
      if (level === 0) left = { type: 'alternative', left, right: this.#binary(0) }
      else if (level === 1) {
        const value = this.#binary(0)
        return { type: 'update', operator, path: left, value }
      } else if (operator === 'or' || operator === 'and')
        left = { type: operator, left, right: this.#binary(level + 1) }
      else left = { type: 'binary', operator, left, right: this.#binary(level + 1) }
    }
    return left
  }

  #unary(): Filter {
    if (this.#take('-')) return { type: 'negate', value: this.#postfix() }
    return this.#postfix()
  }

  #postfix(): Filter {
    let filter = this.#primary()
    for (;;) {
      if (this.#peek.type === 'field') filter = indexOf(filter, this.#next().value)
      else if (this.#is('.') && this.#tokens[this.#at + 1]?.type === 'text') {
        this.#at++
        filter = { type: 'index', from: filter, key: this.#text(undefined) }
      } else if (this.#is('.') && this.#tokens[this.#at + 1]?.value === '[') this.#at++
      else if (this.#is('[')) filter = this.#brackets(filter)
      else if (this.#take('?')) filter = { type: 'try', body: filter, otherwise: undefined }
      else if (this.#isName('as')) {
        this.#at++
        const pattern = this.#pattern()
        this.#expect('|')
        return { type: 'bind', source: filter, pattern, body: this.#pipe() }
      } else return filter
    }
  }

  #brackets(from: Filter): Filter {
    this.#expect('[')
    if (this.#take(']')) return { type: 'each', from }
    if (this.#take(':')) {
      const end = this.#pipe()
      this.#expect(']')
      return { type: 'slice', from, start: undefined, end }
    }
    const key = this.#pipe()
    if (!this.#take(':')) {
      this.#expect(']')
      return { type: 'index', from, key }
    }
    const end = this.#is(']') ? undefined : this.#pipe()
    this.#expect(']')
    return { type: 'slice', from, start: key, end }
  }

  #primary(): Filter {
    const token = this.#next()
    switch (token.type) {
      case 'number':
        return { type: 'literal', value: Number(token.value) }
      case 'text':
        this.#at--
        return this.#text(undefined)
      case 'field':
        return indexOf(identity, token.value)
      case 'variable':
        return { type: 'variable', name: token.value, at: token.at }
      case 'format':
        return this.#peek.type === 'text' ? this.#text(token.value) : { type: 'format', name: token.value }
      case 'name':
        return this.#named(token.value, token.at)
      case 'operator':
        return this.#operator(token.value)
      default:
        this.#at--
        throw this.#unexpected()
    }
  }

  #operator(operator: string): Filter {
    switch (operator) {
      case '..':
        return { type: 'recurse' }
      case '.':
        if (this.#peek.type === 'text') return { type: 'index', from: identity, key: this.#text(undefined) }
        return identity
      case '(': {
        const filter = this.#pipe()
        this.#expect(')')
        return filter
      }
      case '[': {
        if (this.#take(']')) return { type: 'array', items: undefined }
        const items = this.#pipe()
        this.#expect(']')
        return { type: 'array', items }
      }
      case '{':
        return this.#object()
      default:
        this.#at--
        throw this.#unexpected()
    }
  }

  #named(name: string, at: number): Filter {
    switch (name) {
      case 'null':
      case 'true':
      case 'false':
        return { type: 'literal', value: JSON.parse(name) as Json }
      case 'if':
        return this.#if()
      case 'try': {
        const body = this.#postfix()
        if (!this.#isName('catch')) return { type: 'try', body, otherwise: undefined }
        this.#at++
        return { type: 'try', body, otherwise: this.#postfix() }
      }
      case 'label': {
        const { value: label } = this.#variable()
        this.#expect('|')
        return { type: 'label', name: label, body: this.#pipe() }
      }
      case 'break': {
        const { value: label } = this.#variable()
        return { type: 'break', name: label, at }
      }
      case 'reduce':
        return this.#reduce()
      case 'foreach':
        return this.#foreach()
      case 'def': {
        this.#at--
        const definition = this.#definition()
        return { type: 'define', definition, body: this.#pipe() }
      }
    }
    const values: Filter[] = []
    if (this.#take('(')) {
      do values.push(this.#pipe())
      while (this.#take(';'))
      this.#expect(')')
    }
    return { type: 'call', name, values, at }
  }

  #if(): Filter {
    const test = this.#pipe()
    this.#expectName('then')
    const then = this.#pipe()
    const word = this.#word()
    if (word === 'elif') return { type: 'if', test, then, otherwise: this.#if() }
    if (word === 'end') return { type: 'if', test, then, otherwise: undefined }
    if (word !== 'else') throw this.#unexpected()
    const otherwise = this.#pipe()
    this.#expectName('end')
    return { type: 'if', test, then, otherwise }
  }

  #reduce(): Filter {
    const source = this.#postfixWithoutAs()
    this.#expectName('as')
    const pattern = this.#pattern()
    this.#expect('(')
    const start = this.#pipe()
    this.#expect(';')
    const step = this.#pipe()
    this.#expect(')')
    return { type: 'reduce', source, pattern, start, step }
  }

  #foreach(): Filter {
    const source = this.#postfixWithoutAs()
    this.#expectName('as')
    const pattern = this.#pattern()
    this.#expect('(')
    const start = this.#pipe()
    this.#expect(';')
    const step = this.#pipe()
    const extract = this.#take(';') ? this.#pipe() : undefined
    this.#expect(')')
    return { type: 'foreach', source, pattern, start, step, extract }
  }

  /** The source of `reduce` ends at its own `as`. */
  #postfixWithoutAs(): Filter {
    let filter = this.#primary()
    for (;;) {
      if (this.#peek.type === 'field') filter = indexOf(filter, this.#next().value)
      else if (this.#is('[')) filter = this.#brackets(filter)
      else if (this.#take('?')) filter = { type: 'try', body: filter, otherwise: undefined }
      else return filter
    }
  }

  #pattern(): Pattern {
    const token = this.#next()
    if (token.type === 'variable') return { type: 'name', name: token.value }
    if (token.value === '[') {
      const items = [this.#pattern()]
      while (this.#take(',')) items.push(this.#pattern())
      this.#expect(']')
      return { type: 'array', items }
    }
    if (token.value !== '{') {
      this.#at--
      throw this.#unexpected()
    }
    const entries: (readonly [Filter, Pattern])[] = []
    do {
      const key = this.#next()
      const name: Filter = { type: 'literal', value: key.value }
      if (key.type === 'variable' && !this.#is(':')) entries.push([name, { type: 'name', name: key.value }])
      else {
        this.#expect(':')
        entries.push([name, this.#pattern()])
      }
    } while (this.#take(','))
    this.#expect('}')
    return { type: 'object', entries }
  }

  #object(): Filter {
    const entries: (readonly [Filter, Filter])[] = []
    while (!this.#is('}')) {
      entries.push(this.#entry())
      if (!this.#take(',')) break
    }
    this.#expect('}')
    return { type: 'object', entries }
  }

  #entry(): readonly [Filter, Filter] {
    const token = this.#next()
    let key: Filter
    let short: Filter | undefined
    if (token.type === 'variable') {
      key = { type: 'literal', value: token.value }
      short = { type: 'variable', name: token.value, at: token.at }
    } else if (token.type === 'text') {
      this.#at--
      key = this.#text(undefined)
      short = { type: 'index', from: identity, key }
    } else if (token.type === 'name' || token.type === 'number') {
      key = { type: 'literal', value: token.value }
      short = indexOf(identity, token.value)
    } else if (token.type === 'format') {
      key = this.#peek.type === 'text' ? this.#text(token.value) : { type: 'format', name: token.value }
      short = { type: 'index', from: identity, key }
    } else if (token.value === '(') {
      key = this.#pipe()
      this.#expect(')')
    } else {
      this.#at--
      throw this.#unexpected()
    }
    if (this.#take(':')) return [key, this.#entryValue()]
    if (!short) throw this.#unexpected()
    return [key, short]
  }

  #entryValue(): Filter {
    let value = this.#binary(0)
    while (this.#take('|')) value = { type: 'pipe', left: value, right: this.#binary(0) }
    return value
  }

  #text(format: string | undefined): Filter {
    const { parts = [] } = this.#next()
    if (parts.length === 1 && typeof parts[0] === 'string') return { type: 'literal', value: parts[0] }
    return {
      type: 'text',
      format,
      parts: parts.map(part => (typeof part === 'string' ? part : parseFilter(part.source))),
    }
  }

  get #isAtEnd(): boolean {
    return this.#peek.type === 'end'
  }

  get #peek(): Token {
    return this.#tokens[this.#at]!
  }

  #next(): Token {
    return this.#tokens[this.#at++]!
  }

  #variable(): Token {
    if (this.#peek.type !== 'variable') throw this.#unexpected()
    return this.#next()
  }

  #word(): string {
    const token = this.#next()
    if (token.type === 'name') return token.value
    this.#at--
    throw this.#unexpected()
  }

  #is(operator: string): boolean {
    return this.#peek.type === 'operator' && this.#peek.value === operator
  }

  #isName(name: string): boolean {
    return this.#peek.type === 'name' && this.#peek.value === name
  }

  #take(operator: string): boolean {
    if (!this.#is(operator)) return false
    this.#at++
    return true
  }

  #expect(operator: string): void {
    if (!this.#take(operator)) throw this.#unexpected()
  }

  #expectName(name: string): void {
    if (!this.#isName(name)) throw this.#unexpected()
    this.#at++
  }

  #unexpected(): JqSyntaxError {
    const { type, value, at } = this.#peek
    const names: Partial<Record<Token['type'], string>> = {
      end: '$end',
      name: 'IDENT',
      field: 'FIELD',
      number: 'LITERAL',
      text: 'QQSTRING_START',
      variable: "'$'",
      format: 'FORMAT',
    }
    const word = type === 'name' && keywords.has(value) ? value : undefined
    return new JqSyntaxError(`syntax error, unexpected ${word ?? names[type] ?? `'${value}'`}`, at)
  }
}

const keywords = new Set(
  'def if then elif else end as reduce foreach try catch label import include and or not __loc__'.split(' '),
)

function indexOf(from: Filter, name: string): Filter {
  return { type: 'index', from, key: { type: 'literal', value: name } }
}
