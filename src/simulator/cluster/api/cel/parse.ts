import { CelSyntaxError, type Expression, type Literal } from './syntax.ts'

/** Reads an expression; throws a CelSyntaxError for what is none. */
export function parseCel(source: string): Expression {
  return new Parser(source).whole()
}

interface Token {
  readonly kind: 'literal' | 'name' | 'sign' | 'end'
  readonly text: string
  readonly value?: Literal
  readonly at: number
}

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>', '>=', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
]
const macros: Readonly<Record<string, readonly number[]>> = {
  all: [2, 3],
  exists: [2, 3],
  exists_one: [2],
  existsOne: [2, 3],
  map: [2, 3],
  filter: [2],
  transformList: [3, 4],
}

class Parser {
  readonly #source: string
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = tokensOf(source)
  }

  whole(): Expression {
    const expression = this.#expression()
    const token = this.#peek()
    if (token.kind !== 'end') throw this.#unexpected(token)
    return expression
  }

  #expression(): Expression {
    const condition = this.#binary(0)
    if (!this.#take('?')) return condition
    const { at } = this.#tokens[this.#next - 1]!
    const yes = this.#binary(0)
    this.#expect(':')
    return { type: 'choice', condition, yes, no: this.#expression(), at }
  }

  #binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const token = this.#peek()
      if (token.kind === 'literal' || !operators.includes(token.text)) return left
      this.#next++
      left = { type: 'binary', operator: token.text, left, right: this.#binary(level + 1), at: token.at }
    }
  }

  #unary(): Expression {
    const token = this.#peek()
    if (token.kind === 'sign' && (token.text === '!' || token.text === '-')) {
      this.#next++
      return { type: 'unary', operator: token.text, operand: this.#unary(), at: token.at }
    }
    return this.#member()
  }

  #member(): Expression {
    let target = this.#primary()
    for (;;) {
      const { at } = this.#peek()
      if (this.#take('.')) {
        const isOptional = this.#take('?')
        const { text: name, kind } = this.#tokens[this.#next++]!
        if (kind !== 'name') throw this.#unexpected(this.#tokens[this.#next - 1]!)
        if (!this.#take('(')) target = { type: 'field', target, name, isOptional, isTest: false, at }
        else target = this.#method(target, name, this.#arguments(')'), at)
      } else if (this.#take('[')) {
        const isOptional = this.#take('?')
        const index = this.#expression()
        this.#expect(']')
        target = { type: 'index', target, index, isOptional, at }
      } else {
        const name = this.#peek().text === '{' ? qualifiedName(target) : undefined
        if (name === undefined) return target
        target = this.#message(name, at)
      }
    }
  }

  #message(name: string, at: number): Expression {
    this.#expect('{')
    const fields: { name: string; value: Expression; isOptional: boolean }[] = []
    while (!this.#take('}')) {
      const isOptional = this.#take('?')
      const field = this.#tokens[this.#next++]!
      if (field.kind !== 'name') throw this.#unexpected(field)
      this.#expect(':')
      fields.push({ name: field.text, value: this.#expression(), isOptional })
      if (this.#take(',')) continue
      this.#expect('}')
      break
    }
    return { type: 'message', name, fields, at }
  }

  #method(target: Expression, name: string, args: readonly Expression[], at: number): Expression {
    const sizes = macros[name]
    if (!sizes?.includes(args.length)) return { type: 'call', target, name, args, at }
    const isPair = args.length > 2 && name !== 'map' && args[1]?.type === 'name'
    const names = args.slice(0, isPair ? 2 : 1)
    const variables = names.map(one => {
      if (one.type !== 'name') throw new CelSyntaxError(this.#source, one.at, 'argument must be a simple name')
      return one.name
    })
    return { type: 'macro', name, target, variables, bodies: args.slice(variables.length), at }
  }

  #primary(): Expression {
    const token = this.#tokens[this.#next++]!
    const { at } = token
    if (token.kind === 'literal') return { type: 'literal', value: token.value!, at }
    if (token.kind === 'name') {
      if (!this.#take('(')) return { type: 'name', name: token.text, at }
      const args = this.#arguments(')')
      if (token.text !== 'has') return { type: 'call', target: undefined, name: token.text, args, at }
      const [field] = args
      if (args.length !== 1 || field?.type !== 'field')
        throw new CelSyntaxError(this.#source, at, 'invalid argument to has() macro')
      return { ...field, isTest: true }
    }
    if (token.text === '(') {
      const inner = this.#expression()
      this.#expect(')')
      return inner
    }
    if (token.text === '[') return { type: 'list', items: this.#arguments(']'), at }
    if (token.text === '{') return this.#map(at)
    throw this.#unexpected(token)
  }

  #map(at: number): Expression {
    const entries: [Expression, Expression][] = []
    while (!this.#take('}')) {
      const key = this.#expression()
      this.#expect(':')
      entries.push([key, this.#expression()])
      if (!this.#take(',')) {
        this.#expect('}')
        break
      }
    }
    return { type: 'map', entries, at }
  }

  #arguments(end: string): Expression[] {
    const args: Expression[] = []
    while (!this.#take(end)) {
      args.push(this.#expression())
      if (this.#take(',')) continue
      this.#expect(end)
      break
    }
    return args
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }

  #take(text: string): boolean {
    const token = this.#peek()
    const isThere = token.kind === 'sign' && token.text === text
    if (isThere) this.#next++
    return isThere
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(this.#peek())
  }

  #unexpected({ kind, text, at }: Token): CelSyntaxError {
    const what = kind === 'end' ? '<EOF>' : text
    return new CelSyntaxError(this.#source, at, `Syntax error: mismatched input '${what}'`)
  }
}

/** `Object.spec` for names with dots between; undefined for everything else. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.type === 'name') return expression.name
  if (expression.type !== 'field' || expression.isTest || expression.isOptional) return undefined
  const before = qualifiedName(expression.target)
  return before && `${before}.${expression.name}`
}

function tokensOf(source: string): Token[] {
  // Sticky patterns remember where they are, so that each text has its own.
  const patterns: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
    ['blank', /(?:\s+|\/\/[^\n]*)+/y],
    ['literal', /0x[0-9a-fA-F]+u?|(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+|\d+u?)/y],
    ['literal', /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y],
    ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
    ['sign', /&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}]/y],
  ]
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    let found: Token | undefined
    let length = 0
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at
      const text = pattern.exec(source)?.[0]
      if (!text) continue
      length = text.length
      if (kind !== 'blank') found = tokenOf(kind, text, at)
      break
    }
    if (length === 0) throw new CelSyntaxError(source, at, `Syntax error: token recognition error at: '${source[at]}'`)
    if (found) tokens.push(found)
    at += length
  }
  return [...tokens, { kind: 'end', text: '', at }]
}

function tokenOf(kind: Token['kind'], text: string, at: number): Token {
  if (kind === 'name') {
    if (text === 'true' || text === 'false') return { kind: 'literal', text, value: text === 'true', at }
    if (text === 'null') return { kind: 'literal', text, value: null, at }
    return { kind: text === 'in' ? 'sign' : 'name', text, at }
  }
  if (kind !== 'literal') return { kind, text, at }
  const isNumber = /^[.\d]/.test(text)
  return { kind, text, value: isNumber ? numberOf(text) : textOf(text), at }
}

function numberOf(text: string): bigint | number {
  if (/^(0x[0-9a-fA-F]+|\d+)u?$/.test(text)) return BigInt(text.replace(/u$/, ''))
  return Number(text)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }

function textOf(token: string): string {
  const [, prefix = '', quoted = ''] = /^([rRbB]*)([\s\S]*)$/.exec(token)!
  const width = /^("""|''')/.test(quoted) ? 3 : 1
  const inner = quoted.slice(width, -width)
  if (/r/i.test(prefix)) return inner
  return inner.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)/gs,
    (_, escaped: string) => {
      if (/^[xuU]./.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16))
      if (/^[0-7]{3}$/.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped, 8))
      return escapes[escaped] ?? escaped
    },
  )
}
