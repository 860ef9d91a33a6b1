import { resolveScalar } from './resolve.ts'
import { type Mark, Scanner, type Token } from './scanner.ts'
import { YamlError } from './yamlError.ts'

/** Says what a scalar means. */
export type ScalarResolution = (text: string, tag: Token | undefined, isPlain: boolean) => unknown

/** Reads the first document of a YAML text as the JSON value that kubectl makes of it; undefined when there is none. */
export function parseYaml(text: string, resolve: ScalarResolution = resolveScalar): unknown {
  const parser = new Parser(new Scanner(text), resolve)
  return parser.document()
}

class Parser {
  readonly #scanner: Scanner
  readonly #resolve: ScalarResolution
  readonly #anchors = new Map<string, unknown>()

  constructor(scanner: Scanner, resolve: ScalarResolution) {
    this.#scanner = scanner
    this.#resolve = resolve
  }

  document(): unknown {
    while (this.#scanner.peek().type === 'document end') this.#scanner.next()
    let hasDirective = false
    for (; this.#scanner.peek().type === 'directive'; this.#scanner.next()) hasDirective = true
    const first = this.#scanner.peek()
    if (first.type === 'stream end' && !hasDirective) return undefined
    if (first.type === 'document start') {
      this.#scanner.next()
      const content = this.#scanner.peek().type
      if (['directive', 'document start', 'document end', 'stream end'].includes(content)) return null
    } else if (hasDirective) this.#fail('did not find expected <document start>', first.mark, first.mark)
    return this.#node(true)
  }

  #fail(problem: string, context: Mark, mark: Mark): never {
    throw new YamlError(problem, { kind: 'parser', context: context.line, problem: mark.line })
  }

  #node(isBlock: boolean, isIndentless = false): unknown {
    const start = this.#scanner.peek().mark
    if (this.#scanner.peek().type === 'alias') {
      const name = this.#scanner.next().value!
      if (!this.#anchors.has(name)) throw new YamlError(`unknown anchor '${name}' referenced`)
      return this.#anchors.get(name)
    }
    let anchor: string | undefined
    let tag: Token | undefined
    for (let more = true; more; ) {
      const { type } = this.#scanner.peek()
      if (type === 'anchor' && anchor === undefined) anchor = this.#scanner.next().value
      else if (type === 'tag' && !tag) tag = this.#scanner.next()
      else more = false
    }
    const value = this.#content(isBlock, isIndentless, start, tag, anchor !== undefined)
    if (anchor !== undefined) this.#anchors.set(anchor, value)
    return value
  }

  #content(isBlock: boolean, isIndentless: boolean, start: Mark, tag: Token | undefined, hasAnchor: boolean): unknown {
    const token = this.#scanner.peek()
    if (isIndentless && token.type === 'block entry') return this.#sequence(token.mark, false)
    switch (token.type) {
      case 'scalar':
        this.#scanner.next()
        return this.#resolve(token.value!, tag, token.isPlain === true)
      case '[':
        return this.#flowSequence()
      case '{':
        return this.#flowMapping()
      case 'block sequence start':
        if (isBlock) return this.#sequence(this.#scanner.next().mark, true)
        break
      case 'block mapping start':
        if (isBlock) return this.#mapping(this.#scanner.next().mark)
        break
      default:
    }
    if (tag || hasAnchor) return this.#resolve('', tag, !tag)
    this.#fail('did not find expected node content', start, token.mark)
  }

  #sequence(start: Mark, hasEnd: boolean): unknown[] {
    const items: unknown[] = []
    while (this.#scanner.peek().type === 'block entry') {
      this.#scanner.next()
      const { type } = this.#scanner.peek()
      const isEmpty =
        type === 'block entry' || type === 'block end' || (!hasEnd && (type === 'key' || type === 'value'))
      items.push(isEmpty ? null : this.#node(true))
    }
    if (!hasEnd) return items
    const end = this.#scanner.next()
    if (end.type !== 'block end') this.#fail("did not find expected '-' indicator", start, end.mark)
    return items
  }

  #mapping(start: Mark): Record<string, unknown> {
    const pairs: [key: unknown, value: unknown][] = []
    for (;;) {
      const token = this.#scanner.next()
      if (token.type === 'block end') return mapOf(pairs)
      if (token.type !== 'key') this.#fail('did not find expected key', start, token.mark)
      const key = this.#isNext('key', 'value', 'block end') ? null : this.#node(true, true)
      let value: unknown = null
      if (this.#isNext('value')) {
        this.#scanner.next()
        if (!this.#isNext('key', 'value', 'block end')) value = this.#node(true, true)
      }
      pairs.push([key, value])
    }
  }

  #isNext(...types: Token['type'][]): boolean {
    return types.includes(this.#scanner.peek().type)
  }

  #flowSequence(): unknown[] {
    const start = this.#scanner.next().mark
    const items: unknown[] = []
    for (let isFirst = true; !this.#isNext(']'); isFirst = false) {
      if (!isFirst) this.#flowEntry("did not find expected ',' or ']'", start)
      if (this.#isNext(']')) break
      if (this.#isNext('key')) {
        this.#scanner.next()
        items.push(mapOf([this.#flowPair('flow entry', ']')]))
      } else items.push(this.#node(false))
    }
    this.#scanner.next()
    return items
  }

  #flowMapping(): Record<string, unknown> {
    const start = this.#scanner.next().mark
    const pairs: [key: unknown, value: unknown][] = []
    for (let isFirst = true; !this.#isNext('}'); isFirst = false) {
      if (!isFirst) this.#flowEntry("did not find expected ',' or '}'", start)
      if (this.#isNext('}')) break
      if (this.#isNext('key')) {
        this.#scanner.next()
        pairs.push(this.#flowPair('flow entry', '}'))
      } else pairs.push([this.#node(false), null])
    }
    this.#scanner.next()
    return mapOf(pairs)
  }

  #flowEntry(problem: string, start: Mark): void {
    const token = this.#scanner.peek()
    if (token.type !== 'flow entry') this.#fail(problem, start, token.mark)
    this.#scanner.next()
  }

  #flowPair(...ends: Token['type'][]): [key: unknown, value: unknown] {
    const key = this.#isNext('value', ...ends) ? null : this.#node(false)
    if (!this.#isNext('value')) return [key, null]
    this.#scanner.next()
    return [key, this.#isNext(...ends) ? null : this.#node(false)]
  }
}

/** Later keys win; `<<` fills in what the mapping itself does not say. */
function mapOf(pairs: readonly (readonly [key: unknown, value: unknown])[]): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (const [key, value] of pairs) {
    if (key === mergeKey) for (const source of [value].flat()) Object.assign(map, source)
  }
  for (const [key, value] of pairs) if (key !== mergeKey) map[keyText(key, value)] = value
  return map
}

const mergeKey = '<<'

function keyText(key: unknown, value: unknown): string {
  if (key === null) {
    throw new Error(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${JSON.stringify(value)}`)
  }
  if (typeof key === 'object') throw new YamlError('invalid map key')
  return String(key)
}
