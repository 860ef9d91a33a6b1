import { contains, networkOf, type Prefix, parsePrefix } from '../../../network/address.ts'
import { type Protocol, protocolNumbers } from '../../../network/packet.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../../kinds/networkPolicy.ts'
import { type CiliumPolicy, judgementsFor } from './ciliumPolicy.ts'
import { namespaceKey, namespacePrefix, reservedIdentity } from './identity.ts'
import type { IpCache } from './ipCache.ts'
import type { NamedPort } from './objects.ts'
import { type Direction, type PolicyEntry, PolicyMap, portPrefixes } from './policyMap.ts'

/** Labels of an identity, taken apart. */
export interface KnownIdentity {
  readonly id: number
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly namespaceLabels: Readonly<Record<string, string>>
  /** All labels without their sources, for selectors in Cilium's own words. */
  readonly all: Readonly<Record<string, string>>
}

/** What policies are computed from. */
export interface PolicySource {
  readonly identities: ReadonlyMap<number, KnownIdentity>
  readonly ipCache: IpCache
  /** NetworkPolicies by namespace. */
  readonly policies: ReadonlyMap<string, ReadonlyMap<string, KubernetesObject & { spec: NetworkPolicySpec }>>
  /** Policies in Cilium's own words. */
  readonly ciliumPolicies: ReadonlyMap<string, CiliumPolicy>
  /** Ports by name that pods of an identity have. */
  namedPorts(identity: number): readonly NamedPort[]
}

/** Reads the labels of an identity: `k8s:app=web` belongs to the pod, some to its namespace. */
export function readIdentity(id: number, labels: Readonly<Record<string, string>>): KnownIdentity {
  const own: Record<string, string> = {}
  const namespaceLabels: Record<string, string> = {}
  const all: Record<string, string> = {}
  let namespace = ''
  for (const [label, value] of Object.entries(labels)) {
    const key = label.replace(/^k8s:/, '')
    all[key] = value
    if (key === namespaceKey) namespace = value
    else if (key.startsWith(namespacePrefix)) namespaceLabels[key.slice(namespacePrefix.length)] = value
    else if (!key.startsWith('io.cilium.k8s.policy.')) own[key] = value
  }
  return { id, namespace, labels: own, namespaceLabels, all }
}

/** The ranges that policies name. */
export function rangesOf(policies: Iterable<{ readonly spec: NetworkPolicySpec }>): Prefix[] {
  const texts = new Set<string>()
  for (const { spec } of policies)
    for (const { from, to } of [...(spec.ingress ?? []), ...(spec.egress ?? [])] as {
      from?: NetworkPolicyPeer[]
      to?: NetworkPolicyPeer[]
    }[])
      for (const { ipBlock } of from ?? to ?? [])
        if (ipBlock) for (const text of [ipBlock.cidr, ...(ipBlock.except ?? [])]) texts.add(text)
  return [...texts].flatMap(text => {
    const prefix = parsePrefix(text)
    return prefix ? [networkOf(prefix)] : []
  })
}

/** What an endpoint's policy map holds, for its identity and its own ports. */
export function policyFor(identity: number, ownPorts: readonly NamedPort[], source: PolicySource): PolicyMap {
  const own = source.identities.get(identity)
  const isEnforced = { ingress: false, egress: false }
  const entries: PolicyEntry[] = []
  const policies = own ? (source.policies.get(own.namespace) ?? new Map()) : new Map()
  for (const [name, { spec }] of policies as Map<string, { spec: NetworkPolicySpec }>) {
    if (!matchesSelector(spec.podSelector ?? {}, own!.labels)) continue
    const origin = `${own!.namespace}/${name}`
    for (const type of spec.policyTypes ?? ['Ingress']) {
      const direction = type === 'Egress' ? 'egress' : 'ingress'
      isEnforced[direction] = true
      const rules: { from?: NetworkPolicyPeer[]; to?: NetworkPolicyPeer[]; ports?: NetworkPolicyPort[] }[] =
        (direction === 'ingress' ? spec.ingress : spec.egress) ?? []
      for (const { from, to, ports } of rules) {
        const add = (peer: number, isBlock: boolean, list: readonly NetworkPolicyPort[] | undefined) => {
          const ports =
            direction === 'ingress'
              ? portsOf(list, ownPorts).map(each => ({ ...each, portNames: undefined }))
              : portsOf(list, source.namedPorts(peer))
          for (const port of ports)
            entries.push({ direction, identity: peer, isBlock, origins: [origin], packets: 0, bytes: 0, ...port })
        }
        for (const { identity: peer, isBlock } of peersOf(from ?? to, own!.namespace, source)) add(peer, isBlock, ports)
        // To everyone by the name of a port: each pod may call another port so.
        const named = ports?.filter(({ port }) => typeof port === 'string') ?? []
        if (direction === 'egress' && !to?.length && named.length > 0)
          for (const peer of source.identities.keys()) add(peer, false, named)
      }
    }
  }
  if (own) {
    const { enforced, entries: more } = judgementsFor(own, source.ciliumPolicies.values(), source)
    for (const direction of enforced) isEnforced[direction] = true
    entries.push(...more)
  }
  for (const direction of ['ingress', 'egress'] as const)
    if (!isEnforced[direction]) entries.unshift(openEntry(direction, reservedIdentity.unknown))
  // The node's own programs, the kubelet above all, always reach its pods (--allow-localhost).
  entries.unshift(openEntry('ingress', reservedIdentity.host))
  return new PolicyMap(isEnforced, entries)
}

function openEntry(direction: Direction, identity: number): PolicyEntry {
  const all = { protocol: 0, port: 0, prefixLength: 0 }
  return { direction, identity, ...all, origins: [], isBlock: false, packets: 0, bytes: 0 }
}

/** The identities that a rule's peers are; 0 for everyone. */
function peersOf(
  peers: readonly NetworkPolicyPeer[] | undefined,
  namespace: string,
  { identities, ipCache }: PolicySource,
): { readonly identity: number; readonly isBlock: boolean }[] {
  if (!peers?.length) return [{ identity: reservedIdentity.unknown, isBlock: false }]
  const found: { identity: number; isBlock: boolean }[] = []
  for (const { podSelector, namespaceSelector, ipBlock } of peers) {
    if (ipBlock) {
      const whole = parsePrefix(ipBlock.cidr)
      if (!whole) continue
      const except = (ipBlock.except ?? []).flatMap(text => parsePrefix(text) ?? [])
      const isIn = (prefix: Prefix) => isWithin(prefix, whole) && !except.some(each => isWithin(prefix, each))
      for (const { identity, prefix } of ipCache.ranges) if (isIn(prefix)) found.push({ identity, isBlock: true })
      if (whole.length === 0) found.push({ identity: reservedIdentity.world, isBlock: true })
      continue
    }
    for (const each of identities.values()) {
      if (namespaceSelector ? !matchesSelector(namespaceSelector, each.namespaceLabels) : each.namespace !== namespace)
        continue
      if (podSelector && !matchesSelector(podSelector, each.labels)) continue
      found.push({ identity: each.id, isBlock: false })
    }
  }
  return found
}

function isWithin(prefix: Prefix, whole: Prefix): boolean {
  return prefix.length >= whole.length && contains(whole, prefix.address)
}

type PortPart = Pick<PolicyEntry, 'protocol' | 'port' | 'prefixLength' | 'portNames'>

/** The ports of a rule as lines of the map; a name means what the receiving pod calls so. */
function portsOf(ports: readonly NetworkPolicyPort[] | undefined, named: readonly NamedPort[]): PortPart[] {
  if (!ports?.length) return [{ protocol: 0, port: 0, prefixLength: 0 }]
  return ports.flatMap(({ protocol: name = 'TCP', port, endPort }) => {
    const protocol = protocolNumbers[name.toLowerCase() as Protocol]
    if (port === undefined) return [{ protocol, port: 0, prefixLength: 0 }]
    if (typeof port === 'string')
      return named
        .filter(each => each.name === port && each.protocol === name)
        .map(each => ({ protocol, port: each.port, prefixLength: 16, portNames: [port] }))
    return portPrefixes(port, endPort ?? port).map(each => ({ protocol, port: each.port, prefixLength: each.length }))
  })
}
