import type { IPBlock, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1'
import { isWithin, parseRange, rangeText } from '../api/addresses.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../api/fieldError.ts'
import { validateSelector } from '../api/labels.ts'
import { checkPort, checkPortName } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { formatSelector } from '../api/selector.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

export type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1'

/** Who may talk to pods, and to whom they may talk. */
export interface NetworkPolicy extends KubernetesObject {
  spec: NetworkPolicySpec
}

export const networkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  namespaced: true,
  subresources: [],
  hasGeneration: true,
  defaults({ spec }) {
    spec.podSelector ??= {}
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP'
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    validateSelector(spec.podSelector, 'spec.podSelector', errors)
    for (const [index, { ports, from }] of (spec.ingress ?? []).entries())
      validateRule(ports, from, `spec.ingress[${index}]`, 'from', errors)
    for (const [index, { ports, to }] of (spec.egress ?? []).entries())
      validateRule(ports, to, `spec.egress[${index}]`, 'to', errors)
    const types = spec.policyTypes ?? []
    if (types.length > 2) errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'))
    else
      for (const [index, type] of types.entries())
        if (type !== 'Ingress' && type !== 'Egress')
          errors.push(notSupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']))
    return errors
  },
  columns: [nameColumn, { name: 'Pod-Selector', value: ({ spec }) => formatSelector(spec.podSelector) }, ageColumn],
})

function validateRule(
  ports: readonly NetworkPolicyPort[] | undefined,
  peers: readonly NetworkPolicyPeer[] | undefined,
  path: string,
  direction: 'from' | 'to',
  errors: FieldError[],
): void {
  for (const [index, port] of (ports ?? []).entries()) validatePort(port, `${path}.ports[${index}]`, errors)
  for (const [index, peer] of (peers ?? []).entries()) validatePeer(peer, `${path}.${direction}[${index}]`, errors)
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string, errors: FieldError[]): void {
  const protocols = ['SCTP', 'TCP', 'UDP']
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${path}.protocol`, protocol, protocols))
  if (typeof port === 'number') {
    for (const text of checkPort(port)) errors.push(invalid(`${path}.port`, port, text))
    if (endPort === undefined) return
    if (endPort < port) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'))
    for (const text of checkPort(endPort)) errors.push(invalid(`${path}.endPort`, endPort, text))
    return
  }
  if (endPort !== undefined && typeof port === 'string')
    errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'))
  if (typeof port === 'string') {
    for (const text of checkPortName(port)) errors.push(invalid(`${path}.port`, port, text))
  } else if (endPort !== undefined)
    errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'))
}

function validatePeer(peer: NetworkPolicyPeer, path: string, errors: FieldError[]): void {
  const { podSelector, namespaceSelector, ipBlock } = peer
  let count = 0
  if (podSelector) {
    count++
    validateSelector(podSelector, `${path}.podSelector`, errors)
  }
  if (namespaceSelector) {
    count++
    validateSelector(namespaceSelector, `${path}.namespaceSelector`, errors)
  }
  if (ipBlock) {
    count++
    validateBlock(ipBlock, `${path}.ipBlock`, errors)
  }
  if (count === 0) errors.push(required(path, 'must specify a peer'))
  else if (count > 1 && ipBlock) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'))
}

function validateBlock({ cidr, except }: IPBlock, path: string, errors: FieldError[]): void {
  if (!cidr) {
    errors.push(required(`${path}.cidr`))
    return
  }
  const whole = parseRange(cidr)
  if (!whole) {
    errors.push(invalid(`${path}.cidr`, cidr, rangeText))
    return
  }
  for (const [index, text] of (except ?? []).entries()) {
    const part = parseRange(text)
    const at = `${path}.except[${index}]`
    if (!part) errors.push(invalid(at, text, rangeText))
    else if (!isWithin(part.first, whole) || part.length <= whole.length)
      errors.push(invalid(at, text, 'must be a strict subset of `cidr`'))
  }
}
