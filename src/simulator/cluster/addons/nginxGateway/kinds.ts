import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import {
  type Gateway,
  type GatewayClass,
  gatewayGroup,
  type HttpRoute,
  type OtherRoute,
  type ReferenceGrant,
} from './types.ts'

interface Kinds {
  readonly GatewayClass: GatewayClass
  readonly Gateway: Gateway
  readonly GRPCRoute: OtherRoute
  readonly HTTPRoute: HttpRoute
  readonly ReferenceGrant: ReferenceGrant
}

/** A kind of the Gateway API, as the cluster's definitions have it; undefined where there is none. */
export function kindOf<Name extends keyof Kinds>(client: Client, name: Name): Kind<Kinds[Name]> | undefined {
  const found = client.kinds().filter(each => each.group === gatewayGroup && each.kind === name)
  const served = found.find(each => each.version === 'v1') ?? found[0]
  return served as unknown as Kind<Kinds[Name]> | undefined
}

/** All objects of a kind of the Gateway API, the oldest first. */
export function listOf<Name extends keyof Kinds>(client: Client, name: Name): readonly Kinds[Name][] {
  const kind = kindOf(client, name)
  return kind ? client.list(kind).toSorted(compareAge) : []
}

/** The older of two objects stands first; of those of the same age, the one whose name does. */
export function compareAge({ metadata: one }: KubernetesObject, { metadata: other }: KubernetesObject): number {
  const key = ({ creationTimestamp, namespace = '', name }: KubernetesObject['metadata']) =>
    `${creationTimestamp} ${namespace}/${name}`
  return key(one) < key(other) ? -1 : 1
}
