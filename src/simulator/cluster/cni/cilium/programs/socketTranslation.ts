import { isLoopback } from '../../../../network/address.ts'
import type { NetworkNamespace } from '../../../../network/namespace.ts'
import { type Ipv4Packet, noBytes } from '../../../../network/packet.ts'
import type { SocketProgram } from '../../../../network/socketProgram.ts'
import type { Endpoint } from '../../../../network/sockets.ts'
import type { Datapath } from '../datapath.ts'
import { reservedIdentity } from '../identity.ts'
import { type Frontend, nameOf } from '../serviceMap.ts'

/** Leads sockets that connect to a Service to one of its backends before a packet is made (bpf_sock.c). */
export function socketTranslation(datapath: Datapath): SocketProgram {
  return {
    name: 'cil_sock4_connect',
    redirect(protocol, destination, namespace) {
      const frontend = find(datapath, protocol, destination, namespace === datapath.options.host)
      if (!frontend) return undefined
      trace(datapath, namespace, protocol, 'pre-xlate-fwd', destination)
      const backend = datapath.services.choose(frontend, `netns ${namespace.name}`, false)
      if (!backend) return 'EHOSTUNREACH'
      trace(datapath, namespace, protocol, 'post-xlate-fwd', backend)
      const by = `cilium_lb4_services_v2 ${nameOf(destination)} -> ${nameOf(backend)} (${frontend.service})`
      return { destination: { address: backend.address, port: backend.port }, by }
    },
  }
}

/** Node ports are open on the address of every node, and on 127.0.0.1 for the node's own programs. */
function find(datapath: Datapath, protocol: string, to: Endpoint, isHost: boolean): Frontend | undefined {
  const { services, ipCache, options } = datapath
  const found = services.find(protocol, to)
  if (found) return isReachable(datapath, found) ? found : undefined
  const identity = options.host.isLocal(to.address) ? reservedIdentity.host : ipCache.get(to.address)?.identity
  const isOwn = isLoopback(to.address) ? isHost : identity === reservedIdentity.host
  const isNode =
    isOwn || identity === reservedIdentity['remote-node'] || identity === reservedIdentity['kube-apiserver']
  const anyNode = isNode ? services.find(protocol, { address: 0, port: to.port }) : undefined
  return anyNode?.kind === 'HostPort' && !isOwn ? undefined : anyNode
}

/** External addresses that are none of this node are translated packet by packet, where the pod's cable ends. */
function isReachable({ options }: Datapath, { kind, address }: Frontend): boolean {
  return kind !== 'ExternalIPs' || options.host.isLocal(address)
}

/** Writes down what a socket asked for, and where it was led. */
function trace(
  datapath: Datapath,
  namespace: NetworkNamespace,
  protocol: 'tcp' | 'udp',
  words: string,
  { address, port }: Endpoint,
): void {
  const source = namespace.interface('eth0')?.addresses[0]?.address ?? 0
  const endpoint = datapath.endpoints.get(source)
  datapath.flows.add({
    kind: 'trace-sock',
    words,
    packet: { ...socketPacket(protocol, source, address, port), serial: namespace.network.nextSerial() },
    sourceIdentity: endpoint?.identity ?? datapath.identityOf(source),
    destinationIdentity: datapath.identityOf(address),
    endpoint: endpoint?.id ?? 0,
    target: 0,
    tracking: 'new',
    device: '',
  })
}

/** No packet has been made yet: one that bears what is known. */
function socketPacket(protocol: 'tcp' | 'udp', source: number, destination: number, port: number): Ipv4Packet {
  const body = { kind: 'udp', sourcePort: 0, destinationPort: port, data: noBytes } as const
  const header = { kind: 'ipv4', ttl: 64, id: 0, tos: 0, dontFragment: false, flow: 0, serial: 0 } as const
  return { ...header, protocol, source, destination, body }
}
