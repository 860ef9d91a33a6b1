import type { ProxySettings } from './iptablesRules.ts'

/** A rule in a built-in chain that leads into one of the proxy's. */
export interface Jump {
  readonly table: 'filter' | 'nat'
  readonly from: string
  readonly to: string
  readonly comment: string
  readonly onlyNew?: true
}

/** In the order in which they are put at the front, so that the last comes first. */
export const jumps: readonly Jump[] = [
  ...(['INPUT', 'FORWARD'] as const).map(from => ({
    table: 'filter' as const,
    from,
    to: 'KUBE-EXTERNAL-SERVICES',
    comment: 'kubernetes externally-visible service portals',
    onlyNew: true as const,
  })),
  { table: 'filter', from: 'INPUT', to: 'KUBE-NODEPORTS', comment: 'kubernetes health check service ports' },
  ...(['FORWARD', 'OUTPUT'] as const).map(from => ({
    table: 'filter' as const,
    from,
    to: 'KUBE-SERVICES',
    comment: 'kubernetes service portals',
    onlyNew: true as const,
  })),
  { table: 'filter', from: 'FORWARD', to: 'KUBE-FORWARD', comment: 'kubernetes forwarding rules' },
  ...(['INPUT', 'OUTPUT', 'FORWARD'] as const).map(from => ({
    table: 'filter' as const,
    from,
    to: 'KUBE-PROXY-FIREWALL',
    comment: 'kubernetes load balancer firewall',
    onlyNew: true as const,
  })),
  { table: 'nat', from: 'OUTPUT', to: 'KUBE-SERVICES', comment: 'kubernetes service portals' },
  { table: 'nat', from: 'PREROUTING', to: 'KUBE-SERVICES', comment: 'kubernetes service portals' },
  { table: 'nat', from: 'POSTROUTING', to: 'KUBE-POSTROUTING', comment: 'kubernetes postrouting rules' },
]

/** Chains that the kubelet jumps to as well; without a comment. */
export const firewallJumps = ['INPUT', 'OUTPUT'] as const

export const filterChains = [
  'KUBE-SERVICES',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-FORWARD',
  'KUBE-NODEPORTS',
  'KUBE-PROXY-FIREWALL',
] as const

export const natChains = ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ'] as const

/** Rules of the filter table that do not depend on any Service. */
export const forwardRules: readonly string[] = [
  '-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP',
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
]

/** Packets from elsewhere that pretend to be for this machine alone (CVE-2020-8558). */
export const firewallRule =
  '-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP'

/** The mark says "masquerade me", and is taken off again where that happens. */
export const masqueradeRules: readonly string[] = [
  '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
  '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
]

/** What is for no Service address may still be for a node port. */
export function nodePortRules({ nodePortAddresses, localhostNodePorts }: ProxySettings): string[] {
  const comment = '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain"'
  if (nodePortAddresses)
    return nodePortAddresses.map(address => `-A KUBE-SERVICES ${comment} -d ${address} -j KUBE-NODEPORTS`)
  const exception = localhostNodePorts ? '' : ' ! -d 127.0.0.0/8'
  return [`-A KUBE-SERVICES ${comment} -m addrtype --dst-type LOCAL${exception} -j KUBE-NODEPORTS`]
}
