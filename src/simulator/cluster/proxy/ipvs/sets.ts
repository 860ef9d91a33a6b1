import { anywhere, type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import { AddressSet, type SetEntry } from '../../../network/netfilter/addressSet.ts'
import type { Netfilter } from '../../../network/netfilter/netfilter.ts'
import type { Protocol } from '../../../network/packet.ts'

/** The sets that kube-proxy keeps in mode ipvs: their types, and what the rules that ask them are commented with. */
export const proxySets = {
  'KUBE-LOOP-BACK': ['hash:ip,port,ip', 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose'],
  'KUBE-CLUSTER-IP': ['hash:ip,port', 'Kubernetes service cluster ip + port for masquerade purpose'],
  'KUBE-EXTERNAL-IP': ['hash:ip,port', 'Kubernetes service external ip + port for masquerade and filter purpose'],
  'KUBE-EXTERNAL-IP-LOCAL': ['hash:ip,port', 'Kubernetes service external ip + port with externalTrafficPolicy=local'],
  'KUBE-LOAD-BALANCER': ['hash:ip,port', 'Kubernetes service lb portal'],
  'KUBE-LOAD-BALANCER-FW': [
    'hash:ip,port',
    'Kubernetes service load balancer ip + port for load balancer with sourceRange',
  ],
  'KUBE-LOAD-BALANCER-LOCAL': [
    'hash:ip,port',
    'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
  ],
  'KUBE-LOAD-BALANCER-SOURCE-IP': [
    'hash:ip,port,ip',
    'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
  ],
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': [
    'hash:ip,port,net',
    'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
  ],
  'KUBE-NODE-PORT-TCP': ['bitmap:port', 'Kubernetes nodeport TCP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-TCP': ['bitmap:port', 'Kubernetes nodeport TCP port with externalTrafficPolicy=local'],
  'KUBE-NODE-PORT-UDP': ['bitmap:port', 'Kubernetes nodeport UDP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-UDP': ['bitmap:port', 'Kubernetes nodeport UDP port with externalTrafficPolicy=local'],
  'KUBE-NODE-PORT-SCTP-HASH': [
    'hash:ip,port',
    "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
  ],
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': [
    'hash:ip,port',
    "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
  ],
  'KUBE-HEALTH-CHECK-NODE-PORT': ['bitmap:port', 'Kubernetes health check node port'],
  'KUBE-IPVS-IPS': ['hash:ip', 'Addresses on the ipvs interface'],
} as const satisfies Record<string, readonly [type: string, comment: string]>

/** The name of one of them. */
export type SetName = keyof typeof proxySets

const names = Object.keys(proxySets) as SetName[]

/** What the sets are to hold after a sync. */
export class WantedSets {
  readonly #entries = new Map(names.map(name => [name, [] as SetEntry[]]))

  isEmpty(name: SetName): boolean {
    return this.#entries.get(name)!.length === 0
  }

  /** An address, with a port where the set's type has one, and a third part. */
  add(name: SetName, address: string, protocol?: string, port?: number, other?: string): void {
    const prefix: Prefix = { address: parseIpv4(address)!, length: 32 }
    const third = other === undefined ? undefined : parsePrefix(other)
    this.#entries.get(name)!.push({
      prefix,
      ...(port !== undefined && { protocol: protocol as Protocol, port }),
      ...(third && { other: third }),
    })
  }

  /** A bare port. */
  addPort(name: SetName, protocol: string, port: number): void {
    this.#entries.get(name)!.push({ prefix: anywhere, protocol: protocol as Protocol, port })
  }

  /** Makes the sets of a machine hold this and nothing else. */
  apply(netfilter: Netfilter): void {
    for (const [name, entries] of this.#entries) {
      const [type] = proxySets[name]
      const old = netfilter.sets.get(name)
      const set = new AddressSet(name, type)
      for (const entry of entries) set.add(entry)
      if (old && old.type === type && sameMembers(old, set)) continue
      netfilter.sets.set(name, set)
    }
  }
}

/** Removes what a proxy in mode ipvs has left behind. */
export function removeSets(netfilter: Netfilter): void {
  for (const name of names) netfilter.sets.delete(name)
}

function sameMembers(one: AddressSet, other: AddressSet): boolean {
  return one.members.join() === other.members.join()
}
