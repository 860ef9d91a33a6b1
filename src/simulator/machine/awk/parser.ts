import { readTokens, type Token } from './lexer.ts'
import {
  type AwkProgram,
  AwkSyntaxError,
  type Condition,
  type Expression,
  type FunctionDefinition,
  type Place,
  type Redirection,
  type Rule,
  type Statement,
} from './syntax.ts'

/** Reads the text of a program; throws `AwkSyntaxError`. */
export function parseAwk(source: string): AwkProgram {
  return new Parser(readTokens(source)).program()
}

/** From loosest to tightest: what binary operators of one level there are. */
const comparison = new Set(['<', '<=', '==', '!=', '>', '>='])
const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^='])

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  /** Inside the list of `print a > b`, a bare `>` redirects. */
  #isPrinting = false

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  program(): AwkProgram {
    const rules: Rule[] = []
    const functions = new Map<string, FunctionDefinition>()
    this.#skipEnds()
    while (this.#peek.type !== 'end') {
      if (this.#isKeyword('function') || this.#isKeyword('func')) {
        const definition = this.#function()
        functions.set(definition.name, definition)
      } else rules.push(this.#rule())
      this.#skipEnds()
    }
    return { rules, functions }
  }

  #function(): FunctionDefinition {
    this.#next()
    const name = this.#next().value
    this.#expect('(')
    const parameters: string[] = []
    while (!this.#is(')')) {
      parameters.push(this.#next().value)
      if (!this.#take(',')) break
    }
    this.#expect(')')
    this.#skipNewlines()
    return { name, parameters, body: this.#block() }
  }

  #rule(): Rule {
    const when = this.#condition()
    return { when, body: this.#is('{') ? this.#block() : undefined }
  }

  #condition(): Condition {
    if (this.#takeKeyword('BEGIN')) return { type: 'begin' }
    if (this.#takeKeyword('END')) return { type: 'end' }
    if (this.#is('{')) return { type: 'always' }
    const test = this.#expression()
    if (!this.#take(',')) return { type: 'pattern', test }
    this.#skipNewlines()
    return { type: 'range', from: test, to: this.#expression() }
  }

  #block(): Statement {
    this.#expect('{')
    const body: Statement[] = []
    this.#skipEnds()
    while (!this.#is('}')) {
      body.push(this.#statement())
      this.#skipEnds()
    }
    this.#expect('}')
    return { type: 'block', body }
  }

  #statement(): Statement {
    if (this.#is('{')) return this.#block()
    if (this.#is(';')) return { type: 'empty' }
    if (this.#peek.type !== 'keyword') return this.#ended(this.#simple())
    switch (this.#peek.value) {
      case 'if':
        return this.#if()
      case 'while': {
        const test = this.#test()
        if (this.#take(';')) return { type: 'while', test, body: { type: 'empty' } }
        return { type: 'while', test, body: this.#body() }
      }
      case 'do':
        return this.#do()
      case 'for':
        return this.#for()
      default:
        return this.#ended(this.#simple())
    }
  }

  /** A statement that is no loop or choice. */
  #simple(): Statement {
    const { type, value } = this.#peek
    if (type !== 'keyword' || value === 'getline') return { type: 'expression', value: this.#expression() }
    this.#next()
    switch (value) {
      case 'print':
      case 'printf':
        return this.#print(value)
      case 'nextfile':
        return { type: 'nextfile' }
      case 'next':
        return { type: 'next' }
      case 'break':
      case 'continue':
        return { type: value }
      case 'exit':
      case 'return':
        return { type: value, value: this.#endsStatement ? undefined : this.#expression() }
      case 'delete': {
        const array = this.#next().value
        return { type: 'delete', array, keys: this.#is('[') ? this.#keys() : undefined }
      }
      default:
        throw this.#unexpected()
    }
  }

  #if(): Statement {
    const test = this.#test()
    const then = this.#take(';') ? ({ type: 'empty' } as const) : this.#body()
    const mark = this.#at
    this.#skipEnds()
    if (this.#takeKeyword('else')) return { type: 'if', test, then, otherwise: this.#body() }
    this.#at = mark
    return { type: 'if', test, then, otherwise: undefined }
  }

  #do(): Statement {
    this.#next()
    const body = this.#body()
    this.#skipEnds()
    if (!this.#isKeyword('while')) throw this.#unexpected()
    return this.#ended({ type: 'do', test: this.#test(), body })
  }

  #for(): Statement {
    this.#next()
    this.#expect('(')
    const [name, word, array, close] = this.#tokens.slice(this.#at, this.#at + 4)
    if (name?.type === 'name' && word?.value === 'in' && array?.type === 'name' && close?.value === ')') {
      this.#at += 4
      return { type: 'for-in', name: name.value, array: array.value, body: this.#body() }
    }
    const start = this.#is(';') ? undefined : this.#simple()
    this.#expect(';')
    this.#skipNewlines()
    const test = this.#is(';') ? undefined : this.#expression()
    this.#expect(';')
    this.#skipNewlines()
    const step = this.#is(')') ? undefined : this.#simple()
    this.#expect(')')
    return { type: 'for', start, test, step, body: this.#take(';') ? { type: 'empty' } : this.#body() }
  }

  #body(): Statement {
    this.#skipNewlines()
    return this.#statement()
  }

  #test(): Expression {
    this.#next()
    this.#expect('(')
    const test = this.#expression()
    this.#expect(')')
    return test
  }

  #print(type: 'print' | 'printf'): Statement {
    this.#isPrinting = true
    let values: readonly Expression[] = []
    if (!this.#endsStatement && !this.#isRedirection) values = this.#printed()
    this.#isPrinting = false
    let to: Redirection | undefined
    if (this.#isRedirection) {
      const mode = this.#next().value as Redirection['mode']
      to = { mode, target: this.#concatenation() }
    }
    return { type, values, to }
  }

  /** `print (a, b) > file` has its list in parentheses; `print (a)(b)` and `print (a) * 2` do not. */
  #printed(): readonly Expression[] {
    const mark = this.#at
    if (this.#is('(')) {
      this.#isPrinting = false
      this.#next()
      const values = this.#list(')')
      this.#expect(')')
      this.#isPrinting = true
      if (this.#endsStatement || this.#isRedirection) return values
      this.#at = mark
    }
    const values = [this.#expression()]
    while (this.#take(',')) {
      this.#skipNewlines()
      values.push(this.#expression())
    }
    return values
  }

  get #isRedirection(): boolean {
    return this.#is('>') || this.#is('>>') || this.#is('|')
  }

  #list(end: string): Expression[] {
    const values: Expression[] = []
    this.#skipNewlines()
    while (!this.#is(end)) {
      values.push(this.#expression())
      this.#skipNewlines()
      if (!this.#take(',')) break
      this.#skipNewlines()
    }
    return values
  }

  #expression(): Expression {
    const left = this.#choice()
    const operator = this.#peek.value
    if (this.#peek.type !== 'operator' || !assignments.has(operator) || !isPlace(left)) return left
    this.#next()
    this.#skipNewlines()
    return { type: 'assign', operator, place: left, value: this.#expression() }
  }

  #choice(): Expression {
    const test = this.#or()
    if (!this.#take('?')) return test
    this.#skipNewlines()
    const then = this.#expression()
    this.#skipNewlines()
    this.#expect(':')
    this.#skipNewlines()
    return { type: 'choice', test, then, otherwise: this.#expression() }
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#take('||')) {
      this.#skipNewlines()
      left = { type: 'or', left, right: this.#and() }
    }
    return left
  }

  #and(): Expression {
    let left = this.#membership()
    while (this.#take('&&')) {
      this.#skipNewlines()
      left = { type: 'and', left, right: this.#membership() }
    }
    return left
  }

  #membership(): Expression {
    let left = this.#match()
    while (this.#takeKeyword('in')) left = { type: 'in', keys: [left], array: this.#next().value }
    return left
  }

  #match(): Expression {
    let text = this.#compare()
    while (this.#is('~') || this.#is('!~')) {
      const isNegated = this.#next().value === '!~'
      text = { type: 'match', isNegated, text, pattern: this.#compare() }
    }
    return text
  }

  #compare(): Expression {
    let left = this.#piped(this.#concatenation())
    while (this.#peek.type === 'operator' && comparison.has(this.#peek.value)) {
      if (this.#isPrinting && this.#is('>')) break
      left = { type: 'binary', operator: this.#next().value, left, right: this.#concatenation() }
    }
    return left
  }

  /** `"command" | getline` */
  #piped(command: Expression): Expression {
    let value = command
    while (this.#is('|') && this.#tokens[this.#at + 1]?.value === 'getline') {
      this.#at += 2
      value = { type: 'getline', into: this.#optionalPlace(), from: { kind: 'command', source: value } }
    }
    return value
  }

  #concatenation(): Expression {
    let left = this.#sum()
    while (this.#beginsValue) left = { type: 'binary', operator: ' ', left, right: this.#sum() }
    return left
  }

  get #beginsValue(): boolean {
    const { type, value } = this.#peek
    if (type === 'operator') return ['$', '!', '(', '-', '+', '++', '--'].includes(value) && !/^[-+]$/.test(value)
    return ['number', 'text', 'name', 'function-name', 'pattern'].includes(type)
  }

  #sum(): Expression {
    let left = this.#product()
    while (this.#is('+') || this.#is('-'))
      left = { type: 'binary', operator: this.#next().value, left, right: this.#product() }
    return left
  }

  #product(): Expression {
    let left = this.#unary()
    while (this.#is('*') || this.#is('/') || this.#is('%'))
      left = { type: 'binary', operator: this.#next().value, left, right: this.#unary() }
    return left
  }

  #unary(): Expression {
    if (this.#is('!') || this.#is('-') || this.#is('+')) {
      const operator = this.#next().value as '!' | '-' | '+'
      return { type: 'unary', operator, value: this.#unary() }
    }
    return this.#power()
  }

  #power(): Expression {
    const left = this.#postfix()
    if (!this.#take('^')) return left
    const right = this.#is('-') || this.#is('+') || this.#is('!') ? this.#unary() : this.#power()
    return { type: 'binary', operator: '^', left, right }
  }

  #postfix(): Expression {
    if (this.#is('++') || this.#is('--')) {
      const by = this.#next().value === '++' ? 1 : -1
      const place = this.#primary()
      if (!isPlace(place)) throw this.#unexpected()
      return { type: 'step', place, by, isPrefix: true }
    }
    const value = this.#primary()
    if (isPlace(value) && (this.#is('++') || this.#is('--'))) {
      const by = this.#next().value === '++' ? 1 : -1
      return { type: 'step', place: value, by, isPrefix: false }
    }
    return value
  }

  #primary(): Expression {
    const token = this.#next()
    switch (token.type) {
      case 'number':
        return { type: 'number', value: Number(token.value) }
      case 'text':
        return { type: 'text', value: token.value }
      case 'pattern':
        return { type: 'pattern', source: token.value }
      case 'name':
        if (this.#is('[')) return { type: 'element', array: token.value, keys: this.#keys() }
        // `length` is the one function that may stand without parentheses.
        if (token.value === 'length') return { type: 'call', name: 'length', values: [] }
        return { type: 'variable', name: token.value }
      case 'function-name': {
        this.#expect('(')
        const wasPrinting = this.#isPrinting
        this.#isPrinting = false
        const values = this.#list(')')
        this.#isPrinting = wasPrinting
        this.#expect(')')
        return { type: 'call', name: token.value, values }
      }
      case 'keyword':
        if (token.value === 'getline') return this.#getline()
        break
      case 'operator':
        if (token.value === '$') return { type: 'field', index: this.#fieldIndex() }
        if (token.value === '(') return this.#group()
        break
    }
    this.#at--
    throw this.#unexpected()
  }

  #fieldIndex(): Expression {
    if (this.#is('++') || this.#is('--') || this.#is('-') || this.#is('!')) return this.#unary()
    return this.#primary()
  }

  #group(): Expression {
    const wasPrinting = this.#isPrinting
    this.#isPrinting = false
    const values = this.#list(')')
    this.#expect(')')
    this.#isPrinting = wasPrinting
    if (
      values.length > 1 ||
      (this.#isKeyword('in') && values.length > 0 && this.#tokens[this.#at + 1]?.type === 'name')
    ) {
      if (!this.#takeKeyword('in')) throw this.#unexpected()
      return { type: 'in', keys: values, array: this.#next().value }
    }
    if (!values[0]) throw this.#unexpected()
    return { type: 'group', value: values[0] }
  }

  #getline(): Expression {
    const into = this.#optionalPlace()
    if (!this.#take('<')) return { type: 'getline', into, from: undefined }
    return { type: 'getline', into, from: { kind: 'file', source: this.#postfix() } }
  }

  #optionalPlace(): Place | undefined {
    if (this.#peek.type !== 'name' && !this.#is('$')) return undefined
    const place = this.#primary()
    return isPlace(place) ? place : undefined
  }

  #keys(): Expression[] {
    this.#expect('[')
    const keys = this.#list(']')
    this.#expect(']')
    return keys
  }

  get #peek(): Token {
    return this.#tokens[this.#at]!
  }

  get #endsStatement(): boolean {
    return this.#is(';') || this.#is('}') || this.#peek.type === 'newline' || this.#peek.type === 'end'
  }

  #next(): Token {
    return this.#tokens[this.#at++]!
  }

  #is(operator: string): boolean {
    return this.#peek.type === 'operator' && this.#peek.value === operator
  }

  #isKeyword(word: string): boolean {
    return this.#peek.type === 'keyword' && this.#peek.value === word
  }

  #take(operator: string): boolean {
    if (!this.#is(operator)) return false
    this.#at++
    return true
  }

  #takeKeyword(word: string): boolean {
    if (!this.#isKeyword(word)) return false
    this.#at++
    return true
  }

  #expect(operator: string): void {
    if (!this.#take(operator)) throw this.#unexpected(operator)
  }

  #ended(statement: Statement): Statement {
    if (!this.#endsStatement) throw this.#unexpected()
    if (this.#is(';') || this.#peek.type === 'newline') this.#at++
    return statement
  }

  #skipNewlines(): void {
    while (this.#peek.type === 'newline') this.#at++
  }

  #skipEnds(): void {
    while (this.#peek.type === 'newline' || this.#is(';')) this.#at++
  }

  #unexpected(wanted?: string): AwkSyntaxError {
    const { type, value, line } = this.#peek
    const isAtEnd = type === 'newline' || type === 'end'
    if (isAtEnd && wanted === ')') return new AwkSyntaxError('missing ) near end of line', line)
    if (type === 'end') return new AwkSyntaxError('missing } near end of file', line + 1)
    return new AwkSyntaxError(`syntax error at or near ${type === 'newline' ? 'end of line' : value}`, line)
  }
}

function isPlace(value: Expression): value is Place {
  return value.type === 'variable' || value.type === 'field' || value.type === 'element'
}
