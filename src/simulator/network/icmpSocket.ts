import { type IcmpMessage, type Ipv4Packet, icmpType, packetLength } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'
import { SocketError } from './socketError.ts'
import type { EchoOptions, IcmpSocket, OpenIcmpOptions, SocketFault, SocketOwner, Sockets } from './sockets.ts'

const usualSize = 56

/** A socket that sends echo requests, as ping opens it. */
export class IcmpEndpoint implements IcmpSocket {
  readonly id: number
  readonly owner: SocketOwner | undefined
  readonly boundTo: string | undefined
  #sockets: Sockets
  #options: OpenIcmpOptions

  constructor(sockets: Sockets, id: number, options: OpenIcmpOptions) {
    this.#sockets = sockets
    this.#options = options
    this.id = id
    this.owner = options.owner
    this.boundTo = options.interface
  }

  sendEcho(options: EchoOptions): void {
    const { namespace } = this.#sockets
    const { destination, sequence } = options
    const source = this.#options.address ?? this.#sockets.sourceTo(destination, this.boundTo)
    if (source === undefined) throw new SocketError('ENETUNREACH')
    const body: IcmpMessage = {
      kind: 'icmp',
      type: icmpType.echoRequest,
      code: 0,
      id: this.id,
      sequence,
      data: options.data ?? patternOf(options.size ?? usualSize),
    }
    const packet: Ipv4Packet = {
      kind: 'ipv4',
      source,
      destination,
      ttl: options.ttl ?? 64,
      id: namespace.nextPacketId(),
      tos: options.tos ?? 0,
      dontFragment: false,
      protocol: 'icmp',
      body,
      flow: namespace.network.nextFlow(),
      serial: namespace.network.nextSerial(),
    }
    // ping asks for path MTU discovery, which sets the bit on everything that fits (IP_PMTUDISC_WANT).
    const fits = packetLength(packet) <= namespace.ipv4.pathMtu(destination)
    if (options.dontFragment && !fits) throw new SocketError('EMSGSIZE')
    const buffer = new SocketBuffer({ ...packet, dontFragment: options.dontFragment ?? fits })
    buffer.owner = this.owner
    buffer.boundTo = this.boundTo
    const error = this.#sockets.send(buffer)
    if (error) throw new SocketError(error)
  }

  close(): void {
    this.#sockets.forgetEcho(this)
  }

  /** Takes a reply. */
  receive(packet: Ipv4Packet, message: IcmpMessage): void {
    this.#options.onReply({ message, packet })
  }

  /** Takes an ICMP error about a request. */
  fail(fault: SocketFault): void {
    this.#options.onError?.(fault)
  }
}

/** The bytes that ping fills its packets with: 0, 1, 2 … */
function patternOf(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = i
  return bytes
}
