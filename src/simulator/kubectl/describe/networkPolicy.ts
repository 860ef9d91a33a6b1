import { formatSelector, isEmptySelector } from '../../cluster/api/selector.ts'
import { type NetworkPolicy, networkPolicy } from '../../cluster/kinds/networkPolicy.ts'
import { defineDescriber } from './describer.ts'
import { Description } from './description.ts'

type Spec = NonNullable<NetworkPolicy['spec']>
type Peer = NonNullable<NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number]>
type Port = NonNullable<NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number]>
type Rule = { readonly peers: readonly Peer[]; readonly ports: readonly Port[] }

export const networkPolicyDescriber = defineDescriber(networkPolicy, async ({ metadata, spec }) => {
  const text = new Description()
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.line(0, `Created on:\t${metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC')}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, 'Spec:')
  text.line(
    1,
    isEmptySelector(spec?.podSelector)
      ? 'PodSelector: <none> (Allowing the specific traffic to all pods in this namespace)'
      : `PodSelector: ${formatSelector(spec?.podSelector)}`,
  )
  const types = spec?.policyTypes ?? []
  if (types.includes('Ingress')) {
    text.line(1, 'Allowing ingress traffic:')
    const rules = (spec?.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    describeRules(text, rules, 'ingress', 'From')
  } else text.line(1, 'Not affecting ingress traffic')
  if (types.includes('Egress')) {
    text.line(1, 'Allowing egress traffic:')
    const rules = (spec?.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }))
    describeRules(text, rules, 'egress', 'To')
  } else text.line(1, 'Not affecting egress traffic')
  text.line(1, `Policy Types: ${types.join(', ')}`)
  return text.toString()
})

function describeRules(text: Description, rules: readonly Rule[], direction: string, side: string): void {
  if (rules.length === 0) return text.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`)
  for (const [index, { peers, ports }] of rules.entries()) {
    if (ports.length === 0) text.line(2, 'To Port: <any> (traffic allowed to all ports)')
    for (const port of ports) text.line(2, `To Port: ${portText(port)}/${port.protocol ?? 'TCP'}`)
    if (peers.length === 0)
      text.line(2, `${side}: <any> (traffic not restricted by ${side === 'From' ? 'source' : 'destination'})`)
    for (const peer of peers) describePeer(text, peer, side)
    if (index < rules.length - 1) text.line(2, '----------')
  }
}

function portText({ port, endPort }: Port & { endPort?: number }): string {
  return endPort === undefined ? String(port ?? '<any>') : `${port}-${endPort}`
}

function describePeer(text: Description, { podSelector, namespaceSelector, ipBlock }: Peer, side: string): void {
  text.line(2, `${side}:`)
  if (namespaceSelector) text.line(3, `NamespaceSelector: ${formatSelector(namespaceSelector)}`)
  if (podSelector) text.line(3, `PodSelector: ${formatSelector(podSelector)}`)
  if (ipBlock) {
    text.line(3, 'IPBlock:')
    text.line(4, `CIDR: ${ipBlock.cidr}`)
    text.line(4, `Except: ${ipBlock.except?.join(', ') ?? ''}`)
  }
}
