import { type JsonSchema, schemaOfOthers } from '../jsonSchema/jsonSchema.ts'
import { functionNamed, methodNamed } from './functions.ts'
import { CelSyntaxError, type Expression } from './syntax.ts'
import { escapeName } from './values.ts'

/** What is known of a variable before it has a value: its schema, or nothing. */
export type Known = ReadonlyMap<string, JsonSchema | undefined>

const typeNames = new Set(['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'])

// Simplified: names, functions and fields are checked before the first run, types are not.
/** Refuses an expression that names what is not there; throws a CelSyntaxError. */
export function checkCel(expression: Expression, source: string, known: Known): void {
  schemaOf(expression, source, known)
}

/** The schema of an expression's value, as far as it can be told. */
function schemaOf(expression: Expression, source: string, known: Known): JsonSchema | undefined {
  const inside = (inner: Expression) => schemaOf(inner, source, known)
  const refuse = (what: string) => {
    throw new CelSyntaxError(source, expression.at, what)
  }
  switch (expression.type) {
    case 'name':
      if (!known.has(expression.name) && !typeNames.has(expression.name))
        refuse(`undeclared reference to '${expression.name}' (in container '')`)
      return known.get(expression.name)
    case 'field': {
      const schema = inside(expression.target)
      const found = schema && fieldOf(schema, expression.name)
      if (found === null) refuse(`undefined field '${expression.name}'`)
      return found ?? undefined
    }
    case 'index': {
      const schema = inside(expression.target)
      inside(expression.index)
      return schema && (schema.items ?? schemaOfOthers(schema))
    }
    case 'call': {
      const { target, name, args } = expression
      const isNamespace = target?.type === 'name' && !known.has(target.name)
      const isKnown = isNamespace
        ? functionNamed(`${target.name}.${name}`)
        : (target ? methodNamed : functionNamed)(name)
      if (!isKnown) refuse(`undeclared reference to '${name}' (in container '')`)
      const schema = target && !isNamespace ? inside(target) : undefined
      for (const arg of args) inside(arg)
      return name === 'orValue' || name === 'value' ? schema : undefined
    }
    case 'unary':
      inside(expression.operand)
      return undefined
    case 'binary':
      inside(expression.left)
      inside(expression.right)
      return undefined
    case 'choice':
      inside(expression.condition)
      inside(expression.no)
      return inside(expression.yes)
    case 'list':
      for (const item of expression.items) inside(item)
      return undefined
    case 'map':
      for (const entry of expression.entries) for (const one of entry) inside(one)
      return undefined
    case 'message':
      for (const { value } of expression.fields) inside(value)
      return undefined
    case 'macro': {
      const schema = inside(expression.target)
      const item = schema?.items ?? undefined
      const inner = new Map(known)
      for (const [index, name] of expression.variables.entries())
        inner.set(name, index === expression.variables.length - 1 ? item : undefined)
      for (const body of expression.bodies) schemaOf(body, source, inner)
      return expression.name === 'filter' ? schema : undefined
    }
    default:
      return undefined
  }
}

/** The schema of a field; null when there can be no such field. */
function fieldOf(schema: JsonSchema, name: string): JsonSchema | undefined | null {
  const { properties, additionalProperties } = schema
  for (const [key, property] of Object.entries(properties ?? {})) if (escapeName(key) === name) return property
  if (additionalProperties) return schemaOfOthers(schema)
  if (schema.type !== 'object' || (!properties && schema['x-kubernetes-preserve-unknown-fields'])) return undefined
  if (schema['x-kubernetes-embedded-resource'] && ['apiVersion', 'kind', 'metadata'].includes(name)) return undefined
  return null
}
