import { Failure } from '../failure.ts'
import { type OpenApiDocument, resolved, type Schema, valuesOf } from './openApi.ts'
import { indented, wrapWords } from './wordWrap.ts'

/** How wide the text of an explanation is. */
const width = 76
/** So many of a field's values are listed in one line. */
const shownValues = 4

/** Writes what a type or a field of it is. */
export class Explanation {
  readonly #document: OpenApiDocument
  readonly #isRecursive: boolean

  constructor(document: OpenApiDocument, isRecursive: boolean) {
    this.#document = document
    this.#isRecursive = isRecursive
  }

  /** The explanation of what a path of fields leads to. */
  of(schema: Schema, path: readonly string[]): string {
    const text = this.#follow(schema, path, new Set())
    if (text === '') throw new Failure(`field ${JSON.stringify(path.at(-1))} does not exist`)
    return text
  }

  #follow(schema: Schema, path: readonly string[], seen: ReadonlySet<string>): string {
    const target = resolved(this.#document, schema)
    const [name, ...rest] = path
    if (name === undefined) return this.#detail(target)
    if (schema.$ref && seen.has(schema.$ref)) return ''
    const history = schema.$ref ? new Set([...seen, schema.$ref]) : seen
    const field = target.properties?.[name]
    if (field) {
      const title = rest.length > 0 ? '' : `FIELD: ${name} <${this.#typeOf(field)}>\n${longEnum(field)}\n\n`
      const text = this.#follow(field, rest, new Set())
      return text && title + text
    }
    const inner = target.items ?? valuesOf(target)
    if (inner) return this.#follow(inner, path, history)
    for (const each of target.allOf ?? []) {
      const text = this.#follow(each, path, history)
      if (text) return text
    }
    return ''
  }

  #detail(schema: Schema): string {
    const description = indented(wrapWords(this.#description(schema) || '<empty>', width), 4)
    const fields = this.#fields(schema, 1, new Set())
    return `DESCRIPTION:\n${description}\n${fields && `FIELDS:\n${fields}`}`
  }

  /** What a schema says of itself, and then what the types in it say. */
  #description(schema: Schema): string {
    const target = resolved(this.#document, schema)
    const inner = [...(target.allOf ?? []), target.items, valuesOf(target)].filter(each => each !== undefined)
    const own = target.description ? `${target.description}\n` : ''
    return own + inner.map(each => this.#description(each)).join('')
  }

  #fields(schema: Schema, level: number, seen: ReadonlySet<string>): string {
    if (schema.$ref && seen.has(schema.$ref)) return ''
    const history = schema.$ref ? new Set([...seen, schema.$ref]) : seen
    const target = resolved(this.#document, schema)
    let text = ''
    for (const [name, field] of Object.entries(target.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
      text += this.#field(name, field, target.required?.includes(name) ?? false, level)
      if (this.#isRecursive) text += this.#fields(field, level + 1, history)
    }
    for (const inner of [...(target.allOf ?? []), target.items, valuesOf(target)]) {
      if (inner) text += this.#fields(inner, level, history)
    }
    return text
  }

  #field(name: string, schema: Schema, isRequired: boolean, level: number): string {
    const indent = level * 2
    const title = `${' '.repeat(indent)}${name}\t<${this.#typeOf(schema)}>${isRequired ? ' -required-' : ''}`
    const head = `${title}${shortEnum(schema, indent)}\n`
    if (this.#isRecursive) return head
    const words = wrapWords(schema.description || '<no description>', width + 2 - indent)
    return `${head}${indented(words, indent + 2)}\n\n`
  }

  #typeOf(schema: Schema): string {
    const values = valuesOf(schema)
    if (schema.items) return `[]${this.#typeOf(schema.items)}`
    if (values) return `map[string]${this.#typeOf(values)}`
    if (schema.allOf?.length === 1 && !schema.properties) return this.#typeOf(schema.allOf[0]!)
    if (schema.$ref) {
      const { type } = resolved(this.#document, schema)
      return type && type !== 'object' ? type : schema.$ref.split(/[/.]/).at(-1)!
    }
    return !schema.type || schema.type === 'object' ? 'Object' : schema.type
  }
}

function shown(value: unknown): string {
  return value === '' ? '""' : String(value)
}

function longEnum({ enum: values = [] }: Schema): string {
  return values.length > 0 ? `ENUM:${values.map(value => `\n    ${shown(value)}`).join('')}` : ''
}

function shortEnum({ enum: values = [] }: Schema, indent: number): string {
  if (values.length === 0) return ''
  const more = values.length > shownValues ? ', ....' : ''
  return `\n${' '.repeat(indent)}enum: ${values.slice(0, shownValues).map(shown).join(', ')}${more}`
}
