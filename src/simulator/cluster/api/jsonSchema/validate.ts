import { isEqual } from '../equality.ts'
import { type FieldError, invalid, notSupported, required, tooLong, tooMany, typeInvalid } from '../fieldError.ts'
import { formatJsonLine } from '../goJson.ts'
import { hasFormat } from './formats.ts'
import { isJsonObject, type JsonObject, type JsonSchema, schemaOfOthers } from './jsonSchema.ts'
import { counterpartOf } from './lists.ts'

/**
 * What is wrong with a value by its schema. Texts are those of k8s.io/kube-openapi/pkg/validation. Parts that are what
 * they were before stay as they are, whatever the schema says by now.
 */
export function validateValue(value: unknown, schema: JsonSchema, path = '', previous?: unknown): FieldError[] {
  const errors: FieldError[] = []
  checkValue(value, schema, path, errors, previous)
  return errors
}

function checkValue(value: unknown, schema: JsonSchema, path: string, errors: FieldError[], previous?: unknown): void {
  if (previous !== undefined && isEqual(value, previous)) return
  if (!checkType(value, schema, path, errors) || value === null) return
  checkCombinations(value, schema, path, errors)
  if (typeof value === 'string') checkText(value, schema, path, errors)
  if (typeof value === 'number') checkNumber(value, schema, path, errors)
  if (Array.isArray(value)) checkList(value, schema, path, errors, previous)
  checkEnum(value, schema, path, errors)
  if (isJsonObject(value)) checkObject(value, schema, path, errors, previous)
}

function fail(path: string, value: unknown, text: string): FieldError {
  return invalid(path, value, `${path} in body ${text}`)
}

function wrongType(path: string, type: string, actual: string): FieldError {
  return typeInvalid(path, actual, `${path} in body must be of type ${type}: ${JSON.stringify(actual)}`)
}

/** Whether it makes sense to look further. */
function checkType(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): boolean {
  const { type, format } = schema
  if (value === null) {
    if (type && !schema.nullable) errors.push(wrongType(path, type, 'null'))
    return true
  }
  if (!type) return true
  const actual = typeName(value)
  if (actual === type || (actual === 'integer' && type === 'number')) return true
  const hasNumberFormat = format !== undefined && actual !== 'string' && actual !== 'array'
  errors.push(hasNumberFormat ? wrongType(path, format, '') : wrongType(path, type, actual))
  return true
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const intOrString: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }]

function checkCombinations(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const quoted = JSON.stringify(path)
  const outcomes = (schemas: readonly JsonSchema[]) => schemas.map(one => validateValue(value, one, path))
  const anyOf = schema['x-kubernetes-int-or-string'] && !schema.anyOf ? intOrString : schema.anyOf
  if (anyOf?.length) {
    const found = outcomes(anyOf)
    if (!found.some(failures => failures.length === 0))
      errors.push(composite(`${quoted} must validate at least one schema (anyOf)`), ...found[0]!)
  }
  if (schema.oneOf?.length) {
    const found = outcomes(schema.oneOf)
    const fitting = found.filter(failures => failures.length === 0).length
    if (fitting !== 1) {
      const detail = fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`
      errors.push(composite(`${quoted} must validate one and only one schema (oneOf). ${detail}`))
      if (fitting === 0) errors.push(...found[0]!)
    }
  }
  if (schema.allOf?.length) {
    const found = outcomes(schema.allOf)
    for (const failures of found) errors.push(...failures)
    const fitting = found.filter(failures => failures.length === 0).length
    if (fitting < found.length)
      errors.push(
        composite(`${quoted} must validate all the schemas (allOf)${fitting === 0 ? '. None validated' : ''}`),
      )
  }
  if (schema.not && validateValue(value, schema.not, path).length === 0)
    errors.push(composite(`${quoted} must not validate the schema (not)`))
}

/** Errors about several schemas have no field of their own; the server prints an empty path like this. */
function composite(text: string): FieldError {
  return invalid('<nil>', '', text)
}

function checkText(
  value: string,
  { minLength, maxLength, pattern, format, type }: JsonSchema,
  path: string,
  errors: FieldError[],
): void {
  const length = [...value].length
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength))
  else if (minLength !== undefined && length < minLength)
    errors.push(fail(path, value, `should be at least ${minLength} chars long`))
  else if (pattern !== undefined && !compile(pattern).test(value))
    errors.push(fail(path, value, `should match '${pattern}'`))
  if (format !== undefined && (type === 'string' || !type) && !hasFormat(value, format))
    errors.push(typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`))
}

/** Go's regular expressions, as far as JavaScript's say it in other words. */
export function compile(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  const source = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:alnum:]]', '[0-9A-Za-z]')
    .replaceAll('[[:digit:]]', '[0-9]')
    .replaceAll('[[:space:]]', '\\s')
  return new RegExp(source, flags?.[1] ?? '')
}

function checkNumber(value: number, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    errors.push(fail(path, value, `should be a multiple of ${multipleOf}`))
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    errors.push(fail(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`))
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    errors.push(fail(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`))
}

function checkList(
  value: readonly unknown[],
  schema: JsonSchema,
  path: string,
  errors: FieldError[],
  previous: unknown,
): void {
  const { items, minItems, maxItems, uniqueItems } = schema
  if (items)
    for (const [index, item] of value.entries())
      checkValue(item, items, `${path}[${index}]`, errors, counterpartOf(item, previous, schema))
  if (minItems !== undefined && value.length < minItems)
    errors.push(invalid(path, value.length, `${path} in body should have at least ${minItems} items`))
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems))
  if (uniqueItems && value.some((item, index) => value.slice(0, index).some(other => isEqual(item, other))))
    errors.push(invalid(path, '', `${path} in body shouldn't contain duplicates`))
}

function checkEnum(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): void {
  if (!schema.enum?.length || schema.enum.some(allowed => isEqual(allowed, value))) return
  const words = schema.enum.map(allowed => (typeof allowed === 'string' ? allowed : formatJsonLine(allowed)))
  errors.push(notSupported(path, value, words))
}

function checkObject(
  value: JsonObject,
  schema: JsonSchema,
  path: string,
  errors: FieldError[],
  previous: unknown,
): void {
  const { minProperties, maxProperties, properties = {}, required: names = [] } = schema
  const count = Object.keys(value).length
  if (minProperties !== undefined && count < minProperties) {
    errors.push(invalid(path, count, `${path} in body should have at least ${minProperties} properties`))
    return
  }
  if (maxProperties !== undefined && count > maxProperties) {
    errors.push(tooMany(path, count, maxProperties))
    return
  }
  const others = schemaOfOthers(schema)
  const at = (name: string) => (path ? `${path}.${name}` : name)
  for (const name of Object.keys(value).sort()) {
    const inner = properties[name] ?? others
    if (inner) checkValue(value[name], inner, at(name), errors, isJsonObject(previous) ? previous[name] : undefined)
  }
  for (const name of names) if (value[name] === undefined) errors.push(required(at(name)))
}
