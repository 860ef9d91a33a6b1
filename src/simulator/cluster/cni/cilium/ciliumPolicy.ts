import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { contains, networkOf, type Prefix, parsePrefix } from '../../../network/address.ts'
import { type Protocol, protocolNumbers } from '../../../network/packet.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { matchesSelector } from '../../api/selector.ts'
import { namespaceKey, namespacePrefix, reservedIdentity } from './identity.ts'
import type { KnownIdentity, PolicySource } from './policy.ts'
import { type Direction, type PolicyEntry, portPrefixes } from './policyMap.ts'

/** A policy in Cilium's own words; one without a namespace counts for the whole cluster. */
export interface CiliumPolicy extends KubernetesObject {
  spec?: CiliumRule
  specs?: CiliumRule[]
  status?: { conditions?: { type: string; status: string; [field: string]: unknown }[] }
}

/** Whom a policy is about, and what it lets in and out. */
export interface CiliumRule {
  endpointSelector?: LabelSelector
  nodeSelector?: LabelSelector
  ingress?: PeerRule[]
  ingressDeny?: PeerRule[]
  egress?: PeerRule[]
  egressDeny?: PeerRule[]
  enableDefaultDeny?: { ingress?: boolean; egress?: boolean }
}

interface PeerRule {
  fromEndpoints?: LabelSelector[]
  toEndpoints?: LabelSelector[]
  fromEntities?: string[]
  toEntities?: string[]
  fromCIDR?: string[]
  toCIDR?: string[]
  fromCIDRSet?: { cidr?: string; except?: string[] }[]
  toCIDRSet?: { cidr?: string; except?: string[] }[]
  toPorts?: { ports?: { port: string; endPort?: number; protocol?: string }[]; rules?: unknown }[]
  [field: string]: unknown
}

const notSimulated = [
  'toFQDNs',
  'toServices',
  'toGroups',
  'fromGroups',
  'toNodes',
  'fromNodes',
  'fromRequires',
  'toRequires',
  'icmps',
  'authentication',
]

/** The rules of a policy. */
export function rulesOf({ spec, specs }: CiliumPolicy): CiliumRule[] {
  return [...(spec ? [spec] : []), ...(specs ?? [])]
}

/** What of a policy is real but missing here. */
export function lacking(policy: CiliumPolicy): string[] {
  const found = new Set<string>()
  for (const rule of rulesOf(policy)) {
    if (rule.nodeSelector) found.add('nodeSelector')
    for (const part of [rule.ingress, rule.ingressDeny, rule.egress, rule.egressDeny].flatMap(each => each ?? [])) {
      for (const field of notSimulated) if (part[field] !== undefined) found.add(field)
      if (part.toPorts?.some(({ rules }) => rules !== undefined)) found.add('toPorts.rules')
    }
  }
  return [...found].sort()
}

/** The ranges that policies name. */
export function rangesOfRules(policies: Iterable<CiliumPolicy>): Prefix[] {
  const texts = [...policies].flatMap(rulesOf).flatMap(rule =>
    [rule.ingress, rule.ingressDeny, rule.egress, rule.egressDeny]
      .flatMap(each => each ?? [])
      .flatMap(blocksOf)
      .flatMap(({ cidr, except }) => [cidr, ...except]),
  )
  return [...new Set(texts)].flatMap(text => {
    const prefix = parsePrefix(text)
    return prefix ? [networkOf(prefix)] : []
  })
}

/** What policies say about an identity: what may pass, what must not, and in which directions nothing else may. */
export function judgementsFor(
  own: KnownIdentity,
  policies: Iterable<CiliumPolicy>,
  source: PolicySource,
): { readonly enforced: readonly Direction[]; readonly entries: readonly PolicyEntry[] } {
  const enforced = new Set<Direction>()
  const entries: PolicyEntry[] = []
  for (const policy of policies) {
    const { name, namespace } = policy.metadata
    if (namespace !== undefined && namespace !== own.namespace) continue
    for (const rule of rulesOf(policy)) {
      if (!rule.endpointSelector || !matches(rule.endpointSelector, own)) continue
      for (const direction of ['ingress', 'egress'] as const) {
        const [allowed, denied] = [rule[direction] ?? [], rule[`${direction}Deny`] ?? []]
        const isAsked = allowed.length > 0 || denied.length > 0
        if (rule.enableDefaultDeny?.[direction] ?? isAsked) enforced.add(direction)
        for (const [parts, isDeny] of [
          [allowed, false],
          [denied, true],
        ] as const)
          for (const part of parts)
            for (const identity of peersOf(part, namespace, source))
              for (const port of portsOf(part, direction === 'ingress' ? own.id : identity, source)) {
                const origins = [namespace === undefined ? name : `${namespace}/${name}`]
                entries.push({ direction, identity, ...port, origins, isBlock: false, isDeny, packets: 0, bytes: 0 })
              }
      }
    }
  }
  return { enforced: [...enforced], entries }
}

/** The identities that a rule is about; 0 for everyone, none for a rule that names neither peers nor ports. */
function peersOf(rule: PeerRule, namespace: string | undefined, source: PolicySource): number[] {
  const endpoints = rule.fromEndpoints ?? rule.toEndpoints
  const entities = rule.fromEntities ?? rule.toEntities
  const blocks = blocksOf(rule)
  if (!endpoints && !entities && blocks.length === 0) return rule.toPorts?.length ? [reservedIdentity.unknown] : []
  const found = new Set<number>()
  for (const selector of endpoints ?? [])
    for (const each of source.identities.values())
      if (isInReach(selector, each, namespace) && matches(selector, each)) found.add(each.id)
  for (const entity of entities ?? []) for (const id of identitiesOf(entity, source)) found.add(id)
  for (const { cidr, except } of blocks) for (const id of rangesIn(cidr, except, source)) found.add(id)
  return [...found]
}

function blocksOf(rule: PeerRule): { cidr: string; except: string[] }[] {
  const plain = (rule.fromCIDR ?? rule.toCIDR ?? []).map(cidr => ({ cidr, except: [] }))
  const sets = (rule.fromCIDRSet ?? rule.toCIDRSet ?? []).flatMap(({ cidr, except = [] }) =>
    cidr ? [{ cidr, except }] : [],
  )
  return [...plain, ...sets]
}

/** Identities outside of the cluster: those of ranges never stand for pods or nodes. */
function rangesIn(cidr: string, except: readonly string[], { ipCache }: PolicySource): number[] {
  const whole = parsePrefix(cidr)
  if (!whole) return []
  const holes = except.flatMap(text => parsePrefix(text) ?? [])
  const isWithin = (prefix: Prefix, outer: Prefix) => prefix.length >= outer.length && contains(outer, prefix.address)
  const found = ipCache.ranges
    .filter(({ prefix }) => isWithin(prefix, whole) && !holes.some(hole => isWithin(prefix, hole)))
    .map(({ identity }) => identity)
  return whole.length === 0 ? [...found, reservedIdentity.world] : found
}

function identitiesOf(entity: string, { identities, ipCache }: PolicySource): number[] {
  if (entity === 'all') return [reservedIdentity.unknown]
  if (entity === 'world') return [reservedIdentity.world, ...ipCache.ranges.map(({ identity }) => identity)]
  if (entity === 'cluster') {
    const { unknown, world, ...inside } = reservedIdentity
    return [...Object.values(inside), ...identities.keys()]
  }
  if (entity === 'remote-node') return [reservedIdentity['remote-node'], reservedIdentity['kube-apiserver']]
  const reserved: Readonly<Record<string, number>> = reservedIdentity
  return reserved[entity] === undefined ? [] : [reserved[entity]]
}

/** A policy of a namespace speaks of its own pods, unless a selector names another namespace. */
function isInReach(selector: LabelSelector, { namespace: own }: KnownIdentity, namespace: string | undefined): boolean {
  if (namespace === undefined || own === namespace) return true
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({ key }) => key),
  ].map(plainKey)
  return keys.some(key => key === namespaceKey || key.startsWith(namespacePrefix))
}

function matches(selector: LabelSelector, identity: KnownIdentity): boolean {
  const { matchLabels, matchExpressions } = selector
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => [plainKey(key), value])
  return matchesSelector(
    {
      matchLabels: Object.fromEntries(labels),
      matchExpressions: (matchExpressions ?? []).map(each => ({ ...each, key: plainKey(each.key) })),
    },
    identity.all,
  )
}

/** A label's key without its source: `k8s:app`. */
function plainKey(key: string): string {
  return key.replace(/^(k8s|any)[:.]/, '')
}

function portsOf({ toPorts }: PeerRule, receiver: number, source: PolicySource) {
  if (!toPorts?.length) return [{ protocol: 0, port: 0, prefixLength: 0 }]
  return toPorts.flatMap(({ ports }) => {
    if (!ports?.length) return [{ protocol: 0, port: 0, prefixLength: 0 }]
    return ports.flatMap(({ port, endPort, protocol = 'ANY' }) => {
      const names = protocol === 'ANY' ? ['TCP', 'UDP', 'SCTP'] : [protocol]
      return names.flatMap(name => {
        const number = protocolNumbers[name.toLowerCase() as Protocol]
        if (!/^\d+$/.test(port))
          return source
            .namedPorts(receiver)
            .filter(each => each.name === port && each.protocol === name)
            .map(each => ({ protocol: number, port: each.port, prefixLength: 16 }))
        if (Number(port) === 0) return [{ protocol: number, port: 0, prefixLength: 0 }]
        return portPrefixes(Number(port), endPort || Number(port)).map(each => ({
          protocol: number,
          port: each.port,
          prefixLength: each.length,
        }))
      })
    })
  })
}
