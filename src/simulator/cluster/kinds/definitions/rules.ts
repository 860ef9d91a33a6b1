import { compileRule, type Rule } from '../../api/cel/rule.ts'
import { CelSyntaxError } from '../../api/cel/syntax.ts'
import { CelError, celValue, Optional, type Value } from '../../api/cel/values.ts'
import { isEqual } from '../../api/equality.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { isJsonObject, type JsonSchema, schemaOfOthers, type ValidationRule } from '../../api/jsonSchema/jsonSchema.ts'
import { counterpartOf } from '../../api/jsonSchema/lists.ts'
import type { KubernetesObject } from '../../api/object.ts'

/** The rules of a schema and of its parts, ready to be worked out. */
export interface RuleTree {
  readonly schema: JsonSchema
  readonly rules: readonly CompiledRule[]
  readonly properties: ReadonlyMap<string, RuleTree>
  readonly others: RuleTree | undefined
  readonly items: RuleTree | undefined
}

interface CompiledRule {
  readonly rule: ValidationRule
  readonly compiled: Rule
  readonly message: Rule | undefined
  /** Whether it compares a value with what it was. */
  readonly isTransition: boolean
}

const identity: JsonSchema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
  },
}

/** What every object has can be spoken of at the root without being in the schema. */
function withIdentity(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: { ...schema.properties, ...identity.properties } }
}

function compile(
  { rule, messageExpression, optionalOldSelf }: ValidationRule,
  schema: JsonSchema,
): CompiledRule['compiled'][] {
  const known = new Map<string, JsonSchema | undefined>([
    ['self', schema],
    ['oldSelf', optionalOldSelf ? undefined : schema],
  ])
  return [rule, ...(messageExpression ? [messageExpression] : [])].map(source => compileRule(source, known))
}

/** Reads the rules of a schema; undefined where neither it nor its parts have any. */
export function compileRules(root: JsonSchema): RuleTree | undefined {
  return treeOf(withIdentity(root))
}

function treeOf(schema: JsonSchema): RuleTree | undefined {
  const rules = (schema['x-kubernetes-validations'] ?? []).map(rule => {
    const [compiled, message] = compile(rule, schema)
    return { rule, compiled: compiled!, message, isTransition: compiled!.mentions('oldSelf') }
  })
  const properties = new Map<string, RuleTree>()
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const tree = treeOf(schema.properties![name]!)
    if (tree) properties.set(name, tree)
  }
  const inner = schemaOfOthers(schema)
  const others = inner && treeOf(inner)
  const items = schema.items && treeOf(schema.items)
  return rules.length > 0 || properties.size > 0 || others || items
    ? { schema, rules, properties, others, items }
    : undefined
}

/** What is wrong with the rules of a schema themselves. */
export function checkRules(root: JsonSchema, path: string): FieldError[] {
  return checkPart(withIdentity(root), path)
}

function checkPart(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, rule] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const at = `${path}.x-kubernetes-validations[${index}]`
    if (!rule.rule?.trim()) {
      errors.push(required(`${at}.rule`, 'rule is not specified'))
      continue
    }
    try {
      compile(rule, schema)
    } catch (error) {
      if (!(error instanceof CelSyntaxError)) throw error
      errors.push(invalid(`${at}.rule`, rule.rule, `compilation failed: ${error.message}`))
    }
  }
  for (const name of Object.keys(schema.properties ?? {}).sort())
    errors.push(...checkPart(schema.properties![name]!, `${path}.properties[${name}]`))
  const others = schemaOfOthers(schema)
  if (others) errors.push(...checkPart(others, `${path}.additionalProperties`))
  if (schema.items) errors.push(...checkPart(schema.items, `${path}.items`))
  return errors
}

// After these there is too little of an object for rules to make sense: hasBlockingErr of the strategy.
const blocking = new Set(['FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid'])
const unchecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

/** What the rules of a schema say against an object. Simplified: rules may cost whatever they cost. */
export function validateRules(
  tree: RuleTree | undefined,
  object: KubernetesObject,
  previous: KubernetesObject | undefined,
  earlier: readonly FieldError[],
): FieldError[] {
  if (!tree) return []
  if (earlier.some(({ type }) => blocking.has(type))) return [invalid('<nil>', 'null', unchecked)]
  const errors: FieldError[] = []
  check(tree, object, previous, '', errors)
  return errors
}

function check(tree: RuleTree, value: unknown, previous: unknown, path: string, errors: FieldError[]): void {
  if (value === undefined || value === null || (previous !== undefined && isEqual(value, previous))) return
  for (const rule of tree.rules) checkRule(rule, tree.schema, value, previous, path, errors)
  if (Array.isArray(value)) {
    const { items, schema } = tree
    if (items)
      for (const [index, item] of value.entries())
        check(items, item, counterpartOf(item, previous, schema), `${path}[${index}]`, errors)
    return
  }
  if (!isJsonObject(value)) return
  const before = isJsonObject(previous) ? previous : {}
  for (const name of Object.keys(value).sort()) {
    const property = tree.properties.get(name)
    if (property) check(property, value[name], before[name], path ? `${path}.${name}` : name, errors)
    else if (tree.others && !tree.schema.properties?.[name])
      check(tree.others, value[name], before[name], `${path}[${name}]`, errors)
  }
}

function checkRule(
  { rule, compiled, message, isTransition }: CompiledRule,
  schema: JsonSchema,
  value: unknown,
  previous: unknown,
  path: string,
  errors: FieldError[],
): void {
  if (isTransition && previous === undefined && !rule.optionalOldSelf) return
  const scope = new Map<string, Value>([['self', celValue(value, schema)]])
  if (rule.optionalOldSelf)
    scope.set('oldSelf', new Optional(previous === undefined ? undefined : celValue(previous, schema)))
  else if (previous !== undefined) scope.set('oldSelf', celValue(previous, schema))
  const result = compiled.run(scope)
  if (result === true) return
  const at = (path + (rule.fieldPath ?? '')).replace(/^\./, '') || '<nil>'
  if (result instanceof CelError) {
    errors.push(invalid(at, schema.type ?? '', `${result.message} evaluating rule: ${rule.message || rule.rule}`))
    return
  }
  const told = message?.run(scope)
  const text =
    typeof told === 'string' && told.trim() ? told.trim() : rule.message?.trim() || `failed rule: ${rule.rule.trim()}`
  errors.push(refusal(rule.reason, at, schema.type ?? '', text))
}

/** Errors of rules show the type of the value in its place. */
function refusal(reason: string | undefined, path: string, type: string, text: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(path, text)
    case 'FieldValueRequired':
      return required(path, text)
    case 'FieldValueDuplicate':
      return duplicate(path, type)
    default:
      return invalid(path, type, text)
  }
}
