import { functionNamed, methodNamed } from './functions.ts'
import type { Expression } from './syntax.ts'
import { CelError, type CelMap, Duration, isEqualValue, Optional, Timestamp, TypeName, type Value } from './values.ts'

/** The variables of an expression by name. */
export type Scope = ReadonlyMap<string, Value>

const typeNames = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type']

/** Works an expression out; throws a CelError in the words of cel-go. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'name': {
      const found = scope.get(expression.name)
      if (found !== undefined) return found
      if (typeNames.includes(expression.name)) return new TypeName(expression.name)
      throw new CelError(`no such attribute(s): ${expression.name}`)
    }
    case 'field':
      return select(expression, scope)
    case 'index':
      return indexed(expression, scope)
    case 'call':
      return call(expression, scope)
    case 'unary': {
      const operand = evaluate(expression.operand, scope)
      if (expression.operator === '!') return !truth(operand)
      if (typeof operand !== 'bigint' && typeof operand !== 'number') throw new CelError('no such overload')
      return -operand
    }
    case 'binary':
      return binary(expression, scope)
    case 'choice':
      return evaluate(truth(evaluate(expression.condition, scope)) ? expression.yes : expression.no, scope)
    case 'list':
      return expression.items.map(item => evaluate(item, scope))
    case 'map':
      return new Map(expression.entries.map(([key, value]) => [evaluate(key, scope) as string, evaluate(value, scope)]))
    case 'message':
      return message(expression, scope)
    case 'macro':
      return macro(expression, scope)
  }
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload')
  return value
}

type FieldExpression = Extract<Expression, { type: 'field' }>

function select({ target, name, isOptional, isTest }: FieldExpression, scope: Scope): Value {
  // Names with dots may be one name: optional.none, ip.isCanonical.
  let object = evaluate(target, scope)
  if (object instanceof Optional) {
    const inner = object.value instanceof Map ? object.value.get(name) : undefined
    return isTest ? inner !== undefined : new Optional(inner)
  }
  if (isOptional && object === null) object = new Map()
  if (!(object instanceof Map)) throw new CelError('no such overload')
  const found = (object as CelMap).get(name)
  if (isTest) return found !== undefined
  if (isOptional) return new Optional(found)
  if (found === undefined) throw new CelError(`no such key: ${name}`)
  return found
}

function indexed({ target, index, isOptional }: Extract<Expression, { type: 'index' }>, scope: Scope): Value {
  const given = evaluate(target, scope)
  const wasOptional = given instanceof Optional
  const object = wasOptional ? given.value : given
  const key = evaluate(index, scope)
  const found = object === undefined ? undefined : itemAt(object, key)
  if (isOptional || wasOptional) return new Optional(found)
  if (found !== undefined) return found
  throw new CelError(Array.isArray(object) ? `index out of bounds: ${String(key)}` : `no such key: ${String(key)}`)
}

function itemAt(object: Value, key: Value): Value | undefined {
  if (Array.isArray(object) && (typeof key === 'bigint' || typeof key === 'number')) return object[Number(key)]
  if (object instanceof Map) return (object as CelMap).get(key as string)
  throw new CelError('no such overload')
}

function call(expression: Extract<Expression, { type: 'call' }>, scope: Scope): Value {
  const { target, name, args } = expression
  // A namespace before the function is part of its name.
  if (target?.type === 'name' && !scope.has(target.name)) {
    const qualified = functionNamed(`${target.name}.${name}`)
    if (qualified) return qualified(...args.map(arg => evaluate(arg, scope)))
  }
  if (target) {
    const method = methodNamed(name)
    if (!method) throw new CelError(`no such overload: ${name}`)
    if (name === 'orValue' || name === 'or') {
      const optional = evaluate(target, scope)
      if (!(optional instanceof Optional)) throw new CelError('no such overload')
      if (optional.value !== undefined) return name === 'or' ? optional : optional.value
      return evaluate(args[0]!, scope)
    }
    return method(evaluate(target, scope), ...args.map(arg => evaluate(arg, scope)))
  }
  const found = functionNamed(name)
  if (!found) throw new CelError(`no such overload: ${name}`)
  return found(...args.map(arg => evaluate(arg, scope)))
}

type BinaryExpression = Extract<Expression, { type: 'binary' }>

function binary(expression: BinaryExpression, scope: Scope): Value {
  const { operator } = expression
  if (operator === '||') return either(expression, scope, true)
  if (operator === '&&') return either(expression, scope, false)
  const left = evaluate(expression.left, scope)
  const right = evaluate(expression.right, scope)
  switch (operator) {
    case '==':
      return isEqualValue(left, right)
    case '!=':
      return !isEqualValue(left, right)
    case 'in':
      if (Array.isArray(right)) return right.some(item => isEqualValue(item, left))
      if (right instanceof Map) return right.has(left)
      throw new CelError('no such overload')
    case '<':
      return order(left, right) < 0
    case '<=':
      return order(left, right) <= 0
    case '>':
      return order(left, right) > 0
    case '>=':
      return order(left, right) >= 0
    default:
      return arithmetic(operator, left, right)
  }
}

/** One side may decide alone, even when the other goes wrong. */
function either({ left, right }: BinaryExpression, scope: Scope, decisive: boolean): boolean {
  let failure: unknown
  for (const side of [left, right]) {
    try {
      if (truth(evaluate(side, scope)) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  return !decisive
}

/** Which of two values comes first. */
export function order(a: Value, b: Value): number {
  const areNumbers = [a, b].every(value => typeof value === 'bigint' || typeof value === 'number')
  const areTimes =
    (a instanceof Duration && b instanceof Duration) || (a instanceof Timestamp && b instanceof Timestamp)
  if (areTimes) return a.milliseconds - (b as Duration).milliseconds
  if (!areNumbers && typeof a !== typeof b) throw new CelError('no such overload')
  if (typeof a === 'object' || a === null || b === null) throw new CelError('no such overload')
  return a < b ? -1 : a > b ? 1 : 0
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return whole(operator, left, right)
  if (typeof left === 'number' && typeof right === 'number') return fractional(operator, left, right)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (operator === '+' || operator === '-') {
    const sign = operator === '+' ? 1 : -1
    const isTime = left instanceof Timestamp
    if (isTime && right instanceof Timestamp && sign < 0) return new Duration(left.milliseconds - right.milliseconds)
    if (isTime && right instanceof Duration) return new Timestamp(left.milliseconds + sign * right.milliseconds)
    if (left instanceof Duration && right instanceof Duration)
      return new Duration(left.milliseconds + sign * right.milliseconds)
    if (left instanceof Duration && right instanceof Timestamp && sign > 0)
      return new Timestamp(left.milliseconds + right.milliseconds)
  }
  throw new CelError('no such overload')
}

function whole(operator: string, left: bigint, right: bigint): bigint {
  if ((operator === '/' || operator === '%') && right === 0n)
    throw new CelError(operator === '/' ? 'division by zero' : 'modulus by zero')
  const result =
    operator === '+'
      ? left + right
      : operator === '-'
        ? left - right
        : operator === '*'
          ? left * right
          : operator === '/'
            ? left / right
            : left % right
  if (BigInt.asIntN(64, result) !== result) throw new CelError('integer overflow')
  return result
}

function fractional(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    default:
      throw new CelError('no such overload')
  }
}

function message({ fields }: Extract<Expression, { type: 'message' }>, scope: Scope): Value {
  const map = new Map<string, Value>()
  for (const { name, value, isOptional } of fields) {
    const worth = evaluate(value, scope)
    if (!isOptional) map.set(name, worth)
    else if (!(worth instanceof Optional)) throw new CelError('no such overload')
    else if (worth.value !== undefined) map.set(name, worth.value)
  }
  return map
}

/** Comprehensions: what holds for the items of a list or the keys of a map. */
function macro(expression: Extract<Expression, { type: 'macro' }>, scope: Scope): Value {
  const { name, target, variables, bodies } = expression
  const range = evaluate(target, scope)
  const [first, second] = variables
  const pairs: readonly (readonly [Value, Value])[] =
    range instanceof Map
      ? [...(range as CelMap)]
      : Array.isArray(range)
        ? range.map((item, index) => [BigInt(index), item] as const)
        : fail(`expression of type '${typeof range}' cannot be range of a comprehension`)
  const scopes = pairs.map(([key, value]) => {
    const inner = new Map(scope)
    if (second !== undefined) inner.set(first!, key).set(second, value)
    else inner.set(first!, range instanceof Map ? key : value)
    return { inner, item: range instanceof Map ? key : value }
  })
  const holds = (inner: Scope) => truth(evaluate(bodies[0]!, inner))
  switch (name) {
    case 'all':
      return quantified(scopes, holds, false)
    case 'exists':
      return quantified(scopes, holds, true)
    case 'exists_one':
    case 'existsOne':
      return scopes.filter(({ inner }) => holds(inner)).length === 1
    case 'filter':
      return scopes.filter(({ inner }) => holds(inner)).map(({ item }) => item)
    default:
      return (bodies.length > 1 ? scopes.filter(({ inner }) => holds(inner)) : scopes).map(({ inner }) =>
        evaluate(bodies.at(-1)!, inner),
      )
  }
}

function quantified(
  scopes: readonly { readonly inner: Scope }[],
  holds: (inner: Scope) => boolean,
  decisive: boolean,
): boolean {
  let failure: unknown
  for (const { inner } of scopes) {
    try {
      if (holds(inner) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  return !decisive
}

function fail(text: string): never {
  throw new CelError(text)
}
