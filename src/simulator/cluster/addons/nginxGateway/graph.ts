import type { Client } from '../../client.ts'
import type { DataPlane, DataPlaneLocation, DataPlaneMatch, DataPlaneServer } from './dataPlane.ts'
import { listOf } from './kinds.ts'
import { type ListenerState, readListeners } from './listeners.ts'
import { attach, type CompiledMatch, type CompiledRoute, compileRoute } from './routes.ts'
import type { Condition, Gateway, GatewayClass, HttpRoute, OtherRoute, ParentReference } from './types.ts'
import { controllerName, ownClassName } from './types.ts'

/** Everything that the controller knows of one Gateway. */
export interface GatewayState {
  readonly gateway: Gateway
  readonly listeners: readonly ListenerState[]
  readonly conditions: readonly Condition[]
  readonly isValid: boolean
  readonly dataPlane: DataPlane
}

/** What is to be said of a route, for each of its references to Gateways of this controller. */
export interface RouteState {
  readonly kind: 'GRPCRoute' | 'HTTPRoute'
  readonly route: HttpRoute | OtherRoute
  readonly parents: readonly { readonly parentRef: ParentReference; readonly conditions: readonly Condition[] }[]
}

export interface Graph {
  readonly gateways: readonly GatewayState[]
  readonly routes: readonly RouteState[]
}

interface Draft {
  readonly gateway: Gateway
  readonly listeners: readonly ListenerState[]
  readonly conditions: readonly Condition[]
  readonly isValid: boolean
  /** By port and host. */
  readonly servers: Map<string, DraftServer>
  readonly upstreams: Map<string, readonly string[]>
}

interface DraftServer {
  readonly state: ListenerState
  readonly hostname: string
  readonly matches: CompiledMatch[]
}

/** Reads all objects of the Gateway API and works out what follows from them. */
export function readGraph(client: Client): Graph {
  const ownClass = listOf(client, 'GatewayClass').find(isOwn)
  const grants = listOf(client, 'ReferenceGrant')
  const drafts = new Map<string, Draft>()
  for (const gateway of listOf(client, 'Gateway')) {
    if (gateway.spec.gatewayClassName !== ownClass?.metadata.name) continue
    const listeners = readListeners(client, gateway, grants)
    const conditions = conditionsOf(gateway, listeners)
    drafts.set(`${gateway.metadata.namespace}/${gateway.metadata.name}`, {
      gateway,
      listeners,
      conditions,
      isValid: conditions[0]!.status === 'True',
      servers: new Map(),
      upstreams: new Map(),
    })
  }
  const referencesOf = ({ metadata, spec }: OtherRoute) =>
    (spec.parentRefs ?? []).filter(
      ({ kind = 'Gateway', name, namespace = metadata.namespace }) =>
        kind === 'Gateway' && drafts.has(`${namespace}/${name}`),
    )
  const others = listOf(client, 'GRPCRoute').map(
    (route): RouteState => ({
      kind: 'GRPCRoute',
      route,
      parents: referencesOf(route).map(parentRef => ({ parentRef, conditions: [notSimulated] })),
    }),
  )
  const routes = listOf(client, 'HTTPRoute').flatMap((route): RouteState[] => {
    const references = referencesOf(route)
    if (references.length === 0) return []
    const compiled = compileRoute(client, grants, route)
    return [
      {
        kind: 'HTTPRoute',
        route,
        parents: references.map(parentRef => {
          const { namespace = route.metadata.namespace, name } = parentRef
          const problem = bind(client, compiled, parentRef, drafts.get(`${namespace}/${name}`)!)
          const [first, ...rest] = compiled.conditions
          return { parentRef, conditions: [problem ?? first!, ...rest] }
        }),
      },
    ]
  })
  return {
    gateways: [...drafts.values()].map(finish),
    routes: [...routes, ...others.filter(({ parents }) => parents.length > 0)],
  }
}

const notSimulated: Condition = {
  type: 'Accepted',
  status: 'False',
  reason: 'UnsupportedConfiguration',
  message: 'GRPCRoute is not simulated here',
}

/** Whether the controller acts on Gateways of the class: it takes one class, by its name. */
export function isOwn({ metadata, spec }: GatewayClass): boolean {
  return spec.controllerName === controllerName && metadata.name === ownClassName
}

/** What is to be said of a Gateway, by its listeners. */
function conditionsOf({ spec }: Gateway, listeners: readonly ListenerState[]): readonly Condition[] {
  const valid = listeners.filter(({ isValid }) => isValid).length
  const programmed = (status: 'True' | 'False', reason: string, message: string): Condition => ({
    type: 'Programmed',
    status,
    reason,
    message,
  })
  if (valid === 0) {
    const message = 'Gateway has no valid listeners'
    return [
      { type: 'Accepted', status: 'False', reason: 'ListenersNotValid', message },
      programmed('False', 'Invalid', message),
    ]
  }
  const accepted: Condition =
    valid === listeners.length
      ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Gateway is accepted' }
      : {
          type: 'Accepted',
          status: 'True',
          reason: 'ListenersNotValid',
          message: 'Gateway has at least one valid listener',
        }
  if (spec.addresses?.length)
    return [
      accepted,
      programmed('False', 'AddressNotUsable', 'spec.addresses: asking for addresses is not simulated here'),
    ]
  return [accepted, programmed('True', 'Programmed', 'Gateway is programmed')]
}

/** Puts a route on the listeners that take it; gives what is wrong where none does. */
function bind(
  client: Client,
  compiled: CompiledRoute,
  reference: ParentReference,
  draft: Draft,
): Condition | undefined {
  if (!draft.isValid)
    return { type: 'Accepted', status: 'False', reason: 'InvalidGateway', message: 'Gateway is invalid' }
  const found = attach(client, compiled.route, reference, draft.gateway, draft.listeners)
  if ('problem' in found) return found.problem
  for (const { state, hostnames } of found.attachments) {
    state.attachedRoutes++
    for (const hostname of hostnames) {
      const key = `${state.listener.port} ${hostname}`
      const server = draft.servers.get(key) ?? { state, hostname, matches: [] }
      draft.servers.set(key, server)
      server.matches.push(...compiled.matches)
    }
  }
  for (const [name, servers] of compiled.upstreams) draft.upstreams.set(name, servers)
  return undefined
}

function finish({ gateway, listeners, conditions, isValid, servers, upstreams }: Draft): GatewayState {
  const own = [...servers.values()].map(toServer)
  // A listener without routes is listened on all the same.
  for (const { listener, certificates, isValid: isGood } of listeners)
    if (isGood && !own.some(each => each.port === listener.port && each.hostname === (listener.hostname ?? '')))
      own.push({ port: listener.port, hostname: listener.hostname ?? '', certificates, locations: [] })
  return {
    gateway,
    listeners,
    conditions,
    isValid,
    dataPlane: { servers: own, upstreams: Object.fromEntries([...upstreams].sort()) },
  }
}

function toServer({ state, hostname, matches }: DraftServer): DataPlaneServer {
  const locations = new Map<string, { type: CompiledMatch['type']; path: string; matches: DataPlaneMatch[] }>()
  for (const { type, path, match } of matches) {
    const key = `${type} ${path}`
    const location = locations.get(key) ?? { type, path, matches: [] }
    locations.set(key, location)
    location.matches.push(match)
  }
  const sorted: DataPlaneLocation[] = [...locations.values()]
    .map(location => ({ ...location, matches: location.matches.toSorted(comparePrecision) }))
    .sort(comparePath)
  return { port: state.listener.port, hostname, certificates: state.certificates, locations: sorted }
}

const typeOrder = { Exact: 0, RegularExpression: 1, PathPrefix: 2 } as const

/** Exact paths first, then patterns, then the longest prefix. */
function comparePath(one: DataPlaneLocation, other: DataPlaneLocation): number {
  return typeOrder[one.type] - typeOrder[other.type] || other.path.length - one.path.length
}

/** A method counts more than headers, and headers more than parameters; what is equal keeps the order of age. */
function comparePrecision(one: DataPlaneMatch, other: DataPlaneMatch): number {
  return (
    Number(other.method !== undefined) - Number(one.method !== undefined) ||
    other.headers.length - one.headers.length ||
    other.parameters.length - one.parameters.length
  )
}
