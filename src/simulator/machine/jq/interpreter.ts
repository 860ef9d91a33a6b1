import { builtins } from './builtins.ts'
import { checkNames } from './checkNames.ts'
import { formatText } from './format.ts'
import { jsonText, shortText } from './jsonText.ts'
import { parseFilter } from './parser.ts'
import { preludeSource } from './prelude.ts'
import { type Definition, type Filter, JqError, JqHalt, JqSyntaxError, type Json, type Pattern } from './syntax.ts'
import { calculate, isObject, isTrue, typeOf, valueAt, withValueAt } from './value.ts'

/** What filters may ask of the program that runs them. */
export interface JqRuntime {
  /** The next input, for `input`; undefined when there is none. */
  nextInput(): Json | undefined
  readonly inputLine: number
  readonly inputName: string | undefined
  /** Seconds since 1970. */
  readonly now: number
  readonly environment: Json
  /** What `debug` and `stderr` print. */
  writeError(text: string): void
}

/** What names mean at some place of a filter. */
export interface Scope {
  readonly runtime: JqRuntime
  readonly variables: ReadonlyMap<string, Json>
  readonly functions: ReadonlyMap<string, Closure>
  readonly labels?: ReadonlyMap<string, LabelExit>
}

/** A function, or a parameter, with the scope in which its text stands. */
interface Closure {
  readonly definition: Definition
  readonly scope: () => Scope
}

/** A value, and where it stands in the input when that is known. */
interface Located {
  readonly value: Json
  readonly path: readonly Json[] | undefined
}

/** A filter that is ready to run, with what jq defines itself. */
export class FilterRunner {
  readonly #filter: Filter
  readonly #scope: Scope

  /** Throws `JqSyntaxError` when the filter calls something that is not defined. */
  constructor(filter: Filter, variables: ReadonlyMap<string, Json>, runtime: JqRuntime) {
    this.#filter = filter
    const functions = new Map<string, Closure>()
    const scope: Scope = { runtime, variables: new Map(), functions }
    for (let each = parseFilter(preludeSource); each.type === 'define'; each = each.body) {
      const { definition } = each
      functions.set(keyOf(definition), { definition, scope: () => scope })
    }
    const known = (name: string) => functions.has(name) || isBuiltIn(name)
    checkNames(filter, {
      variables: new Set([...variables.keys(), 'ENV', '__loc__']),
      isFunction: known,
      labels: new Set(),
    })
    this.#scope = { runtime, variables, functions }
  }

  /** Runs over one input: the outputs come one by one. */
  *run(input: Json): Generator<Json> {
    for (const { value } of run(this.#filter, { value: input, path: undefined }, this.#scope)) yield value
  }
}

/** Whether a name with its number of arguments is built into the interpreter. */
function isBuiltIn(key: string): boolean {
  return key in builtins || key in special
}

function keyOf({ name, parameters }: Definition): string {
  return `${name}/${parameters.length}`
}

function* run(filter: Filter, input: Located, scope: Scope): Generator<Located> {
  switch (filter.type) {
    case 'identity':
      return yield input
    case 'literal':
      return yield free(filter.value)
    case 'recurse':
      return yield* descend(input)
    case 'text':
      return yield* interpolate(filter, input, scope, 0, '')
    case 'format':
      return yield free(formatText(filter.name, input.value))
    case 'variable': {
      const value = scope.variables.get(filter.name) ?? specialVariable(filter.name, scope)
      if (value === undefined) throw new JqSyntaxError(`$${filter.name} is not defined`)
      return yield free(value)
    }
    case 'index':
      for (const from of run(filter.from, input, scope))
        for (const key of run(filter.key, { value: input.value, path: undefined }, scope)) yield step(from, key.value)
      return
    case 'slice':
      for (const from of run(filter.from, input, scope))
        for (const end of optional(filter.end, input, scope))
          for (const start of optional(filter.start, input, scope)) yield step(from, { start, end })
      return
    case 'each':
      for (const from of run(filter.from, input, scope)) yield* each(from)
      return
    case 'array': {
      const items: Json[] = []
      if (filter.items) for (const item of run(filter.items, input, scope)) items.push(item.value)
      return yield free(items)
    }
    case 'object':
      return yield* build(filter.entries, 0, {}, input, scope)
    case 'pipe':
      for (const middle of run(filter.left, input, scope)) yield* run(filter.right, middle, scope)
      return
    case 'comma':
      yield* run(filter.left, input, scope)
      return yield* run(filter.right, input, scope)
    case 'and':
    case 'or':
      for (const left of run(filter.left, input, scope)) {
        if (isTrue(left.value) === (filter.type === 'or')) yield free(filter.type === 'or')
        else for (const right of run(filter.right, input, scope)) yield free(isTrue(right.value))
      }
      return
    case 'alternative':
      return yield* alternative(filter, input, scope)
    case 'binary':
      for (const right of run(filter.right, input, scope))
        for (const left of run(filter.left, input, scope))
          yield free(calculate(filter.operator, left.value, right.value))
      return
    case 'negate':
      for (const { value } of run(filter.value, input, scope)) {
        if (typeof value !== 'number') throw new JqError(`${typeOf(value)} (${shortText(value)}) cannot be negated`)
        yield free(-value)
      }
      return
    case 'update':
      return yield* update(filter, input, scope)
    case 'try':
      return yield* attempt(filter, input, scope)
    case 'if':
      for (const test of run(filter.test, input, scope)) {
        if (isTrue(test.value)) yield* run(filter.then, input, scope)
        else if (filter.otherwise) yield* run(filter.otherwise, input, scope)
        else yield input
      }
      return
    case 'reduce': {
      for (const start of run(filter.start, input, scope)) {
        let state = start.value
        for (const item of run(filter.source, input, scope))
          for (const bound of bind(filter.pattern, item.value, scope)) {
            let last: Json = null
            for (const next of run(filter.step, free(state), bound)) last = next.value
            state = last
          }
        yield free(state)
      }
      return
    }
    case 'foreach':
      for (const start of run(filter.start, input, scope)) {
        let state = start.value
        for (const item of run(filter.source, input, scope))
          for (const bound of bind(filter.pattern, item.value, scope))
            for (const next of run(filter.step, free(state), bound)) {
              state = next.value
              if (filter.extract) yield* run(filter.extract, free(state), bound)
              else yield free(state)
            }
      }
      return
    case 'define': {
      const functions = new Map(scope.functions)
      const inner: Scope = { ...scope, functions }
      functions.set(keyOf(filter.definition), { definition: filter.definition, scope: () => inner })
      return yield* run(filter.body, input, inner)
    }
    case 'bind':
      for (const source of run(filter.source, input, scope))
        for (const bound of bind(filter.pattern, source.value, scope)) yield* run(filter.body, input, bound)
      return
    case 'call':
      return yield* call(filter.name, filter.values, input, scope)
    case 'label': {
      const exit = new LabelExit()
      const inner = { ...scope, labels: new Map([...(scope.labels ?? []), [filter.name, exit]]) }
      try {
        yield* run(filter.body, input, inner)
      } catch (error) {
        if (error !== exit) throw error
      }
      return
    }
    case 'break':
      throw scope.labels!.get(filter.name)!
  }
}

/** `break` on its way out to its label. */
class LabelExit extends Error {}

function specialVariable(name: string, { runtime }: Scope): Json | undefined {
  if (name === 'ENV') return runtime.environment
  return name === '__loc__' ? { file: '<top-level>', line: 1 } : undefined
}

function free(value: Json): Located {
  return { value, path: undefined }
}

function step(from: Located, key: Json): Located {
  return { value: valueAt(from.value, key), path: from.path && [...from.path, key] }
}

function* each(from: Located): Generator<Located> {
  const { value } = from
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield { value: item, path: from.path && [...from.path, index] }
  else if (isObject(value))
    for (const key of Object.keys(value)) yield { value: value[key]!, path: from.path && [...from.path, key] }
  else throw new JqError(`Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${shortText(value)})`}`)
}

function* descend(from: Located): Generator<Located> {
  yield from
  if (Array.isArray(from.value) || isObject(from.value)) for (const child of each(from)) yield* descend(child)
}

function* optional(filter: Filter | undefined, input: Located, scope: Scope): Generator<Json> {
  if (!filter) yield null
  else for (const { value } of run(filter, input, scope)) yield value
}

function* interpolate(
  filter: Filter & { type: 'text' },
  input: Located,
  scope: Scope,
  index: number,
  text: string,
): Generator<Located> {
  const part = filter.parts[index]
  if (part === undefined) yield free(text)
  else if (typeof part === 'string') yield* interpolate(filter, input, scope, index + 1, text + part)
  else
    for (const { value } of run(part, input, scope))
      yield* interpolate(filter, input, scope, index + 1, text + formatText(filter.format ?? '@text', value))
}

function* build(
  entries: readonly (readonly [Filter, Filter])[],
  index: number,
  object: { [key: string]: Json },
  input: Located,
  scope: Scope,
): Generator<Located> {
  const entry = entries[index]
  if (!entry) return yield free(object)
  for (const key of run(entry[0], input, scope)) {
    if (typeof key.value !== 'string') {
      throw new JqError(`Object keys must be strings`)
    }
    for (const { value } of run(entry[1], input, scope))
      yield* build(entries, index + 1, { ...object, [key.value]: value }, input, scope)
  }
}

function* alternative(filter: Filter & { type: 'alternative' }, input: Located, scope: Scope): Generator<Located> {
  let isFound = false
  try {
    for (const left of run(filter.left, input, scope))
      if (isTrue(left.value)) {
        isFound = true
        yield left
      }
  } catch (error) {
    if (!(error instanceof JqError)) throw error
  }
  if (!isFound) yield* run(filter.right, input, scope)
}

function* attempt(filter: Filter & { type: 'try' }, input: Located, scope: Scope): Generator<Located> {
  try {
    yield* run(filter.body, input, scope)
  } catch (error) {
    if (!(error instanceof JqError)) throw error
    if (filter.otherwise) yield* run(filter.otherwise, free(error.value), scope)
  }
}

/** The scope in which the names of a pattern stand for the parts of a value. */
function* bind(pattern: Pattern, value: Json, scope: Scope): Generator<Scope> {
  if (pattern.type === 'name') {
    yield { ...scope, variables: new Map([...scope.variables, [pattern.name, value]]) }
    return
  }
  const parts: (readonly [Json, Pattern])[] =
    pattern.type === 'array'
      ? pattern.items.map((item, index) => [valueAt(value, index), item])
      : pattern.entries.map(([key, item]) => [valueAt(value, key.type === 'literal' ? key.value : null), item])
  let scopes = [scope]
  for (const [part, item] of parts) scopes = scopes.flatMap(one => [...bind(item, part, one)])
  yield* scopes
}

/** The paths that a filter leads to. */
function* pathsOf(filter: Filter, input: Json, scope: Scope): Generator<readonly Json[]> {
  for (const { path, value } of run(filter, { value: input, path: [] }, scope)) {
    if (!path) throw new JqError(`Invalid path expression with result ${shortText(value)}`)
    yield path
  }
}

function* update(filter: Filter & { type: 'update' }, input: Located, scope: Scope): Generator<Located> {
  const { operator } = filter
  if (operator === '|=') {
    const paths = [...pathsOf(filter.path, input.value, scope)]
    // From the back, so that taking items away does not move those that come later.
    const value = paths.reverse().reduce<Json>(
      (whole, path) =>
        withValueAt(whole, path, old => {
          for (const next of run(filter.value, free(old), scope)) return next.value
          return undefined
        }) ?? null,
      input.value,
    )
    return yield free(value)
  }
  for (const { value: right } of run(filter.value, input, scope)) {
    let value = input.value
    for (const path of pathsOf(filter.path, input.value, scope))
      value =
        withValueAt(value, path, old => {
          if (operator === '=') return right
          if (operator === '//=') return isTrue(old) ? old : right
          return calculate(operator.slice(0, -1), old, right)
        }) ?? null
    yield free(value)
  }
}

function* call(name: string, values: readonly Filter[], input: Located, scope: Scope): Generator<Located> {
  const closure = scope.functions.get(`${name}/${values.length}`)
  if (closure) {
    const outer = closure.scope()
    const functions = new Map(outer.functions)
    let scopes: Scope[] = [{ ...outer, functions }]
    for (const [index, parameter] of closure.definition.parameters.entries()) {
      const body = values[index]!
      const bare = parameter.replace(/^\$/, '')
      functions.set(`${bare}/0`, { definition: { name: bare, parameters: [], body }, scope: () => scope })
      if (parameter.startsWith('$'))
        scopes = scopes.flatMap(one =>
          [...run(body, input, scope)].map(({ value }) => ({
            ...one,
            variables: new Map([...one.variables, [bare, value]]),
          })),
        )
    }
    for (const one of scopes) yield* run(closure.definition.body, input, one)
    return
  }
  const own = special[`${name}/${values.length}`]
  if (own) return yield* own(values, input, scope)
  const builtin = builtins[`${name}/${values.length}`]
  if (!builtin) throw new JqSyntaxError(`${name}/${values.length} is not defined`)
  yield* apply(builtin, values, [], input, scope)
}

/** An error whose message is nothing has no effect. */
function raise(value: Json): Iterable<Located> {
  if (value === null) return []
  throw new JqError(value)
}

type Special = (values: readonly Filter[], input: Located, scope: Scope) => Iterable<Located>

/** Filters that do more than calculate: they stop early, look at paths, or ask the program. */
const special: Readonly<Record<string, Special>> = {
  'empty/0': () => [],
  *'path/1'([filter], input, scope) {
    for (const path of pathsOf(filter!, input.value, scope)) yield free([...path])
  },
  *'getpath/1'([filter], input, scope) {
    for (const { value: path } of run(filter!, input, scope)) {
      if (!Array.isArray(path)) throw new JqError('Path must be specified as an array')
      yield path.reduce<Located>(
        (from, key) =>
          from.value === null ? { value: null, path: from.path && [...from.path, key] } : step(from, key),
        input,
      )
    }
  },
  *'isempty/1'([filter], input, scope) {
    for (const _ of run(filter!, input, scope)) return yield free(false)
    yield free(true)
  },
  *'first/1'([filter], input, scope) {
    for (const one of run(filter!, input, scope)) return yield one
  },
  *'limit/2'([count, filter], input, scope) {
    for (const { value } of run(count!, input, scope)) {
      let left = Number(value)
      if (left <= 0) continue
      for (const one of run(filter!, input, scope)) {
        yield one
        if (--left <= 0) break
      }
    }
  },
  'error/0': (_values, input) => raise(input.value),
  'error/1'([filter], input, scope) {
    for (const { value } of run(filter!, input, scope)) return raise(value)
    return []
  },
  *'input/0'(_values, _input, { runtime }) {
    const value = runtime.nextInput()
    if (value === undefined) throw new JqError('break')
    yield free(value)
  },
  *'inputs/0'(_values, _input, { runtime }) {
    for (let value = runtime.nextInput(); value !== undefined; value = runtime.nextInput()) yield free(value)
  },
  *'debug/0'(_values, input, { runtime }) {
    runtime.writeError(`["DEBUG:",${jsonText(input.value)}]\n`)
    yield input
  },
  *'debug/1'([filter], input, scope) {
    for (const { value } of run(filter!, input, scope)) scope.runtime.writeError(`["DEBUG:",${jsonText(value)}]\n`)
    yield input
  },
  *'stderr/0'(_values, input, { runtime }) {
    runtime.writeError(jsonText(input.value))
    yield input
  },
  *'input_line_number/0'(_values, _input, { runtime }) {
    yield free(runtime.inputLine)
  },
  *'input_filename/0'(_values, _input, { runtime }) {
    yield free(runtime.inputName ?? null)
  },
  *'now/0'(_values, _input, { runtime }) {
    yield free(runtime.now)
  },
  *'env/0'(_values, _input, { runtime }) {
    yield free(runtime.environment)
  },
  'halt/0'() {
    throw new JqHalt(0)
  },
  'halt_error/0'(_values, input) {
    throw new JqHalt(5, input.value)
  },
  'halt_error/1'([status], input, scope) {
    for (const { value } of run(status!, input, scope)) throw new JqHalt(Number(value), input.value)
    return []
  },
  *'builtins/0'() {
    yield free([...Object.keys(builtins), ...Object.keys(special)].filter(name => !name.startsWith('_')))
  },
}

/** Calls a builtin with every combination of what its arguments give. */
function* apply(
  builtin: (input: Json, ...values: Json[]) => Json,
  rest: readonly Filter[],
  given: readonly Json[],
  input: Located,
  scope: Scope,
): Generator<Located> {
  const [next, ...others] = rest
  if (!next) yield free(builtin(input.value, ...given))
  else
    for (const { value } of run(next, { value: input.value, path: undefined }, scope))
      yield* apply(builtin, others, [...given, value], input, scope)
}
