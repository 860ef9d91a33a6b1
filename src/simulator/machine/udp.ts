import { SocketError } from '../network/socketError.ts'
import type { Endpoint, ReceivedDatagram, SendOptions, SocketFault } from '../network/sockets.ts'
import type { Process } from './program.ts'
import { ownerOf } from './socketOwner.ts'

/** What a datagram socket hears: a datagram, or an ICMP error about one that it sent. */
export type UdpEvent = ReceivedDatagram | SocketFault

/** A UDP port of a process. It is closed when the process ends. */
export class UdpPort {
  readonly local: Endpoint
  readonly #process: Process
  readonly #events: UdpEvent[] = []
  #wake: () => void = () => {}
  readonly #send: (bytes: Uint8Array, address: number, port: number, options?: SendOptions) => void
  readonly #close: () => void

  constructor(process: Process, options: OpenUdpOptions) {
    this.#process = process
    const hear = (event: UdpEvent) => {
      this.#events.push(event)
      this.#wake()
    }
    const socket = process.network.sockets.bindUdp({
      port: options.port ?? 0,
      owner: ownerOf(process),
      ...(options.address === undefined ? {} : { address: options.address }),
      ...(options.interface === undefined ? {} : { interface: options.interface }),
      ...(options.isDualStack === undefined ? {} : { isDualStack: options.isDualStack }),
      onDatagram: hear,
      onError: hear,
    })
    this.local = socket.local
    this.#send = (bytes, address, port, how) => socket.sendTo(bytes, address, port, how)
    const forget = process.onExit(() => socket.close())
    this.#close = () => {
      forget()
      socket.close()
    }
  }

  /** Throws `SocketError` when there is no way to the address. */
  send(bytes: Uint8Array, address: number, port: number, options?: SendOptions): void {
    this.#send(bytes, address, port, options)
  }

  /** The next datagram or error; undefined when none has come after `timeout` milliseconds. */
  async next(timeout?: number): Promise<UdpEvent | undefined> {
    if (this.#events.length === 0) {
      const register = (wake: (heard: true) => void) => {
        this.#wake = () => wake(true)
      }
      if (timeout === undefined) await this.#process.wait<true>(register)
      else await this.#process.waitFor<true>(timeout, register)
    }
    return this.#events.shift()
  }

  /** The next datagram; throws `SocketError` when an ICMP error came instead. */
  async receive(timeout?: number): Promise<ReceivedDatagram | undefined> {
    const event = await this.next(timeout)
    if (event && 'code' in event) throw new SocketError(event.code)
    return event
  }

  close(): void {
    this.#close()
  }
}

/** Where a UDP socket is bound. */
export interface OpenUdpOptions {
  readonly address?: number | undefined
  /** Absent or 0 picks a free one. */
  readonly port?: number | undefined
  readonly interface?: string | undefined
  readonly isDualStack?: boolean
}

/** Opens a UDP socket; throws `SocketError`. */
export function openUdp(process: Process, options: OpenUdpOptions = {}): UdpPort {
  return new UdpPort(process, options)
}
