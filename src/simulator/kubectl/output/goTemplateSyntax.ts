/** A template that cannot be read or carried out; texts are those of Go's text/template. */
export class GoTemplateError extends Error {}

/** A value written in a template: an operand with the fields picked from it. */
export interface Operand {
  readonly type: 'dot' | 'variable' | 'literal' | 'call' | 'pipeline' | 'nil'
  readonly name?: string
  readonly value?: unknown
  readonly pipeline?: Pipeline
  readonly fields: readonly string[]
  /** Where it stands, for messages: `1:11`, and its own text. */
  readonly at: string
  readonly text: string
}

/** Commands, each fed with the result of the one before; the first operand may be a function. */
export interface Pipeline {
  readonly declares: readonly string[]
  readonly isAssignment: boolean
  readonly commands: readonly (readonly Operand[])[]
}

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipeline: Pipeline }
  | {
      readonly type: 'if' | 'with' | 'range'
      readonly pipeline: Pipeline
      readonly then: readonly Part[]
      readonly otherwise: readonly Part[]
    }
  | { readonly type: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly type: 'break' | 'continue' }

interface Token {
  readonly type: 'field' | 'variable' | 'word' | 'string' | 'number' | 'char' | 'symbol'
  readonly text: string
  readonly offset: number
  readonly hasSpaceBefore: boolean
}

/** The parts of a template, and of the templates it defines. */
export interface ParsedTemplate {
  readonly parts: readonly Part[]
  readonly defined: ReadonlyMap<string, readonly Part[]>
}

/** Reads a template; `isFunction` says which words may be called. */
export function parseTemplate(text: string, name: string, isFunction: (word: string) => boolean): ParsedTemplate {
  return new Parser(text, name, isFunction).parse()
}

type Action = { readonly body: string; readonly offset: number }

class Parser {
  readonly #text: string
  readonly #name: string
  readonly #isFunction: (word: string) => boolean
  readonly #pieces: (string | Action)[]
  readonly #defined = new Map<string, readonly Part[]>()
  #at = 0
  #tokens: Token[] = []
  #end = 0
  #ranges = 0

  constructor(text: string, name: string, isFunction: (word: string) => boolean) {
    this.#text = text
    this.#name = name
    this.#isFunction = isFunction
    this.#pieces = this.#split()
  }

  parse(): ParsedTemplate {
    const { parts, end } = this.#list()
    if (end) this.#fail(`unexpected {{${end.word}}}`, end.offset)
    return { parts, defined: this.#defined }
  }

  #fail(message: string, offset: number): never {
    throw new GoTemplateError(`template: ${this.#name}:${this.#place(offset).split(':')[0]}: ${message}`)
  }

  #place(offset: number): string {
    const before = this.#text.slice(0, offset)
    return `${before.split('\n').length}:${offset - (before.lastIndexOf('\n') + 1)}`
  }

  /** Text and actions in turn; `{{-` and `-}}` eat the blanks beside them. */
  #split(): (string | Action)[] {
    const pieces: (string | Action)[] = []
    let trims = false
    for (let at = 0; ; ) {
      const open = this.#text.indexOf('{{', at)
      let text = this.#text.slice(at, open < 0 ? undefined : open)
      if (trims) text = text.trimStart()
      if (open < 0) return [...pieces, text]
      const isTrimmed = /^-\s/.test(this.#text.slice(open + 2))
      pieces.push(isTrimmed ? text.trimEnd() : text)
      const start = open + (isTrimmed ? 3 : 2)
      const close = this.#closing(start, open)
      trims = /\s-$/.test(this.#text.slice(start, close))
      const body = this.#text.slice(start, trims ? close - 1 : close)
      if (!/^\s*\/\*[\s\S]*\*\/\s*$/.test(body)) pieces.push({ body, offset: start })
      at = close + 2
    }
  }

  #closing(start: number, open: number): number {
    const pattern = /\}\}|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\//g
    pattern.lastIndex = start
    for (let match = pattern.exec(this.#text); match; match = pattern.exec(this.#text)) {
      if (match[0] === '}}') return match.index
    }
    this.#fail('unclosed action', open)
  }

  /** Parts up to `end`, `else` or the end of the text. */
  #list(): { parts: Part[]; end?: { word: string; offset: number } } {
    const parts: Part[] = []
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at++]!
      if (typeof piece === 'string') {
        if (piece) parts.push({ type: 'text', text: piece })
        continue
      }
      this.#tokens = this.#tokenize(piece)
      this.#end = piece.offset + piece.body.length
      const word = this.#tokens[0]?.type === 'word' ? this.#tokens[0].text : ''
      if (word === 'end' || word === 'else') {
        this.#tokens.shift()
        return { parts, end: { word, offset: piece.offset } }
      }
      const part = this.#part(word, piece.offset)
      if (part) parts.push(part)
    }
    return { parts }
  }

  #part(word: string, offset: number): Part | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        this.#tokens.shift()
        return this.#branch(word)
      case 'define':
      case 'block':
        return this.#define(word)
      case 'template': {
        this.#tokens.shift()
        const name = this.#string('template clause')
        return { type: 'template', name, pipeline: this.#tokens.length > 0 ? this.#pipeline() : undefined }
      }
      case 'break':
      case 'continue':
        if (this.#ranges === 0) this.#fail(`{{${word}}} outside {{range}}`, offset)
        return { type: word }
      default:
        if (this.#tokens.length === 0) this.#fail('missing value for command', offset)
        return { type: 'print', pipeline: this.#pipeline() }
    }
  }

  #branch(type: 'if' | 'with' | 'range'): Part {
    const pipeline = this.#pipeline()
    if (type === 'range') this.#ranges++
    const { parts: then, end } = this.#list()
    if (type === 'range') this.#ranges--
    if (!end) this.#fail('unexpected EOF', this.#text.length)
    if (end.word === 'end') return { type, pipeline, then, otherwise: [] }
    const next = this.#tokens[0]
    if (next?.type === 'word' && (next.text === 'if' || next.text === 'with')) {
      this.#tokens.shift()
      return { type, pipeline, then, otherwise: [this.#branch(next.text)] }
    }
    const { parts: otherwise, end: last } = this.#list()
    if (last?.word !== 'end') this.#fail('unexpected EOF', this.#text.length)
    return { type, pipeline, then, otherwise }
  }

  #define(word: 'define' | 'block'): Part | undefined {
    this.#tokens.shift()
    const name = this.#string(`${word} clause`)
    const pipeline = word === 'block' ? this.#pipeline() : undefined
    const { parts, end } = this.#list()
    if (end?.word !== 'end') this.#fail('unexpected EOF', this.#text.length)
    this.#defined.set(name, parts)
    return word === 'block' ? { type: 'template', name, pipeline } : undefined
  }

  #string(context: string): string {
    const token = this.#tokens.shift()
    if (token?.type !== 'string') this.#fail(`unexpected ${shown(token)} in ${context}`, token?.offset ?? this.#end)
    return stringValue(token.text)
  }

  #pipeline(isInner = false): Pipeline {
    const declares: string[] = []
    let isAssignment = false
    if (this.#tokens[0]?.type === 'variable') {
      const sign = this.#tokens.findIndex(token => token.text === ':=' || token.text === '=')
      const names = this.#tokens.slice(0, Math.max(sign, 0))
      if (sign > 0 && names.every(token => token.type === 'variable' || token.text === ',')) {
        isAssignment = this.#tokens[sign]!.text === '='
        declares.push(...names.filter(token => token.type === 'variable').map(token => token.text))
        this.#tokens.splice(0, sign + 1)
      }
    }
    const commands: Operand[][] = [[]]
    for (;;) {
      const token = this.#tokens[0]
      if (!token || (isInner && token.text === ')' && token.type === 'symbol')) break
      if (token.type === 'symbol' && token.text === '|') {
        this.#tokens.shift()
        if (commands.at(-1)!.length === 0) this.#fail('unexpected "|" in command', token.offset)
        commands.push([])
      } else commands.at(-1)!.push(this.#operand())
    }
    if (commands.at(-1)!.length === 0) commands.pop()
    if (commands.length === 0) this.#fail('missing value for command', this.#end)
    return { declares, isAssignment, commands }
  }

  #operand(): Operand {
    const token = this.#tokens.shift()!
    const at = this.#place(token.offset)
    const base = { at, fields: [] as string[], text: token.text }
    switch (token.type) {
      case 'field':
        return token.text === '.'
          ? { ...base, type: 'dot' }
          : this.#chain({ ...base, type: 'dot', fields: [token.text.slice(1)] })
      case 'variable':
        return this.#chain({ ...base, type: 'variable', name: token.text })
      case 'string':
        return { ...base, type: 'literal', value: stringValue(token.text) }
      case 'number':
        return { ...base, type: 'literal', value: Number(token.text) }
      case 'char':
        return { ...base, type: 'literal', value: stringValue(`"${token.text.slice(1, -1)}"`).codePointAt(0)! }
      case 'word':
        return this.#word(token, base)
      default:
    }
    if (token.text !== '(') this.#fail(`unexpected ${shown(token)} in operand`, token.offset)
    const pipeline = this.#pipeline(true)
    if (this.#tokens.shift()?.text !== ')') this.#fail('unclosed left paren', token.offset)
    return this.#chain({ ...base, type: 'pipeline', pipeline })
  }

  #word(token: Token, base: { at: string; fields: string[]; text: string }): Operand {
    if (token.text === 'true' || token.text === 'false')
      return { ...base, type: 'literal', value: token.text === 'true' }
    if (token.text === 'nil') return { ...base, type: 'nil' }
    if (!this.#isFunction(token.text)) this.#fail(`function ${JSON.stringify(token.text)} not defined`, token.offset)
    return { ...base, type: 'call', name: token.text }
  }

  #chain(operand: Operand): Operand {
    const fields = [...operand.fields]
    let { text } = operand
    let at = operand.at
    while (this.#tokens[0]?.type === 'field' && !this.#tokens[0].hasSpaceBefore && this.#tokens[0].text !== '.') {
      const token = this.#tokens.shift()!
      fields.push(token.text.slice(1))
      text += token.text
      at = this.#place(token.offset)
    }
    return { ...operand, fields, text, at }
  }

  #tokenize({ body, offset }: Action): Token[] {
    const pattern =
      /\s+|(?<field>\.[\p{L}_][\p{L}\p{Nd}_]*|\.(?![\d]))|(?<variable>\$[\p{L}\p{Nd}_]*)|(?<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\\n]|\\.)*')|(?<symbol>:=|[=|(),])|(?<bad>.)/gsu
    const tokens: Token[] = []
    let hasSpaceBefore = true
    for (const match of body.matchAll(pattern)) {
      const [type] = Object.entries(match.groups!).find(([, value]) => value !== undefined) ?? []
      if (type === 'bad') {
        const char = match[0]
        if (char === '"') this.#fail('unterminated quoted string', offset)
        const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
        this.#fail(`unrecognized character in action: U+${code} '${char}'`, offset)
      }
      if (type)
        tokens.push({ type: type as Token['type'], text: match[0], offset: offset + match.index, hasSpaceBefore })
      hasSpaceBefore = !type
    }
    return tokens
  }
}

function shown(token: Token | undefined): string {
  return token ? `${JSON.stringify(token.text)}` : '"}}"'
}

function stringValue(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1)
  return JSON.parse(
    text
      .replace(/\\x([\da-fA-F]{2})/g, '\\u00$1')
      .replace(/\\'/g, "'")
      .replace(/\\a/g, '\\u0007')
      .replace(/\\v/g, '\\u000b'),
  ) as string
}
