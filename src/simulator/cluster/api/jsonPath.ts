import { formatJsonLine } from './goJson.ts'
import { goText } from './goText.ts'

/** A template like `{.items[*].metadata.name}`, ready to be used on objects. */
export interface JsonPath {
  /** The text that the template makes of a value. */
  format(value: unknown): string
  /** The values each part of the template finds. */
  find(value: unknown): unknown[][]
}

/** One step from values to the values inside them. */
type Step =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | {
      readonly type: 'slice'
      readonly from?: number
      readonly to?: number
      readonly step?: number
      readonly isIndex: boolean
    }
  | { readonly type: 'filter'; readonly left: Path; readonly operator: string; readonly right: Path }
  | { readonly type: 'value'; readonly value: number | boolean }
  | { readonly type: 'all' }
  | { readonly type: 'descent' }
  | { readonly type: 'union'; readonly paths: readonly Path[] }
  | { readonly type: 'word'; readonly word: string }

type Path = readonly Step[]

/** A template that cannot be read, or that finds something it cannot work with; texts are client-go's. */
export class JsonPathError extends Error {}

/** Reads a template. Missing fields are nothing, or an error when `allowMissing` is false. */
export function parseJsonPath(template: string, allowMissing = true): JsonPath {
  const parts = new Parser(template).template()
  const find = (value: unknown) => new Evaluation(parts, allowMissing).run(value)
  return { find, format: value => find(value).map(formatValues).join('') }
}

/** Puts braces and a dot around a path that has none: `metadata.name`, `.metadata.name`, `{.metadata.name}`. */
export function relaxedPath(path: string): string {
  if (path === '') return path
  const match = /^(?:\{\.?([^{}]+)\}|\.?([^{}]+))$/.exec(path)
  if (!match) {
    throw new JsonPathError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    )
  }
  return `{.${match[1] ?? match[2]}}`
}

/** Values as a template prints them, with blanks between. */
export function formatValues(values: readonly unknown[]): string {
  return values.map(value => (typeof value === 'object' ? formatJsonLine(value) : String(value))).join(' ')
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  template(): Path[] {
    const parts: Path[] = []
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('{', this.#at)
      const end = open < 0 ? this.#text.length : open
      if (end > this.#at) parts.push([{ type: 'text', text: this.#text.slice(this.#at, end) }])
      this.#at = end
      if (open >= 0) {
        this.#at++
        parts.push(this.action())
      }
    }
    return parts
  }

  /** What stands between braces; the closing one is taken. */
  action(): Path {
    const steps: Step[] = []
    for (;;) {
      const rest = this.#text.slice(this.#at)
      const char = rest[0] ?? ''
      if (char === '}') {
        this.#at++
        return steps
      }
      if (rest.startsWith('[?(')) steps.push(this.#filter())
      else if (rest.startsWith('..')) {
        if (steps.at(-1)?.type === 'descent') throw new JsonPathError('invalid multiple recursive descent')
        this.#at += 2
        steps.push({ type: 'descent' })
        if (isWordCharacter(this.#text[this.#at] ?? '')) steps.push(this.#field())
      } else if (char === '' || char === '\n' || char === '\r') throw new JsonPathError('unclosed action')
      else if (char === ' ' || char === '@' || char === '$') this.#at++
      else if (char === '[') steps.push(...this.#brackets())
      else if (char === '"' || char === "'") steps.push({ type: 'text', text: this.#quoted(char) })
      else if (char === '.') {
        this.#at++
        steps.push(this.#field())
      } else if (/[-+\d]/.test(char)) steps.push(this.#number())
      else if (isWordCharacter(char)) steps.push(this.#word())
      else {
        const code = rest.codePointAt(0)!
        const hex = code.toString(16).toUpperCase().padStart(4, '0')
        throw new JsonPathError(`unrecognized character in action: U+${hex} '${String.fromCodePoint(code)}'`)
      }
    }
  }

  #field(): Step {
    const start = this.#at
    while (!isTerminator(this.#text[this.#at] ?? '')) this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    const name = this.#text.slice(start, this.#at)
    return name === '*' ? { type: 'all' } : { type: 'field', name: name.replaceAll('\\', '') }
  }

  #word(): Step {
    const start = this.#at
    while (!isTerminator(this.#text[this.#at] ?? '')) this.#at++
    const word = this.#text.slice(start, this.#at)
    return word === 'true' || word === 'false' ? { type: 'value', value: word === 'true' } : { type: 'word', word }
  }

  #number(): Step {
    const text = /^[-+]?[\d.]*/.exec(this.#text.slice(this.#at))![0]
    this.#at += text.length
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new JsonPathError(`cannot parse number ${text}`)
    return { type: 'value', value: Number(text) }
  }

  #quoted(quote: string): string {
    const start = this.#at
    for (this.#at++; ; this.#at++) {
      const char = this.#text[this.#at]
      if (char === undefined || char === '\n') throw new JsonPathError('unterminated quoted string')
      if (char === quote && this.#text[this.#at - 1] !== '\\') break
    }
    this.#at++
    const value = this.#text.slice(start, this.#at)
    const text = unquote(value.slice(1, -1))
    if (text === undefined) throw new JsonPathError(`unquote string ${value} error invalid syntax`)
    return text
  }

  #brackets(): Path {
    const end = /[\]\n]/.exec(this.#text.slice(this.#at))
    if (!end || end[0] === '\n') throw new JsonPathError('unterminated array')
    const text = this.#text.slice(this.#at + 1, this.#at + end.index)
    this.#at += end.index + 1
    if (text === '*') return [{ type: 'slice', isIndex: false }]
    const alternatives = text.split(',')
    if (alternatives.length > 1) {
      const paths = alternatives.map(each => new Parser(`[${each.replace(/^ +| +$/g, '')}]}`).action())
      return [{ type: 'union', paths }]
    }
    const key = /^'([^']*)'$/.exec(text)
    if (key) return new Parser(`.${key[1]}}`).action()
    const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text)
    if (!slice) throw new JsonPathError(`invalid array index ${text}`)
    const [from, to, step] = [slice[1]!, slice[2]?.slice(1), slice[3]?.slice(1)].map(bound)
    return [
      {
        type: 'slice',
        isIndex: slice[2] === undefined,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(step !== undefined && { step }),
      },
    ]
  }

  #filter(): Step {
    this.#at += '[?('.length
    const start = this.#at
    let quote = ''
    let isQuoted = false
    for (; ; this.#at++) {
      const char = this.#text[this.#at]
      if (char === undefined || char === '\n') throw new JsonPathError('unterminated filter')
      if ((char === '"' || char === "'") && !quote) {
        quote = char
        isQuoted = true
      } else if (char === quote && this.#text[this.#at - 1] !== '\\') isQuoted = false
      else if (char === ')' && !isQuoted) break
    }
    const text = this.#text.slice(start, this.#at)
    if (this.#text[++this.#at] !== ']') throw new JsonPathError('unclosed array expect ]')
    this.#at++
    const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/s.exec(text)
    const [left, operator, right] = comparison ? comparison.slice(1) : [text, 'exists', '']
    return {
      type: 'filter',
      left: new Parser(`${left}}`).action(),
      operator: operator!,
      right: new Parser(`${right}}`).action(),
    }
  }
}

class Evaluation {
  readonly #parts: readonly Path[]
  readonly #allowMissing: boolean
  #begun = 0
  #depth = 0
  #ended = 0
  #lastEnd = -1

  constructor(parts: readonly Path[], allowMissing: boolean) {
    this.#parts = parts
    this.#allowMissing = allowMissing
  }

  /** The values each part finds; `{range}` repeats the parts up to its `{end}`. */
  run(value: unknown, from = 0): unknown[][] {
    const found: unknown[][] = []
    for (let at = from; at < this.#parts.length; at++) {
      const values = this.#path([value], this.#parts[at]!)
      if (this.#ended > 0 && this.#ended <= this.#depth) {
        this.#ended--
        this.#lastEnd = at
        break
      }
      if (this.#begun === 0) {
        found.push(values)
        continue
      }
      this.#begun--
      this.#depth++
      for (const each of values) found.push(...this.run(each, at + 1))
      // Nothing to repeat: walk through once all the same, to learn where the range ends.
      if (values.length === 0) this.run(undefined, at + 1)
      this.#depth--
      if (this.#lastEnd > at) at = this.#lastEnd
    }
    return found
  }

  #path(input: unknown[], path: Path): unknown[] {
    return path.reduce<unknown[]>((values, step) => this.#step(values, step), input)
  }

  #step(input: unknown[], step: Step): unknown[] {
    switch (step.type) {
      case 'text':
        return [step.text]
      case 'value':
        return input.map(() => step.value)
      case 'field':
        return this.#field(input, step.name)
      case 'all':
        return input.flatMap(childrenOf)
      case 'descent':
        return descendants(input)
      case 'union':
        return step.paths.flatMap(path => this.#path(input, path))
      case 'slice':
        return slice(input, step)
      case 'filter':
        return this.#filter(input, step)
      default:
        return this.#keyword(input, step.word)
    }
  }

  #keyword(input: unknown[], word: string): unknown[] {
    if (word === 'range') {
      this.#begun++
      return input
    }
    if (word !== 'end') throw new JsonPathError(`unrecognized identifier ${word}`)
    if (this.#depth === 0) throw new JsonPathError('not in range, nothing to end')
    this.#ended++
    return []
  }

  #field(input: unknown[], name: string): unknown[] {
    if (input.length === 0) return []
    const found = input.flatMap(value => (isMap(value) && Object.hasOwn(value, name) ? [value[name]] : []))
    if (found.length === 0 && !this.#allowMissing) throw new JsonPathError(`${name} is not found`)
    return found
  }

  #filter(input: unknown[], { left, operator, right }: Step & { type: 'filter' }): unknown[] {
    const found: unknown[] = []
    for (const list of input) {
      if (!Array.isArray(list)) {
        throw new JsonPathError(`${goText(list)} is not array or slice and cannot be filtered`)
      }
      for (const item of list) {
        if (operator === 'exists') {
          if (this.#exists(item, left)) found.push(item)
          continue
        }
        const a = this.#single(item, left)
        if (a.length === 0) continue
        const b = this.#single(item, right)
        if (b.length > 0 && compare(a[0], operator, b[0])) found.push(item)
      }
    }
    return found
  }

  #exists(item: unknown, path: Path): boolean {
    try {
      return this.#path([item], path).length > 0
    } catch (error) {
      if (error instanceof JsonPathError) return false
      throw error
    }
  }

  #single(item: unknown, path: Path): unknown[] {
    const values = this.#path([item], path)
    if (values.length > 1) throw new JsonPathError('can only compare one element at a time')
    return values
  }
}

function slice(input: unknown[], { from, to, step, isIndex }: Step & { type: 'slice' }): unknown[] {
  const found: unknown[] = []
  for (const list of input) {
    if (list === null || list === undefined) continue
    if (!Array.isArray(list)) throw new JsonPathError(`${goTypeOf(list)} is not array or slice`)
    const { length } = list
    const begin = from === undefined ? 0 : from < 0 ? from + length : from
    const given = isIndex ? (from ?? 0) + 1 : to
    const end = given === undefined ? length : given < 0 || (given === 0 && isIndex) ? given + length : given
    if (begin === end) return found
    if (begin >= length || begin < 0) throw outOfBounds(begin, length)
    if (end > length || end < 0) throw outOfBounds(end - 1, length)
    if (begin > end) throw new JsonPathError(`starting index ${begin} is greater than ending index ${end}`)
    if (step !== undefined && step <= 0) throw new JsonPathError('step must be > 0')
    for (let i = begin; i < end; i += step ?? 1) found.push(list[i])
  }
  return found
}

function outOfBounds(index: number, length: number): JsonPathError {
  return new JsonPathError(`array index out of bounds: index ${index}, length ${length}`)
}

function descendants(input: unknown[]): unknown[] {
  return input.flatMap(value => {
    const children = childrenOf(value)
    return children.length > 0 ? [value, ...descendants(children)] : []
  })
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  // Go visits maps in no order; here it is that in which the keys stand.
  return isMap(value) ? Object.values(value) : []
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (typeof left !== typeof right) {
    if (!/^([<>]=?|[=!]=)$/.test(operator)) throw new JsonPathError(`unrecognized filter operator ${operator}`)
    throw new JsonPathError('incompatible types for comparison')
  }
  const [a, b] = [left as string, right as string]
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`)
  }
}

function bound(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}

/** Resolves backslash escapes of a Go string; undefined when one is unknown. */
function unquote(text: string): string | undefined {
  if (!text.includes('\\')) return text
  const simple: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    '"': '"',
    "'": "'",
  }
  let isValid = true
  const result = text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.?)/gs, (_, code: string) => {
    if (code.length === 1 || code === '') {
      const char = simple[code]
      if (char === undefined) isValid = false
      return char ?? ''
    }
    return String.fromCodePoint(/^\d/.test(code) ? Number.parseInt(code, 8) : Number.parseInt(code.slice(1), 16))
  })
  return isValid ? result : undefined
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWordCharacter(char: string): boolean {
  return /[\p{L}\p{Nd}_]/u.test(char)
}

function isTerminator(char: string): boolean {
  return char === '' || ' \t\r\n.,[]$@{}'.includes(char)
}

function goTypeOf(value: unknown): string {
  if (isMap(value)) return 'map[string]interface {}'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  return Number.isInteger(value) ? 'int64' : 'float64'
}
