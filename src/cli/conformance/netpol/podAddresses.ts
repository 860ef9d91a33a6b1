import type { NetworkPolicy, NetworkPolicyPeer } from '../../../simulator/cluster/kinds/networkPolicy.ts'
import { contains, parseIpv4, parsePrefix } from '../../../simulator/network/address.ts'
import type { PolicyPod } from './policyCase.ts'

/**
 * A policy whose ranges hold the addresses that pods have here, in place of those that they have in the case. A range
 * becomes the addresses of those pods that it chooses, and stays beside them where it chooses machines outside as well.
 */
export function withAddresses(
  policy: NetworkPolicy,
  pods: readonly PolicyPod[],
  addressOf: (pod: PolicyPod) => string,
): NetworkPolicy {
  const translate = (peers: readonly NetworkPolicyPeer[] | undefined) =>
    peers?.flatMap(peer => (peer.ipBlock ? translated(peer, pods, addressOf) : [peer]))
  const { ingress, egress } = policy.spec
  return {
    ...policy,
    spec: {
      ...policy.spec,
      ...(ingress && {
        ingress: ingress.map(({ from, ...rest }) => ({ ...rest, ...(from && { from: translate(from)! }) })),
      }),
      ...(egress && { egress: egress.map(({ to, ...rest }) => ({ ...rest, ...(to && { to: translate(to)! }) })) }),
    },
  }
}

function translated(
  peer: NetworkPolicyPeer,
  pods: readonly PolicyPod[],
  addressOf: (pod: PolicyPod) => string,
): NetworkPolicyPeer[] {
  const { cidr, except = [] } = peer.ipBlock!
  const isIn = (range: string, ip: string) => contains(parsePrefix(range)!, parseIpv4(ip)!)
  const chosen = pods.filter(({ ip }) => isIn(cidr, ip) && !except.some(each => isIn(each, ip)))
  const inside = chosen.filter(({ external }) => !external).map(pod => ({ ipBlock: { cidr: `${addressOf(pod)}/32` } }))
  const hasOutside = chosen.some(({ external }) => external)
  // A list of peers that has become empty would mean everybody.
  return inside.length > 0 || hasOutside ? [...(hasOutside ? [peer] : []), ...inside] : [nobody]
}

/** An address that no one has here. */
const nobody: NetworkPolicyPeer = { ipBlock: { cidr: '198.51.100.1/32' } }
