import type { TrackedConnection } from './conntrack.ts'
import type { NetworkInterface } from './interface.ts'
import type { Ipv4Packet } from './packet.ts'
import type { SocketOwner } from './sockets.ts'

/** What the connection table says of a packet; it refuses one for which it has no room. */
export type Tracking = 'none' | 'new' | 'established' | 'related' | 'invalid' | 'untracked' | 'refused'

/** Where a tunnel that serves several sends a packet, or where it got one from. */
export interface TunnelKey {
  readonly id: number
  readonly remote: number
}

/** A packet inside a machine, with all that the kernel notes beside it and that never runs on a wire. */
export class SocketBuffer {
  packet: Ipv4Packet
  mark = 0
  connection: TrackedConnection | undefined = undefined
  tracking: Tracking = 'none'
  /** Whether the packet runs against the direction of its connection's first packet. */
  isReply = false
  input: NetworkInterface | undefined = undefined
  output: NetworkInterface | undefined = undefined
  /** The ports of the bridge that a bridged packet comes in and leaves by. */
  physicalIn: NetworkInterface | undefined = undefined
  physicalOut: NetworkInterface | undefined = undefined
  /** The sender's Ethernet address of a frame that came in by a bridge. */
  bridgedSource: string | undefined = undefined
  /** The bridge has already shown it to PREROUTING. */
  isPrerouted = false
  /** It came by a bridge in pieces, and was put together there. */
  isGathered = false
  /** IPVS has seen to it. */
  isBalanced = false
  /** The peer has just shown that it hears us, which confirms the neighbour. */
  confirms = false
  owner: SocketOwner | undefined = undefined
  /** The only interface that its socket uses. */
  boundTo: string | undefined = undefined
  /** The neighbour that gets the packet, for tunnels that have no Ethernet addresses. */
  nextHop: number | undefined = undefined
  /** For tunnels that are told with each packet where it goes. */
  tunnel: TunnelKey | undefined = undefined
  /** Reports to the socket what keeps the packet from leaving. */
  onFault: ((code: 'EPERM') => void) | undefined = undefined

  constructor(packet: Ipv4Packet) {
    this.packet = packet
  }

  /** Another one with the same notes, for a copy of the packet. */
  copy(): SocketBuffer {
    const copy = new SocketBuffer(this.packet)
    copy.mark = this.mark
    copy.connection = this.connection
    copy.tracking = this.tracking
    copy.isReply = this.isReply
    copy.input = this.input
    copy.output = this.output
    copy.physicalIn = this.physicalIn
    copy.physicalOut = this.physicalOut
    copy.bridgedSource = this.bridgedSource
    copy.isPrerouted = this.isPrerouted
    copy.isBalanced = this.isBalanced
    copy.isGathered = this.isGathered
    return copy
  }
}
