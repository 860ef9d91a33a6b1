import { matchesSelector } from '../../api/selector.ts'
import type { Client } from '../../client.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { resolveBackend } from './backends.ts'
import type { DataPlaneMatch, ValueTest, WeightedBackend } from './dataPlane.ts'
import { intersect } from './hostnames.ts'
import type { ListenerState } from './listeners.ts'
import {
  type BackendReference,
  type Condition,
  type Gateway,
  gatewayGroup,
  type HeaderChanges,
  type HttpRoute,
  type ParentReference,
  type ReferenceGrant,
  type RouteFilter,
  type RouteMatch,
  type RouteRule,
} from './types.ts'

/** A match of a route, ready for the data plane. */
export interface CompiledMatch {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression'
  readonly path: string
  readonly match: DataPlaneMatch
}

/** A route with all that its rules lead to. */
export interface CompiledRoute {
  readonly route: HttpRoute
  readonly matches: readonly CompiledMatch[]
  readonly upstreams: ReadonlyMap<string, readonly string[]>
  /** What is to be said of it whatever it is attached to. */
  readonly conditions: readonly Condition[]
}

const accepted: Condition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: 'The route is accepted',
}
const resolved: Condition = {
  type: 'ResolvedRefs',
  status: 'True',
  reason: 'ResolvedRefs',
  message: 'All references are resolved',
}

/** Reads the rules of a route and follows their references. */
export function compileRoute(client: Client, grants: readonly ReferenceGrant[], route: HttpRoute): CompiledRoute {
  const upstreams = new Map<string, readonly string[]>()
  const problems: Condition[] = []
  const ignored: string[] = []
  const resolve = (reference: BackendReference, path: string): WeightedBackend => {
    const found = resolveBackend(client, grants, reference, route.metadata.namespace!, path)
    const weight = reference.weight ?? 1
    if ('problem' in found) {
      problems.push(found.problem)
      return { upstream: 'invalid-backend-ref', weight, isValid: false }
    }
    upstreams.set(found.upstream, found.servers)
    return { upstream: found.upstream, weight, isValid: true }
  }
  const rules = route.spec.rules ?? []
  const matches = rules.flatMap((rule, index) => {
    const at = `spec.rules[${index}]`
    if (rule.timeouts !== undefined) ignored.push(`${at}.timeouts: Forbidden: Timeouts are not supported`)
    if (rule.filters?.some(({ type }) => type === 'ExtensionRef'))
      problems.push({
        type: 'ResolvedRefs',
        status: 'False',
        reason: 'InvalidFilter',
        message: `${at}.filters: Invalid value: "ExtensionRef": extension filters are not simulated here`,
      })
    const backends = (rule.backendRefs ?? []).map((each, place) => resolve(each, `${at}.backendRefs[${place}]`))
    const shared = readFilters(route, rule, backends, (each, place) =>
      resolve(each, `${at}.filters[${place}].requestMirror.backendRef`),
    )
    const all: RouteMatch[] = rule.matches?.length ? rule.matches : [{}]
    return all.map(match => compileMatch(match, shared))
  })
  const first = problems[0]
  const told =
    ignored.length === 0
      ? accepted
      : {
          ...accepted,
          reason: 'UnsupportedField',
          message: `The following unsupported parameters were ignored: [${ignored.join(', ')}]`,
        }
  return { route, matches, upstreams, conditions: [told, first ?? resolved] }
}

type Shared = Omit<DataPlaneMatch, 'method' | 'headers' | 'parameters'>

function readFilters(
  { metadata }: HttpRoute,
  { filters = [] }: RouteRule,
  backends: readonly WeightedBackend[],
  resolve: (reference: BackendReference, place: number) => WeightedBackend,
): Shared {
  const of = (type: string): RouteFilter | undefined => filters.find(each => each.type === type)
  const redirect = of('RequestRedirect')?.requestRedirect
  const rewrite = of('URLRewrite')?.urlRewrite
  const changes = (found: HeaderChanges | undefined) => found ?? {}
  return {
    route: `${metadata.namespace}/${metadata.name}`,
    // An extension filter that cannot be followed makes the requests fail.
    backends: of('ExtensionRef') ? [{ upstream: 'invalid-filter', weight: 1, isValid: false }] : backends,
    requestHeaders: changes(of('RequestHeaderModifier')?.requestHeaderModifier),
    responseHeaders: changes(of('ResponseHeaderModifier')?.responseHeaderModifier),
    redirect: redirect && {
      scheme: redirect.scheme,
      hostname: redirect.hostname,
      port: redirect.port,
      path: redirect.path,
      statusCode: redirect.statusCode ?? 302,
    },
    rewrite: rewrite && { hostname: rewrite.hostname, path: rewrite.path },
    mirrors: filters.flatMap((each, place) => {
      if (!each.requestMirror) return []
      const { backendRef, percent, fraction } = each.requestMirror
      const target = resolve(backendRef, place)
      const share = fraction ? (100 * fraction.numerator) / (fraction.denominator ?? 100) : (percent ?? 100)
      return target.isValid ? [{ upstream: target.upstream, percent: share }] : []
    }),
  }
}

function compileMatch(match: RouteMatch, shared: Shared): CompiledMatch {
  const test = ({ name, value, type }: NonNullable<RouteMatch['headers']>[number]): ValueTest => ({
    name,
    value,
    isPattern: type === 'RegularExpression',
  })
  return {
    type: (match.path?.type ?? 'PathPrefix') as CompiledMatch['type'],
    path: match.path?.value ?? '/',
    match: {
      ...shared,
      method: match.method,
      headers: (match.headers ?? []).map(test),
      parameters: (match.queryParams ?? []).map(test),
    },
  }
}

/** A route on a listener, with the hosts that it is for there. */
export interface Attachment {
  readonly state: ListenerState
  readonly hostnames: readonly string[]
}

/** The listeners of a Gateway that a route is attached to by one of its references, or why there are none. */
export function attach(
  client: Client,
  route: HttpRoute,
  reference: ParentReference,
  gateway: Gateway,
  listeners: readonly ListenerState[],
): { readonly attachments: readonly Attachment[] } | { readonly problem: Condition } {
  const refuse = (reason: string, message: string) => ({
    problem: { type: 'Accepted', status: 'False' as const, reason, message },
  })
  const meant = listeners.filter(
    ({ listener }) =>
      (reference.sectionName === undefined || listener.name === reference.sectionName) &&
      (reference.port === undefined || listener.port === reference.port),
  )
  if (meant.length === 0) return refuse('NoMatchingParent', 'Listener is not found for this parent ref')
  const valid = meant.filter(({ isValid }) => isValid)
  if (valid.length === 0) return refuse('InvalidListener', 'Listener is invalid for this parent ref')
  const allowed = valid.filter(state => isAllowed(client, route, gateway, state))
  if (allowed.length === 0) return refuse('NotAllowedByListeners', 'Route is not allowed by any listener')
  const attachments = allowed.flatMap(state => {
    const hostnames = intersect(state.listener.hostname, route.spec.hostnames ?? [])
    return hostnames ? [{ state, hostnames }] : []
  })
  return attachments.length > 0
    ? { attachments }
    : refuse('NoMatchingListenerHostname', 'Listener hostname does not match the Route hostnames')
}

function isAllowed(client: Client, route: HttpRoute, gateway: Gateway, { listener, supportedKinds }: ListenerState) {
  if (!supportedKinds.some(({ group, kind }) => group === gatewayGroup && kind === 'HTTPRoute')) return false
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {}
  const namespace = route.metadata.namespace!
  if (from === 'All') return true
  if (from === 'Same') return namespace === gateway.metadata.namespace
  const labels = client.get(namespaceKind, namespace)?.metadata.labels ?? {}
  return selector !== undefined && matchesSelector(selector, labels)
}
