import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { CiliumPolicy } from './ciliumPolicy.ts'

/** What a node's agent says about the node, and which addresses the operator gives it. */
export interface CiliumNode extends KubernetesObject {
  spec: {
    addresses?: { ip: string; type: 'InternalIP' | 'CiliumInternalIP' }[]
    ipam?: { podCIDRs?: string[] }
  }
}

/** What is known of a pod's place in the network. */
export interface CiliumEndpoint extends KubernetesObject {
  status?: {
    id: number
    identity?: { id: number; labels: string[] }
    networking?: { addressing: { ipv4: string }[]; node: string }
    'named-ports'?: NamedPort[]
    state?: string
    [field: string]: unknown
  }
}

export interface NamedPort {
  name: string
  port: number
  protocol: string
}

/** A number that stands for a set of labels. */
export interface CiliumIdentity extends KubernetesObject {
  'security-labels': Record<string, string>
}

/** The kinds of Cilium's own policies. */
export function findPolicyKinds(client: Client): Kind<CiliumPolicy>[] {
  const names = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']
  return client
    .kinds()
    .filter(({ group, kind }) => group === 'cilium.io' && names.includes(kind)) as Kind<CiliumPolicy>[]
}

/** The kinds that the operator teaches the API server. */
export interface CiliumKinds {
  readonly node: Kind<CiliumNode>
  readonly endpoint: Kind<CiliumEndpoint>
  readonly identity: Kind<CiliumIdentity>
}

/** Which kinds the API server does not know yet, as the agent writes them down. */
export function missingKinds(client: Client): string {
  const known = new Set(client.kinds().map(({ plural, group }) => `${plural}.${group}`))
  const names = ['endpoints', 'identities', 'nodes', 'networkpolicies', 'clusterwidenetworkpolicies']
  const all = names.map(name => `cilium${name}.cilium.io`)
  return all
    .filter(name => !known.has(name))
    .map(name => `crd:${name}`)
    .join(' ')
}

/** The kinds, once they are all known. */
export function findKinds(client: Client): CiliumKinds | undefined {
  const all = new Map(client.kinds().flatMap(kind => (kind.group === 'cilium.io' ? [[kind.kind, kind]] : [])))
  const [node, endpoint, identity] = ['CiliumNode', 'CiliumEndpoint', 'CiliumIdentity'].map(name => all.get(name))
  if (!node || !endpoint || !identity || findPolicyKinds(client).length < 2) return undefined
  return {
    node: node as Kind<CiliumNode>,
    endpoint: endpoint as Kind<CiliumEndpoint>,
    identity: identity as Kind<CiliumIdentity>,
  }
}
