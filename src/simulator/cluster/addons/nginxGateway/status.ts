import { isEqual } from '../../api/equality.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import { service } from '../../kinds/service.ts'
import { type GatewayState, isOwn, type RouteState } from './graph.ts'
import { kindOf, listOf } from './kinds.ts'
import { resourceName } from './provision.ts'
import {
  type Condition,
  controllerName,
  type Gateway,
  type GatewayClass,
  type OtherRoute,
  type StoredCondition,
} from './types.ts'

/** Writes what the controller has to say into the objects whose status says something else. */
export class StatusWriter {
  readonly #client: Client
  /** The time as statuses write it. */
  readonly #now: () => string

  constructor(client: Client, now: () => string) {
    this.#client = client
    this.#now = now
  }

  gatewayClasses(): void {
    const kind = kindOf(this.#client, 'GatewayClass')
    if (!kind) return
    for (const found of listOf(this.#client, 'GatewayClass')) {
      if (found.spec.controllerName !== controllerName) continue
      const accepted: Condition = isOwn(found)
        ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'GatewayClass is accepted' }
        : {
            type: 'Accepted',
            status: 'False',
            reason: 'GatewayClassConflict',
            message: 'The resource is ignored due to a conflicting GatewayClass resource',
          }
      const conditions: Condition[] = [
        accepted,
        {
          type: 'SupportedVersion',
          status: 'True',
          reason: 'SupportedVersion',
          message: 'Gateway API CRD versions are supported',
        },
        ...(found.spec.parametersRef ? [this.#parameters(found)] : []),
      ]
      this.#write(kind, found, {
        ...found.status,
        conditions: this.#stored(conditions, found, found.status?.conditions),
      })
    }
  }

  gateway({ gateway, conditions, listeners }: GatewayState): void {
    const kind = kindOf(this.#client, 'Gateway')
    if (!kind) return
    const addresses = this.#addresses(gateway)
    const known = gateway.status?.listeners
    const status: Gateway['status'] = {
      ...(addresses.length > 0 && { addresses }),
      conditions: this.#stored(conditions, gateway, gateway.status?.conditions),
      listeners: listeners.map(({ listener, attachedRoutes, supportedKinds, conditions: own }) => ({
        name: listener.name,
        attachedRoutes,
        supportedKinds: [...supportedKinds],
        conditions: this.#stored(own, gateway, known?.find(each => each.name === listener.name)?.conditions),
      })),
    }
    this.#write(kind, gateway, status)
  }

  /** What other controllers say of the route stays. */
  route({ kind: name, route, parents }: RouteState): void {
    const kind = kindOf(this.#client, name)
    if (!kind) return
    const known = route.status?.parents ?? []
    const own = parents.map(({ parentRef, conditions }) => {
      const before = known.find(each => each.controllerName === controllerName && isEqual(each.parentRef, parentRef))
      return { conditions: this.#stored(conditions, route, before?.conditions), controllerName, parentRef }
    })
    this.#write(kind, route, { parents: [...known.filter(each => each.controllerName !== controllerName), ...own] })
  }

  /** Takes back what was said of routes that are no longer attached to anything of this controller. */
  forgetRoutes(current: ReadonlySet<string>): void {
    for (const name of ['HTTPRoute', 'GRPCRoute'] as const) {
      const kind = kindOf(this.#client, name)
      if (!kind) continue
      for (const route of listOf(this.#client, name)) {
        const known = route.status?.parents ?? []
        const others = known.filter(each => each.controllerName !== controllerName)
        if (current.has(route.metadata.uid) || others.length === known.length) continue
        this.#write<OtherRoute>(kind, route, { parents: others })
      }
    }
  }

  #parameters({ spec }: GatewayClass): Condition {
    const { kind: name, group, name: wanted, namespace } = spec.parametersRef!
    const kind = this.#client.kinds().find(each => each.kind === name && each.group === group)
    const found = kind && this.#client.get(kind, wanted, namespace)
    return found
      ? { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'ParametersRef resource is resolved' }
      : {
          type: 'ResolvedRefs',
          status: 'False',
          reason: 'ParametersRefNotFound',
          message: 'ParametersRef resource could not be found',
        }
  }

  /** The addresses of a load balancer; otherwise that of the Service inside the cluster. */
  #addresses(gateway: Gateway): { type: string; value: string }[] {
    const found = this.#client.get(service, resourceName(gateway), gateway.metadata.namespace)
    if (!found) return []
    if (found.spec.type === 'LoadBalancer')
      return (found.status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
        ip ? { type: 'IPAddress', value: ip } : { type: 'Hostname', value: hostname ?? '' },
      )
    return found.spec.clusterIP ? [{ type: 'IPAddress', value: found.spec.clusterIP }] : []
  }

  /** Conditions with the time of their last change. */
  #stored(
    conditions: readonly Condition[],
    { metadata }: KubernetesObject,
    known: readonly StoredCondition[] = [],
  ): StoredCondition[] {
    return conditions.map(({ type, status, reason, message }) => {
      const before = known.find(each => each.type === type)
      const lastTransitionTime = before?.status === status ? before.lastTransitionTime : this.#now()
      return { lastTransitionTime, message, observedGeneration: metadata.generation ?? 1, reason, status, type }
    })
  }

  #write<T extends KubernetesObject & { status?: unknown }>(kind: Kind<T>, object: T, status: T['status']): void {
    if (isEqual(object.status, status)) return
    const current = this.#client.get(kind, object.metadata.name, object.metadata.namespace)
    if (!current) return
    try {
      this.#client.updateStatus(kind, { ...current, status })
    } catch (error) {
      if (!this.#client.isRefusal(error)) throw error
    }
  }
}
