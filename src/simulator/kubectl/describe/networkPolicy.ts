import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'kubernetes-types/networking/v1'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { NetworkPolicy } from '../../cluster/kinds/networkPolicy.ts'
import { defineDescriber } from './describer.ts'
import type { Description } from './description.ts'

export const networkPolicy = defineDescriber<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  describe({ metadata, spec }, { text }) {
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.field('Created on', metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC'))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.heading('Spec')
    const selector = formatSelector(spec.podSelector)
    const pods =
      selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector
    text.line(`PodSelector:     ${pods}`, 1)
    const types = spec.policyTypes ?? []
    if (types.includes('Ingress')) {
      text.line('Allowing ingress traffic:', 1)
      describeRules('ingress', spec.ingress ?? [], text)
    } else text.line('Not affecting ingress traffic', 1)
    if (types.includes('Egress')) {
      text.line('Allowing egress traffic:', 1)
      describeRules('egress', spec.egress ?? [], text)
    } else text.line('Not affecting egress traffic', 1)
    text.line(`Policy Types: ${types.join(', ') || '<none>'}`, 1)
  },
})

function describeRules(
  direction: 'ingress' | 'egress',
  rules: readonly (NetworkPolicyIngressRule & NetworkPolicyEgressRule)[],
  text: Description,
): void {
  if (rules.length === 0) return text.line(`<none> (Selected pods are isolated for ${direction} connectivity)`, 2)
  const [side, any] = direction === 'ingress' ? ['From', 'source'] : ['To', 'destination']
  for (const [i, rule] of rules.entries()) {
    if (!rule.ports?.length) text.line('To Port: <any> (traffic allowed to all ports)', 2)
    for (const port of rule.ports ?? []) text.line(portText(port), 2)
    const peers = (direction === 'ingress' ? rule.from : rule.to) ?? []
    if (peers.length === 0) text.line(`${side}: <any> (traffic not restricted by ${any})`, 2)
    for (const peer of peers) {
      text.line(`${side}:`, 2)
      describePeer(peer, text)
    }
    if (i < rules.length - 1) text.line('----------', 2)
  }
}

function portText({ port, endPort, protocol = 'TCP' }: NetworkPolicyPort): string {
  return endPort === undefined
    ? `To Port: ${port ?? '<nil>'}/${protocol}`
    : `To Port Range: ${port}-${endPort}/${protocol}`
}

function describePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, text: Description): void {
  if (namespaceSelector) text.line(`NamespaceSelector: ${formatSelector(namespaceSelector)}`, 3)
  if (podSelector) text.line(`PodSelector: ${formatSelector(podSelector)}`, 3)
  if (!ipBlock || podSelector || namespaceSelector) return
  text.line('IPBlock:', 3)
  text.line(`CIDR: ${ipBlock.cidr}`, 4)
  text.line(`Except: ${(ipBlock.except ?? []).join(', ')}`, 4)
}
