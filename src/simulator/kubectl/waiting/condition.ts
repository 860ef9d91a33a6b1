import { formatValues, type JsonPath, JsonPathError, parseJsonPath, relaxedPath } from '../../cluster/api/jsonPath.ts'
import { Failure } from '../failure.ts'
import { type AnyObject, valueAt } from '../server/object.ts'

/** What `kubectl wait --for=…` waits for. */
export type WaitCondition =
  | { readonly type: 'delete' | 'create' }
  | { readonly type: 'state'; isMet(object: AnyObject): boolean }

/** Reads `condition=Ready`, `jsonpath='{.status.phase}'=Running`, `delete` or `create`. */
export function parseCondition(text: string): WaitCondition {
  const lower = text.toLowerCase()
  if (lower === 'delete' || lower === 'create') return { type: lower }
  if (lower.startsWith('condition=')) {
    const [name = '', value = 'true'] = text.slice('condition='.length).split('=')
    return { type: 'state', isMet: object => hasCondition(object, name, value) }
  }
  if (lower.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length))
  throw new Failure(`unrecognized condition: ${JSON.stringify(text)}`)
}

function hasCondition(object: AnyObject, name: string, wanted: string): boolean {
  const conditions = (valueAt(object, 'status', 'conditions') ?? []) as {
    type: string
    status: string
    observedGeneration?: number
  }[]
  const condition = conditions.find(({ type }) => type.toLowerCase() === name.toLowerCase())
  if (!condition) return false
  if (condition.observedGeneration !== undefined && condition.observedGeneration < (object.metadata.generation ?? 0)) {
    return false
  }
  return condition.status.toLowerCase() === wanted.toLowerCase()
}

function jsonPathCondition(text: string): WaitCondition {
  const [, given = '', value] = /^((?:[^=[]|\[[^\]]*\]|==)*)(?:=(.*))?$/s.exec(text) ?? []
  if (value === '') throw new Failure('jsonpath wait has to have a value after equal sign')
  let path: JsonPath
  try {
    path = parseJsonPath(relaxedPath(given.replace(/^'|'$/g, '')), true)
  } catch (error) {
    throw error instanceof JsonPathError ? new Failure(error.message) : error
  }
  return {
    type: 'state',
    isMet(object) {
      const values = path.find(object)[0] ?? []
      if (values.length === 0) return false
      if (value === undefined) return true
      if (values.length > 1) throw new Failure('given jsonpath expression matches more than one value')
      if (typeof values[0] === 'object') {
        throw new Failure('jsonpath leads to a nested object or list which is not supported')
      }
      return formatValues(values) === value.replace(/^(['"])(.*)\1$/, '$2').trim()
    },
  }
}
