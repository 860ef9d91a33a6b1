import type { Clock } from '../../../clock.ts'
import { formatIpv4, type Prefix } from '../../../network/address.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { type Ipv4Packet, icmpType, packetLength, protocolNumbers } from '../../../network/packet.ts'
import { SocketBuffer } from '../../../network/socketBuffer.ts'
import type { Vxlan } from '../../../network/vxlan.ts'
import type { Random } from '../../../random.ts'
import type { NetworkPolicy } from '../../kinds/networkPolicy.ts'
import { withSource } from './addressRewriting.ts'
import type { CiliumPolicy } from './ciliumPolicy.ts'
import { ConnectionTracking, type Tracked, type TrackedAs, wholeTuple } from './connectionTracking.ts'
import { FlowLog, type ObservationPoint } from './flowLog.ts'
import { reservedIdentity } from './identity.ts'
import { IpCache } from './ipCache.ts'
import type { LocalEndpoint } from './localEndpoint.ts'
import { NatMap } from './natMap.ts'
import type { Direction } from './policyMap.ts'
import { entryText, matchWords } from './policyText.ts'
import { ServiceMap } from './serviceMap.ts'

/** What a node's datapath is made for. */
export interface DatapathOptions {
  readonly clock: Clock
  readonly random: Random
  /** The node's own network. */
  readonly host: NetworkNamespace
  readonly nodeName: string
  /** The node's address on the LAN, and the interface that has it. */
  readonly nodeAddress: number
  readonly outside: string
  /** The node's range of pod addresses. */
  readonly range: Prefix
  /** The address of cilium_host. */
  readonly router: number
  readonly isTunnelling: boolean
  /** What the node itself is called in the list of endpoints. */
  readonly hostEndpoint: number
  /** What the node's own programs and addresses are: `reserved:host`, and labels of the node. */
  readonly hostLabels: readonly string[]
}

/** Who answers requests of the CNI plugin and of the command line, as long as it runs. */
export interface AgentDoor {
  /** A pod wants to be connected. */
  connect(request: ConnectRequest): LocalEndpoint
  disconnect(endpoint: LocalEndpoint): void
  /** The identities that are known, with their labels: `k8s:app=web`. */
  identities(): ReadonlyMap<number, readonly string[]>
  /** The nodes that it knows, its own among them. */
  nodes(): readonly KnownNode[]
  /** The policies that it has, with their texts. */
  policies(): readonly (NetworkPolicy | CiliumPolicy)[]
}

/** A node, as lists write it. */
export interface KnownNode {
  readonly name: string
  readonly address: string
  readonly range: string
  readonly isOwn: boolean
}

/** What the CNI plugin tells the agent of a new pod. */
export interface ConnectRequest {
  readonly containerId: string
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly address: number
  readonly device: NetworkInterface
  readonly inside: NetworkInterface
  readonly network: NetworkNamespace
}

/** For packets that no connection is looked up for. */
export const unknownFlow: Tracked = { as: 'new', isReported: true }

/** Under which name the kernel keeps a node's maps and programs. */
const pinName = '/sys/fs/bpf/tc/globals'

/** The maps of a node that Cilium's programs share: they stay in the kernel when the agent ends. */
export class Datapath {
  readonly options: DatapathOptions
  readonly endpoints = new Map<number, LocalEndpoint>()
  readonly ipCache = new IpCache()
  readonly connections: ConnectionTracking
  readonly services: ServiceMap
  readonly nat: NatMap
  readonly flows: FlowLog
  /** Addresses of pods that are handed out (IPAM). */
  readonly allocated = new Map<number, string>()
  /** Drops by reason and direction, for `cilium-dbg bpf metrics list`. */
  readonly metrics = new Map<string, { packets: number; bytes: number }>()
  agent: AgentDoor | undefined = undefined

  constructor(options: DatapathOptions) {
    this.options = options
    this.connections = new ConnectionTracking(options.clock)
    this.services = new ServiceMap(options.clock, options.random.fork('services'))
    this.nat = new NatMap(options.random.fork('nat'))
    this.flows = new FlowLog(options.clock)
    options.host.pinned.set(pinName, this)
  }

  /** The datapath of a node, if an agent has ever run there. */
  static of(host: NetworkNamespace): Datapath | undefined {
    const found = host.pinned.get(pinName)
    return found instanceof Datapath ? found : undefined
  }

  /** What packets from or to an address count as on this node. */
  identityOf(address: number): number {
    const { host } = this.options
    return host.isLocal(address) ? reservedIdentity.host : this.ipCache.identityOf(address)
  }

  /** Hands a packet to a pod of this node, if its policy lets it in. */
  deliver(packet: Ipv4Packet, sourceIdentity: number, endpoint: LocalEndpoint): void {
    const { host } = this.options
    const tracked = this.connections.look('IN', packet)
    const { as, flow } = tracked
    let whole = packet
    if (as === 'reply' && flow?.frontend) whole = this.restoreSource(packet, flow.frontend, endpoint.device.name)
    if (as === 'new' || as === 'established') {
      const refusal = this.judge('ingress', endpoint, packet, sourceIdentity, packet.source, as)
      if (refusal) return this.drop(packet, refusal, sourceIdentity, endpoint.identity, endpoint, endpoint)
      if (as === 'new') this.connections.begin('IN', packet, sourceIdentity)
    }
    if (whole.ttl <= 1) {
      host.note('expire', endpoint.device.name, 'time to live ran out', '', whole)
      return host.ipv4.sendError(new SocketBuffer(whole), { type: icmpType.timeExceeded, code: 0 })
    }
    const payload = { ...whole, ttl: whole.ttl - 1 }
    this.seen('to-endpoint', whole, sourceIdentity, endpoint.identity, 0, endpoint, tracked)
    host.note(
      'forward',
      endpoint.device.name,
      `to endpoint ${endpoint.id}`,
      () => `cilium_lxc ${formatIpv4(endpoint.address)} -> id=${endpoint.id} ifindex=${endpoint.device.index}`,
      whole,
      payload,
    )
    endpoint.device.transmit({ source: endpoint.device.mac, destination: endpoint.mac, payload })
  }

  /** Sends a packet through the tunnel to the node behind which its destination is. */
  encapsulate(
    packet: Ipv4Packet,
    identity: number,
    remote: number,
    destinationIdentity: number,
    from: number,
    tracked: Tracked = unknownFlow,
  ): void {
    const { host } = this.options
    const tunnel = host.interface('cilium_vxlan') as Vxlan | undefined
    if (!tunnel) return
    const buffer = new SocketBuffer(packet)
    buffer.tunnel = { id: identity === reservedIdentity.host ? reservedIdentity['remote-node'] : identity, remote }
    this.seen('to-overlay', packet, identity, destinationIdentity, from, undefined, tracked, 'cilium_vxlan')
    tunnel.transmit({ source: tunnel.mac, destination: tunnel.mac, payload: packet }, buffer)
  }

  /** Asks an endpoint's policy map about a packet: nothing when it may pass, else why it must not. */
  judge(
    direction: Direction,
    endpoint: LocalEndpoint,
    packet: Ipv4Packet,
    identity: number,
    address: number,
    as: TrackedAs,
  ): string | undefined {
    const { policy } = endpoint
    const protocol = protocolNumbers[packet.protocol]
    const port = packet.protocol === 'icmp' ? 0 : (wholeTuple(packet)?.destinationPort ?? 0)
    // Simplified: pods with the same labels may call different ports alike; the real map cannot tell them apart.
    const isNamed = (names: readonly string[]) =>
      this.ipCache.get(address)?.namedPorts?.some(each => names.includes(each.name) && each.port === port) ?? false
    const denied = policy.findDeny(direction, identity, protocol, port)
    const entry = denied
      ? undefined
      : (policy.find(direction, identity, protocol, port, isNamed) ??
        // Simplified: an ipBlock counts for pods and nodes too, as the API says; the real one only outside of the cluster.
        policy.findBlock(direction, this.ipCache.rangeIdentityOf(address), protocol, port, isNamed))
    const { host } = this.options
    if (entry) {
      entry.packets++
      entry.bytes += packetLength(packet)
    }
    if (denied) {
      denied.packets++
      denied.bytes += packetLength(packet)
    }
    if ((policy.isEnforced[direction] || denied) && as === 'new') {
      const [source, destination] =
        direction === 'egress' ? [endpoint.identity, identity] : [identity, endpoint.identity]
      this.flows.add({
        kind: 'policy-verdict',
        words: matchWords(entry ?? denied),
        packet,
        sourceIdentity: source,
        destinationIdentity: destination,
        endpoint: endpoint.id,
        target: 0,
        tracking: as,
        device: '',
        direction,
        isAllowed: entry !== undefined,
      })
      if (entry)
        host.note(
          'rule',
          endpoint.device.name,
          'policy ACCEPT',
          () => `policy map ${endpoint.id}: ${entryText(entry)}`,
          packet,
        )
    }
    if (denied) return 'Policy denied by denylist'
    return entry ? undefined : 'Policy denied'
  }

  /** Lets a packet go no further. */
  drop(
    packet: Ipv4Packet,
    reason: string,
    sourceIdentity: number,
    destinationIdentity: number,
    endpoint: LocalEndpoint | undefined,
    target?: LocalEndpoint,
  ): void {
    const { host, outside } = this.options
    const device = endpoint?.device.name ?? outside
    this.flows.add({
      kind: 'drop',
      words: reason,
      packet,
      sourceIdentity,
      destinationIdentity,
      endpoint: endpoint?.id ?? 0,
      target: target?.id ?? 0,
      tracking: 'new',
      device,
      direction: target ? 'ingress' : 'egress',
    })
    this.#count(`${reason} ${target ? 'INGRESS' : 'EGRESS'}`, packet)
    const place = target ? 'ingress' : 'egress'
    const by = () =>
      endpoint
        ? `policy map ${endpoint.id}: ${reason === 'Policy denied' ? 'no' : 'a deny'} ${place} entry for identity ${target ? sourceIdentity : destinationIdentity}`
        : ''
    host.note('drop', device, reason, reason.startsWith('Policy denied') ? by : '', packet)
  }

  /** Writes down where a packet was seen. */
  seen(
    point: ObservationPoint,
    packet: Ipv4Packet,
    sourceIdentity: number,
    destinationIdentity: number,
    endpoint: number,
    target: LocalEndpoint | undefined,
    tracked: Tracked,
    device = target?.device.name ?? '',
  ): void {
    this.#count(`Success ${point === 'to-endpoint' ? 'INGRESS' : 'EGRESS'}`, packet)
    if (!tracked.isReported) return
    this.flows.add({
      kind: 'trace',
      words: point,
      packet,
      sourceIdentity,
      destinationIdentity,
      endpoint,
      target: target?.id ?? 0,
      tracking: tracked.as,
      device,
    })
  }

  /** Gives an answer the address back that the question was sent to. */
  restoreSource(
    packet: Ipv4Packet,
    frontend: { readonly address: number; readonly port: number },
    device: string,
  ): Ipv4Packet {
    const restored = withSource(packet, frontend.address, frontend.port)
    this.options.host.note('rewrite', device, 'reverse NAT', `cilium_lb4_reverse_nat`, packet, restored)
    return restored
  }

  #count(key: string, packet: Ipv4Packet): void {
    const found = this.metrics.get(key) ?? { packets: 0, bytes: 0 }
    found.packets++
    found.bytes += packetLength(packet)
    this.metrics.set(key, found)
  }
}
