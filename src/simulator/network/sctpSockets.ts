import type { NetworkNamespace } from './namespace.ts'
import type { Ipv4Packet, SctpChunk, SctpPacket } from './packet.ts'
import { PortRegister } from './ports.ts'
import { initAcknowledgement, SctpAssociation } from './sctpAssociation.ts'
import { SocketBuffer } from './socketBuffer.ts'
import { SocketError, type SocketErrorCode } from './socketError.ts'
import type { Endpoint, SocketFault, SocketOwner, Sockets } from './sockets.ts'

export interface ListenSctpOptions {
  readonly address?: number
  /** 0 picks a free one. */
  readonly port: number
  readonly owner?: SocketOwner
  /** Called with each association when its handshake is complete. */
  onAssociation(association: SctpAssociation): void
}

export interface ConnectSctpOptions {
  readonly address: number
  readonly port: number
  readonly owner?: SocketOwner
  /** Joins the association to a story of the trace that has begun. */
  readonly flow?: number
  onOpen(association: SctpAssociation): void
  onError(code: SocketErrorCode): void
}

/** A port where associations are accepted. */
export interface SctpListener {
  readonly local: Endpoint
  readonly owner: SocketOwner | undefined
  close(): void
}

interface Listener extends SctpListener {
  readonly options: ListenSctpOptions
}

type Opening = Extract<SctpChunk, { readonly type: 'INIT' | 'INIT ACK' }>

/** What a listener would put into its cookie. */
interface Cookie {
  readonly opening: Opening
  readonly tag: number
  readonly sequence: number
}

const mostCookies = 256

/** The SCTP sockets of a network namespace. */
export class SctpSockets {
  readonly #sockets: Sockets
  readonly #listeners = new PortRegister<Listener>()
  readonly #associations = new Map<string, SctpAssociation>()
  /** Simplified: cookies stay with the listener, the latest few hundred; a real one travels and is signed. */
  readonly #cookies = new Map<string, Cookie>()

  constructor(sockets: Sockets) {
    this.#sockets = sockets
  }

  get namespace(): NetworkNamespace {
    return this.#sockets.namespace
  }

  /** Listens on a port; throws `SocketError`. */
  listen(options: ListenSctpOptions): SctpListener {
    const address = options.address ?? 0
    this.#sockets.checkAddress(address)
    this.#sockets.checkRight(options.port, options.owner)
    const port = options.port || this.#sockets.freePort(candidate => !this.#listeners.isTaken(address, candidate))
    if (this.#listeners.isTaken(address, port)) throw new SocketError('EADDRINUSE')
    const listener: Listener = {
      local: { address, port },
      owner: options.owner,
      options,
      close: () => this.#listeners.remove(port, listener),
    }
    this.#listeners.add(listener)
    return listener
  }

  /** Begins a handshake; the callbacks come later, never from within this call. */
  connect(options: ConnectSctpOptions): SctpAssociation {
    const remote: Endpoint = { address: options.address || 0x7f000001, port: options.port }
    const source = this.#sockets.sourceTo(remote.address)
    const address = source ?? 0
    const port = this.#sockets.freePort(
      candidate => !this.#associations.has(keyOf({ address, port: candidate }, remote)),
    )
    const association = new SctpAssociation(this, {
      local: { address, port },
      remote,
      flow: options.flow ?? this.namespace.network.nextFlow(),
      owner: options.owner,
    })
    if (source === undefined) {
      this.namespace.clock.after(0, () => options.onError('ENETUNREACH'))
      return association
    }
    this.#associations.set(keyOf(association.local, remote), association)
    association.connect(() => options.onOpen(association), options.onError)
    return association
  }

  /** Takes a packet for this machine. */
  receive(buffer: SocketBuffer, body: SctpPacket): void {
    const { packet } = buffer
    const local = { address: packet.destination, port: body.destinationPort }
    const remote = { address: packet.source, port: body.sourcePort }
    const key = keyOf(local, remote)
    const association = this.#associations.get(key)
    const [first] = body.chunks
    if (association) {
      this.#noteDelivery(buffer, `to ${association.state}`)
      return association.receive(body)
    }
    const listener = this.#listeners.find(local.address, local.port)
    if (listener && first?.type === 'INIT') {
      this.#noteDelivery(buffer, 'to LISTEN')
      const { random } = this.namespace
      const cookie: Cookie = { opening: first, tag: random.integer() >>> 0 || 1, sequence: random.integer() >>> 0 }
      this.#keep(key, cookie)
      const answer = initAcknowledgement(cookie.tag, cookie.sequence)
      this.#send(local, remote, packet.flow, first.initiateTag, [answer], listener.owner)
      return
    }
    const cookie = this.#cookies.get(key)
    if (listener && cookie && first?.type === 'COOKIE ECHO' && body.verificationTag === cookie.tag)
      return this.#accept(listener, cookie, { local, remote, flow: packet.flow }, buffer)
    this.#refuse(buffer, body, local, remote)
  }

  /** Sends chunks of an association; gives the error that the call ends with, if any. */
  transmit(from: SctpAssociation, tag: number, chunks: readonly SctpChunk[]): SocketErrorCode | undefined {
    return this.#send(from.local, from.remote, from.flow, tag, chunks, from.owner)
  }

  /** Takes an ICMP error about a packet that was sent. */
  fail(fault: SocketFault, original: Ipv4Packet, body: SctpPacket): void {
    const local = { address: original.source, port: body.sourcePort }
    this.#associations
      .get(keyOf(local, { address: original.destination, port: body.destinationPort }))
      ?.fail(fault.code)
  }

  /** Forgets an association that is over. */
  forget(association: SctpAssociation): void {
    const key = keyOf(association.local, association.remote)
    if (this.#associations.get(key) === association) this.#associations.delete(key)
    association.forgotten()
  }

  /** Ends everything, as when a machine goes: nobody is told. */
  closeAll(): void {
    for (const listener of this.#listeners.all()) listener.close()
    for (const association of [...this.#associations.values()]) this.forget(association)
  }

  #accept(
    listener: Listener,
    cookie: Cookie,
    start: { readonly local: Endpoint; readonly remote: Endpoint; readonly flow: number },
    buffer: SocketBuffer,
  ): void {
    this.#noteDelivery(buffer, 'to LISTEN')
    const key = keyOf(start.local, start.remote)
    this.#cookies.delete(key)
    const association = new SctpAssociation(this, { ...start, owner: listener.owner })
    this.#associations.set(key, association)
    association.accept(cookie.opening, cookie)
    listener.options.onAssociation(association)
  }

  #keep(key: string, cookie: Cookie): void {
    this.#cookies.delete(key)
    this.#cookies.set(key, cookie)
    if (this.#cookies.size > mostCookies) this.#cookies.delete(this.#cookies.keys().next().value!)
  }

  /** Nobody is there: ABORT, with the tag by which the sender knows that it is meant (RFC 9260, section 8.4). */
  #refuse(buffer: SocketBuffer, body: SctpPacket, local: Endpoint, remote: Endpoint): void {
    const { packet } = buffer
    this.namespace.note('reject', buffer.input?.name ?? '', `no socket on port ${local.port}`, '', packet)
    const [first] = body.chunks
    if (first?.type === 'ABORT' || first?.type === 'SHUTDOWN COMPLETE') return
    const tag = first?.type === 'INIT' ? first.initiateTag : body.verificationTag
    const type = first?.type === 'SHUTDOWN ACK' ? 'SHUTDOWN COMPLETE' : 'ABORT'
    this.#send(local, remote, packet.flow, tag, [{ type }], undefined)
  }

  #send(
    local: Endpoint,
    remote: Endpoint,
    flow: number,
    verificationTag: number,
    chunks: readonly SctpChunk[],
    owner: SocketOwner | undefined,
  ): SocketErrorCode | undefined {
    const { namespace } = this
    const buffer = new SocketBuffer({
      kind: 'ipv4',
      source: local.address,
      destination: remote.address,
      ttl: 64,
      id: namespace.nextPacketId(),
      // ECN-capable transport, which Linux sets on all that SCTP sends.
      tos: 2,
      dontFragment: true,
      protocol: 'sctp',
      body: { kind: 'sctp', sourcePort: local.port, destinationPort: remote.port, verificationTag, chunks },
      flow,
      serial: namespace.network.nextSerial(),
    })
    buffer.owner = owner
    return this.#sockets.send(buffer)
  }

  #noteDelivery(buffer: SocketBuffer, decision: string): void {
    this.namespace.note('deliver', buffer.input?.name ?? '', decision, '', buffer.packet)
  }
}

function keyOf(local: Endpoint, remote: Endpoint): string {
  return `${local.address} ${local.port} ${remote.address} ${remote.port}`
}
