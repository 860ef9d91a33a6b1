import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/fieldError.ts'
import { isJsonObject, type JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { validateValue } from '../../api/jsonSchema/validate.ts'
import { checkRules } from './rules.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']

// What OpenAPI or JSON schema know and definitions may not use, with the words of the refusal.
const unsupported: Readonly<Record<string, string>> = {
  $ref: '$ref is not supported',
  additionalItems: 'additionalItems is not supported',
  definitions: 'definitions is not supported',
  dependencies: 'dependencies is not supported',
  id: 'id is not supported',
  patternProperties: 'patternProperties is not supported',
}

/** What is wrong with the schema of a definition (k8s.io/apiextensions-apiserver, validation and structural schemas). */
export function validateSchema(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'))
  checkWords(schema, path, errors)
  if (errors.length > 0) return errors
  if (!schema.type) errors.push(required(`${path}.type`, 'must not be empty at the root'))
  else if (schema.type !== 'object') errors.push(invalid(`${path}.type`, schema.type, 'must be object at the root'))
  checkStructure(schema, path, true, errors)
  checkCompleteness(schema, path, errors)
  checkDefaults(schema, path, errors)
  if (errors.length === 0) errors.push(...checkRules(schema, path))
  return errors
}

type Visit = (schema: JsonSchema, path: string, what: 'fields' | 'items') => void

/** The schemas of the parts of a value. */
function eachPart(schema: JsonSchema, path: string, visit: Visit): void {
  const { properties = {}, additionalProperties, items } = schema
  if (isJsonObject(additionalProperties)) visit(additionalProperties, `${path}.additionalProperties`, 'fields')
  for (const name of Object.keys(properties).sort()) visit(properties[name]!, `${path}.properties[${name}]`, 'fields')
  if (items) visit(items, `${path}.items`, 'items')
}

/** The schemas that say more of the same value. */
function eachAlternative(schema: JsonSchema, path: string, visit: (schema: JsonSchema, path: string) => void): void {
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const)
    for (const [index, one] of (schema[name] ?? []).entries()) visit(one, `${path}.${name}[${index}]`)
  if (schema.not) visit(schema.not, `${path}.not`)
}

function checkWords(schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { type, properties = {}, additionalProperties, items, uniqueItems } = schema
  for (const [word, text] of Object.entries(unsupported))
    if ((schema as Readonly<Record<string, unknown>>)[word] !== undefined)
      errors.push(forbidden(`${path}.${word}`, text))
  if (type === 'null')
    errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'))
  else if (type && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types))
  if (Array.isArray(items)) errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'))
  if (uniqueItems)
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  const isClosed = additionalProperties === false || isJsonObject(additionalProperties)
  if (isClosed && Object.keys(properties).length > 0)
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  if (!Array.isArray(items)) {
    checkListType(schema, path, errors)
    eachPart(schema, path, (inner, at) => checkWords(inner, at, errors))
  }
  eachAlternative(schema, path, (inner, at) => checkWords(inner, at, errors))
}

function checkListType(schema: JsonSchema, path: string, errors: FieldError[]): void {
  const { type, items, 'x-kubernetes-list-type': listType, 'x-kubernetes-list-map-keys': keys = [] } = schema
  const at = `${path}.x-kubernetes-list-type`
  if (keys.length > 0 && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(listType === undefined ? required(at, text) : invalid(at, listType, text))
  }
  if (listType === undefined) return
  if (!['atomic', 'set', 'map'].includes(listType)) errors.push(notSupported(at, listType, ['atomic', 'set', 'map']))
  if (type !== 'array') {
    const text = 'must be array if x-kubernetes-list-type is specified'
    errors.push(type ? invalid(`${path}.type`, type, text) : required(`${path}.type`, text))
    return
  }
  if (!items) {
    if (listType !== 'atomic')
      errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is "map" or "set"'))
    return
  }
  if (listType === 'map') checkMapKeys(items, keys, path, errors)
}

function checkMapKeys(items: JsonSchema, keys: readonly string[], path: string, errors: FieldError[]): void {
  if (items.type !== 'object')
    errors.push(
      invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"),
    )
  const at = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'))
  for (const [index, key] of keys.entries()) {
    const property = items.properties?.[key]
    if (!property) errors.push(invalid(`${at}[${index}]`, key, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object')
      errors.push(
        invalid(
          `${path}.items.properties[${key}].type`,
          property.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      )
    else if (property.default === undefined && !items.required?.includes(key))
      errors.push(
        required(
          `${path}.items.properties[${key}].default`,
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      )
  }
}

function checkStructure(schema: JsonSchema, path: string, isRoot: boolean, errors: FieldError[]): void {
  const { type, items, properties = {}, additionalProperties } = schema
  const isOpen = schema['x-kubernetes-preserve-unknown-fields']
  if (schema['x-kubernetes-int-or-string'] && type)
    errors.push(invalid(`${path}.type`, type, 'must be empty if x-kubernetes-int-or-string is true'))
  if (type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'))
  if (schema['x-kubernetes-embedded-resource']) {
    if (type !== 'object')
      errors.push(invalid(`${path}.type`, type ?? '', 'must be object if x-kubernetes-embedded-resource is true'))
    if (additionalProperties !== undefined)
      errors.push(
        forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'),
      )
    if (!isOpen && Object.keys(properties).length === 0)
      errors.push(
        required(
          `${path}.properties`,
          'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
        ),
      )
  }
  if (isRoot || schema['x-kubernetes-embedded-resource']) checkIdentity(properties, path, errors)
  eachPart(schema, path, (inner, at, what) => {
    if (!inner.type && !inner['x-kubernetes-int-or-string'] && !inner['x-kubernetes-preserve-unknown-fields'])
      errors.push(
        required(`${at}.type`, `must not be empty for specified ${what === 'items' ? 'array items' : 'object fields'}`),
      )
    checkStructure(inner, at, false, errors)
  })
  eachAlternative(schema, path, (inner, at) => checkAlternative(inner, at, errors))
}

/** Every object has these already, so that a schema may say little of them. */
function checkIdentity(properties: Readonly<Record<string, JsonSchema>>, path: string, errors: FieldError[]): void {
  for (const name of ['apiVersion', 'kind'] as const) {
    const type = properties[name]?.type
    if (properties[name] && type !== 'string')
      errors.push(invalid(`${path}.properties[${name}].type`, type ?? '', 'must be string'))
  }
  const metadata = properties['metadata']
  if (!metadata) return
  const at = `${path}.properties[metadata]`
  if (metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'))
  const others = Object.keys(metadata.properties ?? {}).filter(name => name !== 'name' && name !== 'generateName')
  if (others.length > 0)
    errors.push(
      forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'),
    )
}

/** Alternatives may check values, and not say what there is. */
function checkAlternative(schema: JsonSchema, path: string, errors: FieldError[]): void {
  for (const word of ['type', 'title', 'description', 'default', 'nullable'] as const)
    if (schema[word] !== undefined && !(word === 'type' && isPartOfIntOrString(path)))
      errors.push(forbidden(`${path}.${word}`, 'must be empty to be structural'))
  if (schema.additionalProperties !== undefined)
    errors.push(forbidden(`${path}.additionalProperties`, 'must be empty to be structural'))
  eachPart(schema, path, (inner, at) => checkAlternative(inner, at, errors))
  eachAlternative(schema, path, (inner, at) => checkAlternative(inner, at, errors))
}

// `anyOf: [{type: integer}, {type: string}]` is how int-or-string has been written for long.
function isPartOfIntOrString(path: string): boolean {
  return /\.anyOf\[[01]\]$/.test(path)
}

/** What alternatives speak of must be said outside of them too. */
function checkCompleteness(schema: JsonSchema, path: string, errors: FieldError[]): void {
  eachAlternative(schema, '', (inner, at) => requireOutside(inner, schema, path, at.slice(1), errors))
  eachPart(schema, path, (inner, at) => checkCompleteness(inner, at, errors))
}

function requireOutside(inner: JsonSchema, outer: JsonSchema, path: string, from: string, errors: FieldError[]): void {
  for (const name of Object.keys(inner.properties ?? {}).sort()) {
    const at = `${path}.properties[${name}]`
    const origin = `${from}.properties[${name}]`
    const counterpart = outer.properties?.[name]
    if (counterpart) requireOutside(inner.properties![name]!, counterpart, at, origin, errors)
    else if (!outer['x-kubernetes-preserve-unknown-fields'] || !outer.properties)
      errors.push(required(at, `because it is defined in ${origin}`))
  }
  if (inner.items) {
    if (outer.items) requireOutside(inner.items, outer.items, `${path}.items`, `${from}.items`, errors)
    else errors.push(required(`${path}.items`, `because it is defined in ${from}.items`))
  }
  eachAlternative(inner, from, (one, at) => requireOutside(one, outer, path, at, errors))
}

function checkDefaults(schema: JsonSchema, path: string, errors: FieldError[]): void {
  if (schema.default !== undefined) errors.push(...validateValue(schema.default, schema, `${path}.default`))
  eachPart(schema, path, (inner, at) => checkDefaults(inner, at, errors))
}
