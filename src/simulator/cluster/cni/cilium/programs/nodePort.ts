import { contains } from '../../../../network/address.ts'
import type { InterfaceProgram } from '../../../../network/interfaceProgram.ts'
import { type Ipv4Packet, icmpType, unreachableCode } from '../../../../network/packet.ts'
import { SocketBuffer } from '../../../../network/socketBuffer.ts'
import type { Endpoint } from '../../../../network/sockets.ts'
import { invert, type Tuple } from '../../../../network/tuple.ts'
import { withDestination, withSource } from '../addressRewriting.ts'
import { wholeTuple } from '../connectionTracking.ts'
import { type Datapath, unknownFlow } from '../datapath.ts'
import { reservedIdentity } from '../identity.ts'
import { type Frontend, isStillGood, nameOf } from '../serviceMap.ts'

/** Sees what comes in from the LAN: connections to Services from outside, and answers to them (bpf_host.c). */
export function fromNetdev(datapath: Datapath): InterfaceProgram {
  return {
    name: 'cil_from_netdev',
    run(frame, _buffer, device) {
      const { payload } = frame
      if (payload.kind !== 'ipv4' || frame.destination !== device.mac) return frame
      if (answerOutside(datapath, payload)) return undefined
      const tuple = wholeTuple(payload)
      const frontend = tuple && payload.protocol !== 'icmp' ? frontendOf(datapath, tuple) : undefined
      if (tuple && frontend) {
        const packet = admit(datapath, payload, tuple, frontend)
        return packet && { ...frame, payload: packet }
      }
      // What is for a pod passes the stack, so that netfilter knows the connection when the answer comes (host routing: legacy).
      return frame
    },
  }
}

/** Sees what leaves to the LAN: answers of Services get the address that their client knows (bpf_host.c: cil_to_netdev). */
export function toNetdev(datapath: Datapath): InterfaceProgram {
  return {
    name: 'cil_to_netdev',
    run(frame, _buffer, device) {
      const { payload } = frame
      if (payload.kind !== 'ipv4') return frame
      const tuple = wholeTuple(payload)
      const asked = tuple && datapath.connections.find('SVC', invert(tuple))
      if (!asked?.frontend) return frame
      return { ...frame, payload: datapath.restoreSource(payload, asked.frontend, device.name) }
    },
  }
}

/** An answer to a connection that this node put its own address on: back to the client. False when it is none. */
export function answerOutside(datapath: Datapath, packet: Ipv4Packet): boolean {
  const tuple = wholeTuple(packet)
  const translation = tuple && datapath.nat.ofAnswer(tuple)
  if (!translation) return false
  const { client, frontend } = translation
  const { host, outside } = datapath.options
  const named = withSource(packet, frontend.address, frontend.port)
  const answer = { ...withDestination(named, client.address, client.port), ttl: packet.ttl - 1 }
  host.note('rewrite', outside, 'reverse NAT', `cilium_snat_v4_external ${nameOf(client)}`, packet, answer)
  const server = datapath.identityOf(packet.source)
  datapath.seen('to-network', answer, server, datapath.identityOf(client.address), 0, undefined, unknownFlow, outside)
  host.ipv4.redirect(new SocketBuffer(answer))
  return true
}

function frontendOf({ services, options }: Datapath, tuple: Tuple): Frontend | undefined {
  const to = { address: tuple.destination, port: tuple.destinationPort }
  const found = services.find(tuple.protocol, to)
  if (found) return found.kind === 'ClusterIP' ? undefined : found
  return options.host.isLocal(to.address) ? services.find(tuple.protocol, { ...to, address: 0 }) : undefined
}

/** Leads a connection from outside to a backend; what comes back goes on to the node's own stack. */
function admit(datapath: Datapath, packet: Ipv4Packet, tuple: Tuple, frontend: Frontend): Ipv4Packet | undefined {
  const { services, options } = datapath
  const { host, outside } = options
  const client = { address: tuple.source, port: tuple.sourcePort }
  const asked = { address: tuple.destination, port: tuple.destinationPort }
  const world = datapath.identityOf(client.address)
  if (frontend.sourceRanges && !frontend.sourceRanges.some(range => contains(range, client.address))) {
    datapath.drop(packet, 'Not in source range', world, reservedIdentity.host, undefined)
    return undefined
  }
  const before = datapath.connections.find('SVC', tuple)?.backend
  const known = before && isStillGood(frontend.outsideBackends, before, packet) ? before : undefined
  const backend = known ?? services.choose(frontend, String(client.address), true)
  if (!backend) {
    datapath.drop(packet, 'Service backend not found', world, reservedIdentity.host, undefined)
    const port = { type: icmpType.destinationUnreachable, code: unreachableCode.port }
    host.ipv4.sendError(new SocketBuffer(packet), port)
    return undefined
  }
  if (!known) datapath.connections.begin('SVC', packet, world, { backend, reverseNat: frontend.id })
  const translated = withDestination(packet, backend.address, backend.port)
  const by = `cilium_lb4_services_v2 ${nameOf(asked)} -> ${nameOf(backend)}`
  host.note('rewrite', outside, 'Service', by, packet, translated)
  if (datapath.endpoints.has(backend.address) || host.isLocal(backend.address)) {
    rememberAnswer(datapath, translated, world, asked)
    return translated
  }
  sendOn(datapath, translated, client, asked, backend)
  return undefined
}

/** Answers of backends on this node leave by the LAN with the Service's address. */
function rememberAnswer(datapath: Datapath, packet: Ipv4Packet, identity: number, frontend: Endpoint): void {
  const tuple = wholeTuple(packet)!
  if (!datapath.connections.find('SVC', tuple)) datapath.connections.begin('SVC', packet, identity, { frontend })
}

/** The backend is on another node: it answers to this one, which stands in for the client. */
function sendOn(datapath: Datapath, packet: Ipv4Packet, client: Endpoint, frontend: Endpoint, backend: Endpoint): void {
  const { options, nat, ipCache } = datapath
  const remote = options.isTunnelling ? (ipCache.get(backend.address)?.tunnelEndpoint ?? 0) : 0
  const address = remote === 0 ? options.nodeAddress : options.router
  const { sent } = nat.translate(packet.protocol, client, frontend, backend, address)
  const masked = { ...withSource(packet, sent.source, sent.sourcePort), ttl: packet.ttl - 1 }
  const by = `cilium_snat_v4_external ${nameOf(client)} -> ${nameOf({ address, port: sent.sourcePort })}`
  options.host.note('rewrite', options.outside, 'SNAT', by, packet, masked)
  const identity = datapath.identityOf(backend.address)
  if (remote !== 0) return datapath.encapsulate(masked, reservedIdentity.world, remote, identity, 0)
  datapath.seen('to-network', masked, reservedIdentity.world, identity, 0, undefined, unknownFlow, options.outside)
  options.host.ipv4.redirect(new SocketBuffer(masked))
}
