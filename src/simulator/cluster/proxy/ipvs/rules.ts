import type { Jump } from '../sharedRules.ts'
import { forwardRules, masqueradeRules } from '../sharedRules.ts'
import { proxySets, type SetName, type WantedSets } from './sets.ts'

/** In the order in which they are put at the front, so that the last comes first. */
export const ipvsJumps: readonly Jump[] = [
  { table: 'nat', from: 'OUTPUT', to: 'KUBE-SERVICES', comment: 'kubernetes service portals' },
  { table: 'nat', from: 'PREROUTING', to: 'KUBE-SERVICES', comment: 'kubernetes service portals' },
  { table: 'nat', from: 'POSTROUTING', to: 'KUBE-POSTROUTING', comment: 'kubernetes postrouting rules' },
  { table: 'filter', from: 'FORWARD', to: 'KUBE-FORWARD', comment: 'kubernetes forwarding rules' },
  { table: 'filter', from: 'INPUT', to: 'KUBE-NODE-PORT', comment: 'kubernetes health check rules' },
  { table: 'filter', from: 'INPUT', to: 'KUBE-PROXY-FIREWALL', comment: 'kube-proxy firewall rules' },
  { table: 'filter', from: 'FORWARD', to: 'KUBE-PROXY-FIREWALL', comment: 'kube-proxy firewall rules' },
  { table: 'filter', from: 'INPUT', to: 'KUBE-IPVS-FILTER', comment: 'kubernetes ipvs access filter' },
  { table: 'filter', from: 'OUTPUT', to: 'KUBE-IPVS-OUT-FILTER', comment: 'kubernetes ipvs access filter' },
]

/** The chains of each table. */
export const ipvsChains = {
  nat: ['KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-NODE-PORT', 'KUBE-LOAD-BALANCER', 'KUBE-MARK-MASQ'],
  filter: [
    'KUBE-FORWARD',
    'KUBE-NODE-PORT',
    'KUBE-PROXY-FIREWALL',
    'KUBE-SOURCE-RANGES-FIREWALL',
    'KUBE-IPVS-FILTER',
    'KUBE-IPVS-OUT-FILTER',
  ],
} as const

/** Rules that stand in only when their set has members: where from, where to, and what of a packet is compared. */
const bySet: readonly (readonly [
  name: SetName,
  table: 'nat' | 'filter',
  from: string,
  to: string,
  fields: string,
  protocol?: string,
])[] = [
  ['KUBE-LOOP-BACK', 'nat', 'KUBE-POSTROUTING', 'MASQUERADE', 'dst,dst,src'],
  ['KUBE-LOAD-BALANCER', 'nat', 'KUBE-SERVICES', 'KUBE-LOAD-BALANCER', 'dst,dst'],
  ['KUBE-LOAD-BALANCER-LOCAL', 'nat', 'KUBE-LOAD-BALANCER', 'RETURN', 'dst,dst'],
  ['KUBE-NODE-PORT-LOCAL-TCP', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst', 'tcp'],
  ['KUBE-NODE-PORT-TCP', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst', 'tcp'],
  ['KUBE-NODE-PORT-LOCAL-UDP', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst', 'udp'],
  ['KUBE-NODE-PORT-UDP', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst', 'udp'],
  ['KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'nat', 'KUBE-NODE-PORT', 'RETURN', 'dst,dst', 'sctp'],
  ['KUBE-NODE-PORT-SCTP-HASH', 'nat', 'KUBE-NODE-PORT', 'KUBE-MARK-MASQ', 'dst,dst', 'sctp'],
  ['KUBE-LOAD-BALANCER-FW', 'filter', 'KUBE-PROXY-FIREWALL', 'KUBE-SOURCE-RANGES-FIREWALL', 'dst,dst'],
  ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'filter', 'KUBE-SOURCE-RANGES-FIREWALL', 'RETURN', 'dst,dst,src'],
  ['KUBE-LOAD-BALANCER-SOURCE-IP', 'filter', 'KUBE-SOURCE-RANGES-FIREWALL', 'RETURN', 'dst,dst,src'],
]

/**
 * The input of iptables-restore: few rules, which ask sets. Source: writeIptablesRules in
 * kubernetes/pkg/proxy/ipvs/proxier.go.
 */
// Simplified: without the rules of KUBE-IPVS-OUT-FILTER, a node outside of a Service's loadBalancerSourceRanges may use
// its load balancer address.
export function ipvsRules(
  sets: WantedSets,
  settings: { readonly clusterCidr: string | undefined; readonly masqueradesAll?: boolean },
): string {
  const own = (table: 'nat' | 'filter') =>
    bySet
      .filter(([name, of]) => of === table && !sets.isEmpty(name))
      .map(([name, , from, to, fields, protocol]) => {
        const only = protocol ? `-p ${protocol} ` : ''
        return `-A ${from} ${only}${asks(name, fields)} -j ${to}`
      })
  const accepted = (['KUBE-CLUSTER-IP', 'KUBE-LOAD-BALANCER'] as const).filter(name => !sets.isEmpty(name))
  return [
    '*nat',
    ...ipvsChains.nat.map(declaration),
    '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN',
    ...own('nat'),
    ...clusterAddressRules(sets, settings),
    ...externalAddressRules(sets),
    '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
    '-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ',
    ...accepted.map(name => `-A KUBE-SERVICES -m set --match-set ${name} dst,dst -j ACCEPT`),
    ...masqueradeRules,
    'COMMIT',
    '*filter',
    ...ipvsChains.filter.map(declaration),
    ...own('filter'),
    '-A KUBE-SOURCE-RANGES-FIREWALL -j DROP',
    // In this mode invalid packets are forwarded.
    ...forwardRules.slice(1),
    `-A KUBE-NODE-PORT ${asks('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')} -j ACCEPT`,
    ...['KUBE-LOAD-BALANCER', 'KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'].map(
      name => `-A KUBE-IPVS-FILTER -m set --match-set ${name} dst,dst -j RETURN`,
    ),
    '-A KUBE-IPVS-FILTER -m set --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j RETURN',
    '-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT',
    'COMMIT',
    '',
  ].join('\n')
}

/** Who comes from outside of the pods is masqueraded, or who has a virtual address where nobody can be told apart. */
function clusterAddressRules(
  sets: WantedSets,
  { clusterCidr, masqueradesAll }: { readonly clusterCidr: string | undefined; readonly masqueradesAll?: boolean },
): string[] {
  if (sets.isEmpty('KUBE-CLUSTER-IP')) return []
  const rule = (fields: string, more: string) =>
    `-A KUBE-SERVICES${more} ${asks('KUBE-CLUSTER-IP', fields)} -j KUBE-MARK-MASQ`
  if (masqueradesAll) return [rule('dst,dst', '')]
  return [clusterCidr === undefined ? rule('src,dst', '') : rule('dst,dst', ` ! -s ${clusterCidr}`)]
}

function externalAddressRules(sets: WantedSets): string[] {
  const lead = (name: SetName) => `-A KUBE-SERVICES ${asks(name, 'dst,dst')}`
  const accept = (name: SetName) => [
    `${lead(name)} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
    `${lead(name)} -m addrtype --dst-type LOCAL -j ACCEPT`,
  ]
  return [
    ...(sets.isEmpty('KUBE-EXTERNAL-IP')
      ? []
      : [`${lead('KUBE-EXTERNAL-IP')} -j KUBE-MARK-MASQ`, ...accept('KUBE-EXTERNAL-IP')]),
    ...(sets.isEmpty('KUBE-EXTERNAL-IP-LOCAL') ? [] : accept('KUBE-EXTERNAL-IP-LOCAL')),
  ]
}

function asks(name: SetName, fields: string): string {
  return `-m comment --comment "${proxySets[name][1]}" -m set --match-set ${name} ${fields}`
}

function declaration(chain: string): string {
  return `:${chain} - [0:0]`
}
