import type { NetworkPolicySpec } from '../../simulator/cluster/kinds/networkPolicy.ts'

export type Labels = Readonly<Record<string, string>>

/** What stays the same for many labs, because it takes long to boot. */
export interface Ground {
  readonly plugin: string
  readonly backend: string | undefined
  readonly proxy: 'iptables' | 'nftables' | 'ipvs'
  readonly nodes: readonly string[]
  readonly pods: readonly GroundPod[]
  readonly seed: number
}

/** A pod's place and what it serves. */
export interface GroundPod {
  readonly namespace: string
  readonly name: string
  readonly node: string
  /** Where it listens for HTTP; its container calls the port `web`. It listens for datagrams on 81 as well. */
  readonly web: number
  readonly isReady: boolean
  readonly isOnHostNetwork: boolean
}

/** One lab of the property test, as plain facts. */
export interface DrawnLab {
  readonly seed: number
  /** Labels of each namespace, and of each pod by `namespace/name`. */
  readonly namespaces: Readonly<Record<string, Labels>>
  readonly pods: Readonly<Record<string, Labels>>
  readonly services: readonly DrawnService[]
  readonly policies: readonly DrawnPolicy[]
  readonly fault: DrawnFault | undefined
  readonly packets: readonly DrawnPacket[]
}

export interface DrawnService {
  readonly namespace: string
  readonly name: string
  readonly type: 'ClusterIP' | 'NodePort'
  /** Undefined means that nobody fills in endpoints. */
  readonly selector: Labels | undefined
  readonly ports: readonly DrawnPort[]
  readonly isInternalLocal: boolean
  readonly isExternalLocal: boolean
  readonly isSticky: boolean
  readonly publishesNotReady: boolean
}

export interface DrawnPort {
  readonly name: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly targetPort: number | 'web'
  /** Of Services of type NodePort. */
  readonly nodePort: number | undefined
}

export interface DrawnPolicy {
  readonly namespace: string
  readonly name: string
  readonly spec: NetworkPolicySpec
}

/** Something that is broken on a node while the packets run. */
export type DrawnFault =
  | { readonly kind: 'forwardingOff'; readonly node: string }
  | { readonly kind: 'routeGone'; readonly node: string; readonly towards: string }

/** Who sends what to whom. */
export interface DrawnPacket {
  readonly from: Place
  readonly to:
    | { readonly kind: 'pod'; readonly pod: string; readonly port: number }
    | { readonly kind: 'service'; readonly service: string; readonly port: number }
    | { readonly kind: 'nodePort'; readonly node: string; readonly service: string; readonly port: number }
    | { readonly kind: 'node'; readonly node: string; readonly port: number }
    | { readonly kind: 'outside'; readonly port: number }
    | { readonly kind: 'internet'; readonly port: number }
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp'
}

export type Place =
  | { readonly kind: 'pod'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'workstation' }

/** Where the workstation listens, as a server outside of the cluster. */
export const outsidePort = 7000
/** Where pods listen for datagrams. */
export const datagramPort = 81

/** Where pods listen for SCTP associations. */
export const associationPort = 82
/** A web server somewhere in the internet. */
export const internetAddress = '203.0.113.10'

/** `namespace/name`. */
export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`
}
