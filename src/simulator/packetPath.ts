/** The way of one request through the network, stop by stop, there and back. */
export interface PacketPath {
  readonly id: number
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly from: string
  readonly to: string
  readonly verdict: 'answered' | 'refused' | 'rejected' | 'unanswered' | 'open'
  readonly stops: readonly PacketStop[]
}

export interface PacketStop {
  readonly at: number
  readonly place: PacketPlace
  readonly interface: string
  /** What happened here. */
  readonly kind: StopKind
  /** The line of `iptables-save`, `ip route`, `bridge fdb` … that decided, as that command prints it. */
  readonly by: string
  readonly before: string
  readonly after: string
}

export interface PacketPlace {
  readonly kind: 'pod' | 'node' | 'workstation' | 'outside'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

export type StopKind =
  | 'send'
  | 'route'
  | 'switch'
  | 'rewrite'
  | 'encapsulate'
  | 'decapsulate'
  | 'forward'
  | 'deliver'
  | 'drop'
  | 'reject'
  | 'expire'
