import { type Ipv4Packet, packetLength, type UdpDatagram } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'
import { SocketError } from './socketError.ts'
import type { BindUdpOptions, Endpoint, SendOptions, SocketFault, SocketOwner, Sockets, UdpSocket } from './sockets.ts'

/** Peers whose flows a socket remembers. */
const rememberedPeers = 256

/** A UDP socket of a namespace. */
export class UdpEndpoint implements UdpSocket {
  readonly local: Endpoint
  readonly owner: SocketOwner | undefined
  readonly isDualStack: boolean
  readonly boundTo: string | undefined
  #sockets: Sockets
  #options: BindUdpOptions
  /** The story of the trace that each peer's exchange belongs to, so that answers join their questions. */
  #flows = new Map<number, number>()
  /** What the program wanted to send to, by where it was led instead: answers come from there (recvmsg). */
  #wanted = new Map<number, Endpoint>()

  constructor(sockets: Sockets, local: Endpoint, options: BindUdpOptions) {
    this.#sockets = sockets
    this.#options = options
    this.local = local
    this.owner = options.owner
    this.isDualStack = options.isDualStack ?? false
    this.boundTo = options.interface
  }

  sendTo(bytes: Uint8Array, address: number, port: number, options: SendOptions = {}): void {
    const { namespace } = this.#sockets
    const wanted: Endpoint = { address: address || 0x7f000001, port }
    const led = this.#sockets.redirect('udp', wanted)
    if (typeof led === 'string') throw new SocketError(led)
    const { address: destination, port: destinationPort } = led?.destination ?? wanted
    const source = this.local.address || this.#sockets.sourceTo(destination, this.boundTo)
    if (source === undefined) throw new SocketError('ENETUNREACH')
    const body: UdpDatagram = { kind: 'udp', sourcePort: this.local.port, destinationPort, data: bytes }
    const packet: Ipv4Packet = {
      kind: 'ipv4',
      source,
      destination,
      ttl: options.ttl ?? 64,
      id: namespace.nextPacketId(),
      tos: options.tos ?? 0,
      dontFragment: options.dontFragment ?? false,
      protocol: 'udp',
      body,
      flow: this.#flowTo(destination, destinationPort),
      serial: namespace.network.nextSerial(),
    }
    if (packet.dontFragment && packetLength(packet) > namespace.ipv4.pathMtu(destination))
      throw new SocketError('EMSGSIZE')
    if (led) {
      this.#wanted.set(keyOf(destination, destinationPort), wanted)
      if (this.#wanted.size > rememberedPeers) this.#wanted.delete(this.#wanted.keys().next().value!)
      const before = { ...packet, destination: wanted.address, body: { ...body, destinationPort: port } }
      namespace.note('rewrite', '', 'socket sendmsg', led.by, before, packet)
    }
    const buffer = new SocketBuffer(packet)
    buffer.owner = this.owner
    buffer.boundTo = this.boundTo
    const error = this.#sockets.send(buffer)
    if (error) throw new SocketError(error)
  }

  close(): void {
    this.#sockets.forgetDatagrams(this)
  }

  /** Takes a datagram. */
  receive(packet: Ipv4Packet, datagram: UdpDatagram): void {
    this.#remember(packet.source, datagram.sourcePort, packet.flow)
    this.#options.onDatagram({
      bytes: datagram.data,
      source: this.#wanted.get(keyOf(packet.source, datagram.sourcePort)) ?? {
        address: packet.source,
        port: datagram.sourcePort,
      },
      destination: { address: packet.destination, port: datagram.destinationPort },
      ttl: packet.ttl,
    })
  }

  /** Takes an ICMP error about something that was sent. */
  fail(fault: SocketFault): void {
    this.#options.onError?.(fault)
  }

  #flowTo(address: number, port: number): number {
    const known = this.#flows.get(keyOf(address, port))
    if (known !== undefined) return known
    const flow = this.#sockets.namespace.network.nextFlow()
    this.#remember(address, port, flow)
    return flow
  }

  #remember(address: number, port: number, flow: number): void {
    const key = keyOf(address, port)
    this.#flows.delete(key)
    this.#flows.set(key, flow)
    if (this.#flows.size > rememberedPeers) this.#flows.delete(this.#flows.keys().next().value!)
  }
}

function keyOf(address: number, port: number): number {
  return address * 65536 + port
}
