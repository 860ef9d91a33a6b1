import { corruptByte } from '../../cluster/api/base64.ts'
import { formatGo, goText, goTypeName, printGo } from './goFormat.ts'
import { GoTemplateError, type Operand, type Part, type Pipeline, parseTemplate } from './goTemplateSyntax.ts'

/** A Go template, ready to be used on objects. */
export interface GoTemplate {
  format(data: unknown): string
}

/** Reads a template; missing keys are `<no value>`, or an error when `allowMissing` is false. */
export function parseGoTemplate(text: string, options: { name: string; allowMissing: boolean }): GoTemplate {
  const { parts, defined } = parseTemplate(text, options.name, word => Object.hasOwn(functions, word))
  return { format: data => new Run(options, defined, data).parts(parts, data) }
}

/** What stands for a key that is missing. */
const nothing = Symbol('no value')

/** How a `{{break}}` or `{{continue}}` leaves the parts around it. */
class Jump {
  readonly kind: 'break' | 'continue'
  readonly text: string
  constructor(kind: 'break' | 'continue', text: string) {
    this.kind = kind
    this.text = text
  }
}

class Run {
  readonly #options: { name: string; allowMissing: boolean }
  readonly #defined: ReadonlyMap<string, readonly Part[]>
  readonly #variables: { name: string; value: unknown }[]

  constructor(
    options: { name: string; allowMissing: boolean },
    defined: ReadonlyMap<string, readonly Part[]>,
    data: unknown,
  ) {
    this.#options = options
    this.#defined = defined
    this.#variables = [{ name: '$', value: data }]
  }

  parts(parts: readonly Part[], dot: unknown): string {
    let out = ''
    for (const part of parts) {
      try {
        out += this.#part(part, dot)
      } catch (jump) {
        throw jump instanceof Jump ? new Jump(jump.kind, out + jump.text) : jump
      }
    }
    return out
  }

  #part(part: Part, dot: unknown): string {
    switch (part.type) {
      case 'text':
        return part.text
      case 'print': {
        const value = this.#pipeline(part.pipeline, dot)
        return part.pipeline.declares.length > 0 ? '' : shownValue(value)
      }
      case 'template': {
        const inner = this.#defined.get(part.name)
        if (!inner)
          throw new GoTemplateError(
            `template: ${this.#options.name}: template ${JSON.stringify(part.name)} not defined`,
          )
        const value = part.pipeline ? this.#pipeline(part.pipeline, dot) : undefined
        return new Run(this.#options, this.#defined, value).parts(inner, value)
      }
      case 'break':
      case 'continue':
        throw new Jump(part.type, '')
      default:
        return this.#branch(part, dot)
    }
  }

  #branch(part: Extract<Part, { then: unknown }>, dot: unknown): string {
    const depth = this.#variables.length
    const value = this.#pipeline(part.pipeline, dot)
    let out: string
    if (part.type === 'range') out = this.#range(part, value, dot)
    else if (isTrue(value)) out = this.parts(part.then, part.type === 'with' ? value : dot)
    else out = this.parts(part.otherwise, dot)
    this.#variables.length = depth
    return out
  }

  #range(part: Extract<Part, { then: unknown }>, value: unknown, dot: unknown): string {
    const items = itemsOf(value)
    if (!items) throw new GoTemplateError(`template: ${this.#options.name}: range can't iterate over ${goText(value)}`)
    if (items.length === 0) return this.parts(part.otherwise, dot)
    const { declares } = part.pipeline
    let out = ''
    for (const [key, item] of items) {
      const depth = this.#variables.length
      if (declares.length > 0) this.#variables.push({ name: declares.at(-1)!, value: item })
      if (declares.length > 1) this.#variables.push({ name: declares[0]!, value: key })
      try {
        out += this.parts(part.then, item)
      } catch (jump) {
        if (!(jump instanceof Jump)) throw jump
        out += jump.text
        if (jump.kind === 'break') break
      } finally {
        this.#variables.length = depth
      }
    }
    return out
  }

  #pipeline({ commands, declares, isAssignment }: Pipeline, dot: unknown): unknown {
    let value: unknown = nothing
    for (const [i, command] of commands.entries()) value = this.#command(command, dot, i > 0, value)
    for (const name of declares.slice(-1)) {
      const known = this.#variables.findLast(variable => variable.name === name)
      if (isAssignment && known) known.value = value
      else this.#variables.push({ name, value })
    }
    return value
  }

  #command(command: readonly Operand[], dot: unknown, isFed: boolean, fed: unknown): unknown {
    const [first, ...rest] = command as [Operand, ...Operand[]]
    if (first.type !== 'call') {
      if (rest.length > 0 || isFed) this.#fail(first, `can't give argument to non-function ${first.text}`)
      return this.#operand(first, dot)
    }
    const lazy = rest.map(operand => () => this.#operand(operand, dot))
    const args = isFed ? [...lazy, () => fed] : lazy
    return this.#call({ ...first, text: command.map(operand => operand.text).join(' ') }, args)
  }

  #call(operand: Operand, args: readonly (() => unknown)[]): unknown {
    const name = operand.name!
    // `and` and `or` look at their arguments only as far as they must.
    if (name === 'and' || name === 'or') {
      let value: unknown
      for (const arg of args) {
        value = arg()
        if (isTrue(value) === (name === 'or')) break
      }
      return value
    }
    const wanted = argumentCounts[name]
    if (wanted !== undefined && args.length !== wanted) {
      this.#fail({ ...operand, text: name }, `wrong number of args for ${name}: want ${wanted} got ${args.length}`)
    }
    try {
      return functions[name]!(args.map(arg => arg()).map(value => (value === nothing ? undefined : value)))
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#fail(operand, `error calling ${name}: ${error.message}`)
    }
  }

  #operand(operand: Operand, dot: unknown): unknown {
    switch (operand.type) {
      case 'dot':
        return this.#fields(operand, dot)
      case 'literal':
        return operand.value
      case 'nil':
        return this.#fail(operand, 'nil is not a command')
      case 'call':
        return this.#call(operand, [])
      case 'pipeline':
        return this.#fields(operand, this.#pipeline(operand.pipeline!, dot))
      default:
    }
    const variable = this.#variables.findLast(({ name }) => name === operand.name)
    if (!variable)
      throw new GoTemplateError(
        `template: ${this.#options.name}:${operand.at.split(':')[0]}: undefined variable "${operand.name}"`,
      )
    return this.#fields(operand, variable.value)
  }

  #fields(operand: Operand, start: unknown): unknown {
    let value = start
    for (const field of operand.fields) {
      if (value === nothing) {
        if (!this.#options.allowMissing) this.#fail(operand, `nil data; no entry for key ${JSON.stringify(field)}`)
        continue
      }
      if (value === null || value === undefined) this.#fail(operand, `nil pointer evaluating interface {}.${field}`)
      if (typeof value !== 'object' || Array.isArray(value)) {
        this.#fail(
          operand,
          `can't evaluate field ${field} in type ${Array.isArray(value) ? '[]interface {}' : 'interface {}'}`,
        )
      }
      const map = value as Record<string, unknown>
      if (Object.hasOwn(map, field)) value = map[field]
      else if (this.#options.allowMissing) value = nothing
      else this.#fail(operand, `map has no entry for key ${JSON.stringify(field)}`)
    }
    return value
  }

  #fail(operand: Operand, reason: string): never {
    const { name } = this.#options
    throw new GoTemplateError(
      `template: ${name}:${operand.at}: executing ${JSON.stringify(name)} at <${operand.text}>: ${reason}`,
    )
  }
}

class CallError extends Error {}

type GoFunction = (args: unknown[]) => unknown

const functions: Readonly<Record<string, GoFunction>> = {
  and: args => args.at(-1),
  or: args => args.at(-1),
  not: ([value]) => !isTrue(value),
  len: ([value]) => {
    if (typeof value === 'string') return new TextEncoder().encode(value).length
    const items = itemsOf(value)
    if (!items || typeof value === 'number') throw new CallError(`len of type ${goTypeName(value)}`)
    return items.length
  },
  index: ([start, ...keys]) => keys.reduce(indexed, start),
  slice: ([value, from, to]) => (value as string).slice(Number(from ?? 0), to === undefined ? undefined : Number(to)),
  print: args => printGo(args),
  println: args => `${args.map(goText).join(' ')}\n`,
  printf: ([format, ...args]) => formatGo(String(format), args),
  html: args => printGo(args).replace(/[&<>"']/g, char => htmlEscapes[char]!),
  js: args => jsText(printGo(args)),
  urlquery: args => encodeURIComponent(printGo(args)).replaceAll('%20', '+'),
  eq: ([first, ...others]) => others.some(other => equals(first, other)),
  ne: ([a, b]) => !equals(a, b),
  lt: ([a, b]) => isLess(a, b),
  le: ([a, b]) => isLess(a, b) || equals(a, b),
  gt: ([a, b]) => !isLess(a, b) && !equals(a, b),
  ge: ([a, b]) => !isLess(a, b),
  exists: ([start, ...keys]) => {
    let value = start
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, String(key))) return false
      value = (value as Record<string, unknown>)[String(key)]
    }
    return true
  },
  base64decode: ([value]) => {
    const text = String(value).replace(/[\r\n]/g, '')
    const corrupt = corruptByte(text)
    if (corrupt !== undefined) throw new CallError(`base64 decode failed: illegal base64 data at input byte ${corrupt}`)
    const bytes = Uint8Array.from(atob(text), char => char.charCodeAt(0))
    return new TextDecoder('utf-8').decode(bytes)
  },
}

/** How many arguments functions take that are particular about it. */
const argumentCounts: Readonly<Record<string, number>> = {
  not: 1,
  len: 1,
  ne: 2,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  base64decode: 1,
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

function jsText(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1)
  return inner.replace(/['<>&=]/g, char =>
    char === "'" ? "\\'" : `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function indexed(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) throw new CallError('index of untyped nil')
  if (Array.isArray(value)) {
    const at = Number(key)
    if (typeof key !== 'number') throw new CallError(`cannot index slice/array with type ${goTypeName(key)}`)
    if (at < 0 || at >= value.length) throw new CallError(`index out of range: ${at}`)
    return value[at]
  }
  if (typeof value !== 'object') throw new CallError(`can't index item of type ${goTypeName(value)}`)
  if (typeof key !== 'string') throw new CallError(`value has type ${goTypeName(key)}; should be string`)
  return (value as Record<string, unknown>)[key] ?? nothing
}

function equals(a: unknown, b: unknown): boolean {
  if (a !== undefined && b !== undefined && typeof a !== typeof b)
    throw new CallError('incompatible types for comparison')
  if (typeof a === 'object' && a !== null) throw new CallError('non-comparable types')
  return a === b
}

function isLess(a: unknown, b: unknown): boolean {
  if (typeof a !== typeof b) throw new CallError('incompatible types for comparison')
  if (!['string', 'number'].includes(typeof a)) throw new CallError('invalid type for comparison')
  return (a as string) < (b as string)
}

function isTrue(value: unknown): boolean {
  if (value === nothing || value === null || value === undefined) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'object' ? Object.keys(value).length > 0 : Boolean(value)
}

/** Keys and values to repeat over; maps in the order of their keys. */
function itemsOf(value: unknown): [key: unknown, item: unknown][] | undefined {
  if (value === nothing || value === null || value === undefined) return []
  if (Array.isArray(value)) return value.map((item, i) => [i, item])
  if (typeof value === 'number') return Array.from({ length: value }, (_, i) => [i, i])
  if (typeof value !== 'object') return undefined
  const map = value as Record<string, unknown>
  return Object.keys(map)
    .sort()
    .map(key => [key, map[key]])
}

function shownValue(value: unknown): string {
  return value === nothing || value === null || value === undefined ? '<no value>' : goText(value)
}
