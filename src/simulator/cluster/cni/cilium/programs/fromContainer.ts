import { formatIpv4 } from '../../../../network/address.ts'
import type { InterfaceProgram } from '../../../../network/interfaceProgram.ts'
import { type Ipv4Packet, icmpType, unreachableCode } from '../../../../network/packet.ts'
import { SocketBuffer } from '../../../../network/socketBuffer.ts'
import type { Endpoint } from '../../../../network/sockets.ts'
import { invert } from '../../../../network/tuple.ts'
import { withDestination } from '../addressRewriting.ts'
import { type Tracked, wholeTuple } from '../connectionTracking.ts'
import type { Datapath } from '../datapath.ts'
import type { LocalEndpoint } from '../localEndpoint.ts'
import { isStillGood, nameOf } from '../serviceMap.ts'

/** Sees what a pod sends, at the node's end of its cable (bpf_lxc.c: cil_from_container). */
export function fromContainer(datapath: Datapath, endpoint: LocalEndpoint): InterfaceProgram {
  return {
    name: 'cil_from_container',
    run(frame, _buffer, device) {
      const { payload } = frame
      if (payload.kind !== 'ipv4') return frame
      if (payload.source !== endpoint.address) {
        datapath.drop(payload, 'Invalid source ip', endpoint.identity, 0, endpoint)
        return undefined
      }
      const balanced = balance(datapath, endpoint, payload)
      if (!balanced) return undefined
      const packet = send(datapath, endpoint, balanced.packet, balanced.frontend)
      return packet && { source: frame.source, destination: device.mac, payload: packet }
    },
  }
}

/** Decides about a packet; what comes back goes on to the node's own stack. */
function send(
  datapath: Datapath,
  endpoint: LocalEndpoint,
  packet: Ipv4Packet,
  frontend: Endpoint | undefined,
): Ipv4Packet | undefined {
  const { connections, ipCache, options } = datapath
  const { destination } = packet
  const identity = datapath.identityOf(destination)
  const tracked = connections.look('OUT', packet)
  const { as } = tracked
  if (as === 'new' || as === 'established') {
    const refusal = datapath.judge('egress', endpoint, packet, identity, destination, as)
    if (refusal) {
      datapath.drop(packet, refusal, endpoint.identity, identity, endpoint)
      return undefined
    }
    if (as === 'new') connections.begin('OUT', packet, endpoint.identity, { frontend })
  }
  if (as === 'reply' && answerByLan(datapath, endpoint, packet, identity, tracked)) return undefined
  const local = datapath.endpoints.get(destination)
  if (local) {
    datapath.deliver(packet, endpoint.identity, local)
    return undefined
  }
  const isHost = options.host.isLocal(destination)
  const remote = isHost ? 0 : (ipCache.get(destination)?.tunnelEndpoint ?? 0)
  if (options.isTunnelling && remote !== 0) {
    const by = () =>
      `cilium_ipcache ${formatIpv4(destination)} identity=${identity} tunnelendpoint=${formatIpv4(remote)}`
    options.host.note('route', 'cilium_vxlan', `via ${formatIpv4(remote)}`, by, packet)
    datapath.encapsulate(packet, endpoint.identity, remote, identity, endpoint.id, tracked)
    return undefined
  }
  datapath.seen('to-stack', packet, endpoint.identity, identity, endpoint.id, undefined, tracked)
  return packet
}

/** An answer to a client outside gets the address of the Service and leaves at once. False when it is none. */
function answerByLan(
  datapath: Datapath,
  endpoint: LocalEndpoint,
  packet: Ipv4Packet,
  identity: number,
  tracked: Tracked,
): boolean {
  const { connections, options } = datapath
  const tuple = wholeTuple(packet)
  const asked = tuple && connections.find('SVC', invert(tuple))
  if (!asked?.frontend) return false
  const answer = { ...datapath.restoreSource(packet, asked.frontend, endpoint.device.name), ttl: packet.ttl - 1 }
  datapath.seen('to-network', answer, endpoint.identity, identity, endpoint.id, undefined, tracked, options.outside)
  options.host.ipv4.redirect(new SocketBuffer(answer))
  return true
}

interface Balanced {
  readonly packet: Ipv4Packet
  /** The Service that it was sent to. */
  readonly frontend?: Endpoint
}

/** Packets to a Service that no socket has translated: SCTP, and what goes to addresses from outside. */
function balance(datapath: Datapath, endpoint: LocalEndpoint, packet: Ipv4Packet): Balanced | undefined {
  const tuple = wholeTuple(packet)
  if (!tuple || packet.protocol === 'icmp') return { packet }
  const { services, connections, options } = datapath
  const to = { address: tuple.destination, port: tuple.destinationPort }
  const frontend = services.find(packet.protocol, to)
  if (!frontend) return { packet }
  const before = connections.find('SVC', tuple)?.backend
  const known = before && isStillGood(frontend.backends, before, packet) ? before : undefined
  const backend = known ?? services.choose(frontend, `${endpoint.address}`, false)
  if (!backend) {
    datapath.drop(packet, 'Service backend not found', endpoint.identity, datapath.identityOf(to.address), endpoint)
    const port = { type: icmpType.destinationUnreachable, code: unreachableCode.port }
    options.host.ipv4.sendError(new SocketBuffer(packet), port)
    return undefined
  }
  if (!known) connections.begin('SVC', packet, endpoint.identity, { backend, reverseNat: frontend.id })
  const translated = withDestination(packet, backend.address, backend.port)
  const by = `cilium_lb4_services_v2 ${nameOf(to)} -> ${nameOf(backend)}`
  options.host.note('rewrite', endpoint.device.name, 'Service', by, packet, translated)
  return { packet: translated, frontend: to }
}
