import type { Dialect, DocumentedKind, Schema } from './documentedKind.ts'
import type { SchemaCollection } from './schemas.ts'

const actions: Readonly<Record<string, readonly [method: string, action: string]>> = {
  list: ['get', 'list'],
  create: ['post', 'post'],
  deletecollection: ['delete', 'deletecollection'],
  get: ['get', 'get'],
  update: ['put', 'put'],
  patch: ['patch', 'patch'],
  delete: ['delete', 'delete'],
}
const usualVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
// kubectl looks here whether the server can check fields and dry runs.
const writing = ['dryRun', 'fieldManager', 'fieldValidation']
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml']

// Simplified: only the paths of objects, their lists, their status and their scale are described, without the words,
// the query parameters of reads and the names of operations.
/** The paths of a kind and what may be done there. */
export function addPaths(
  kind: DocumentedKind,
  paths: Record<string, unknown>,
  collection: SchemaCollection,
  dialect: Dialect,
): void {
  const { group, version, namespaced, plural, subresources } = kind
  const { one, list } = collection.ofKind(kind)
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  const gvk = { group, version, kind: kind.kind }
  const allowed = new Set(kind.verbs ?? usualVerbs)
  const operations = (verbs: readonly string[], names: readonly string[]): Schema => ({
    ...Object.fromEntries(
      verbs.flatMap(verb => {
        const found = allowed.has(verb) ? actions[verb] : undefined
        if (!found) return []
        const [method, action] = found
        const schema = verb === 'list' ? list : one
        const operation = {
          ...request(action, schema, dialect),
          ...response(schema, dialect),
          'x-kubernetes-action': action,
          'x-kubernetes-group-version-kind': gvk,
        }
        return [[method, operation]]
      }),
    ),
    ...(names.length > 0 && { parameters: names.map(name => parameter(name, 'path', dialect)) }),
  })
  const inNamespace = namespaced ? `${root}/namespaces/{namespace}` : root
  const place = namespaced ? ['namespace'] : []
  const add = (path: string, verbs: readonly string[], names: readonly string[]) => {
    const described = operations(verbs, names)
    if (Object.keys(described).some(key => key !== 'parameters')) paths[path] = described
  }
  if (namespaced) add(`${root}/${plural}`, ['list'], [])
  add(`${inNamespace}/${plural}`, ['list', 'create', 'deletecollection'], place)
  add(`${inNamespace}/${plural}/{name}`, ['get', 'update', 'patch', 'delete'], ['name', ...place])
  for (const part of ['status', 'scale'])
    if (subresources.includes(part))
      add(`${inNamespace}/${plural}/{name}/${part}`, ['get', 'update', 'patch'], ['name', ...place])
}

function parameter(name: string, place: 'path' | 'query', dialect: Dialect): Schema {
  const type = { type: 'string', uniqueItems: true }
  const base = { name, in: place, ...(place === 'path' && { required: true }) }
  return dialect === 'v2' ? { ...base, ...type } : { ...base, schema: type }
}

function request(action: string, schema: Schema, dialect: Dialect): Schema {
  if (action === 'get' || action === 'list') return {}
  const parameters = writing.map(name => parameter(name, 'query', dialect))
  const hasBody = action === 'post' || action === 'put'
  if (dialect === 'v2') {
    const body = { name: 'body', in: 'body', required: true, schema: hasBody ? schema : { type: 'object' } }
    const consumes = action === 'patch' ? patchTypes : ['*/*']
    return { consumes, parameters: hasBody || action === 'patch' ? [body, ...parameters] : parameters }
  }
  if (!hasBody && action !== 'patch') return { parameters }
  const content = hasBody
    ? { '*/*': { schema } }
    : Object.fromEntries(patchTypes.map(type => [type, { schema: { type: 'object' } }]))
  return { parameters, requestBody: { content, required: true } }
}

function response(schema: Schema, dialect: Dialect): Schema {
  if (dialect === 'v2')
    return { produces: ['application/json', 'application/yaml'], responses: { 200: { description: 'OK', schema } } }
  const content = { 'application/json': { schema }, 'application/yaml': { schema } }
  return { responses: { 200: { description: 'OK', content } } }
}
