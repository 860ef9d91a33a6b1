import { ApiError } from '../../api/error.ts'
import { type Authorizer, type Identity, type Intent, identityOf } from '../authorization.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'

/** Who a request speaks for: the caller, or whom the caller impersonates. */
export function speakerOf({ user, groups: own, headers }: Asked, authorizer: Authorizer): Identity {
  const caller = identityOf(user, own)
  const name = headers['impersonate-user']
  if (name === undefined) return caller
  const groups = (headers['impersonate-group'] ?? '').split(/,\s*/).filter(Boolean)
  const intent = { verb: 'impersonate', group: '', resource: 'users', name }
  if (!authorizer.allows(caller, intent)) throw refusal(caller, intent)
  return identityOf(name, groups)
}

/** What a request for objects wants to do. */
export function intentOf({ method, query }: Asked, { kind, namespace, name, subresource }: Route): Intent {
  const isWatch = query['watch'] === 'true' || query['watch'] === '1'
  const verbs: Readonly<Record<string, string>> = {
    GET: name !== undefined ? 'get' : isWatch ? 'watch' : 'list',
    HEAD: 'get',
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: name === undefined ? 'deletecollection' : 'delete',
  }
  return {
    verb: verbs[method] ?? 'get',
    group: kind.group,
    resource: kind.plural,
    ...(subresource && { subresource }),
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
  }
}

/** What a request for a path without objects wants to do. */
export function pathIntent(path: string): Intent {
  return { verb: 'get', group: '', resource: '', path }
}

/** Refuses what the speaker may not do. */
export function requireAccess(authorizer: Authorizer, who: Identity, intent: Intent): void {
  if (!authorizer.allows(who, intent)) throw refusal(who, intent)
}

function refusal(who: Identity, { verb, group, resource, subresource, name, namespace, path }: Intent): ApiError {
  const user = JSON.stringify(who.name)
  if (path !== undefined)
    return ApiError.forbidden({ group: '', plural: '' }, '', `User ${user} cannot ${verb} path ${JSON.stringify(path)}`)
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource)
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  const why = `User ${user} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`
  return ApiError.forbidden({ group, plural: resource }, name ?? '', why)
}
