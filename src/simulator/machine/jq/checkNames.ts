import { type Filter, JqSyntaxError, type Pattern } from './syntax.ts'

/** What is defined at some place of a filter. */
interface Names {
  readonly variables: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
  /** Whether `name/arguments` is a function. */
  isFunction(key: string): boolean
}

/** Refuses a filter that uses something that is not defined, before it meets any input. */
export function checkNames(filter: Filter, names: Names): void {
  const check = (...filters: (Filter | undefined)[]) => {
    for (const each of filters) if (each) checkNames(each, names)
  }
  switch (filter.type) {
    case 'call':
      if (!names.isFunction(`${filter.name}/${filter.values.length}`)) {
        throw new JqSyntaxError(`${filter.name}/${filter.values.length} is not defined`, filter.at)
      }
      return check(...filter.values)
    case 'variable':
      if (!names.variables.has(filter.name)) throw new JqSyntaxError(`$${filter.name} is not defined`, filter.at)
      return
    case 'break':
      if (!names.labels.has(filter.name)) throw new JqSyntaxError(`$*label-${filter.name} is not defined`, filter.at)
      return
    case 'label':
      return checkNames(filter.body, { ...names, labels: new Set([...names.labels, filter.name]) })
    case 'define': {
      const { name, parameters, body } = filter.definition
      const own = `${name}/${parameters.length}`
      const outer = { ...names, isFunction: (key: string) => key === own || names.isFunction(key) }
      const bare = parameters.map(parameter => parameter.replace(/^\$/, ''))
      const variables = parameters.flatMap((parameter, index) => (parameter.startsWith('$') ? [bare[index]!] : []))
      checkNames(body, {
        ...outer,
        variables: new Set([...names.variables, ...variables]),
        isFunction: key => bare.some(parameter => key === `${parameter}/0`) || outer.isFunction(key),
      })
      return checkNames(filter.body, outer)
    }
    case 'bind':
      check(filter.source)
      return checkNames(filter.body, withPattern(names, filter.pattern))
    case 'reduce':
    case 'foreach': {
      check(filter.source, filter.start)
      const inner = withPattern(names, filter.pattern)
      checkNames(filter.step, inner)
      if (filter.type === 'foreach' && filter.extract) checkNames(filter.extract, inner)
      return
    }
    case 'text':
      return check(...filter.parts.filter(part => typeof part !== 'string'))
    case 'index':
      return check(filter.from, filter.key)
    case 'slice':
      return check(filter.from, filter.start, filter.end)
    case 'each':
      return check(filter.from)
    case 'array':
      return check(filter.items)
    case 'object':
      return check(...filter.entries.flat())
    case 'pipe':
    case 'comma':
    case 'and':
    case 'or':
    case 'alternative':
    case 'binary':
      return check(filter.left, filter.right)
    case 'update':
      return check(filter.path, filter.value)
    case 'negate':
      return check(filter.value)
    case 'try':
      return check(filter.body, filter.otherwise)
    case 'if':
      return check(filter.test, filter.then, filter.otherwise)
    case 'identity':
    case 'recurse':
    case 'literal':
    case 'format':
      return
  }
}

function withPattern(names: Names, pattern: Pattern): Names {
  return { ...names, variables: new Set([...names.variables, ...namesIn(pattern)]) }
}

function namesIn(pattern: Pattern): string[] {
  if (pattern.type === 'name') return [pattern.name]
  return pattern.type === 'array'
    ? pattern.items.flatMap(namesIn)
    : pattern.entries.flatMap(([, each]) => namesIn(each))
}
