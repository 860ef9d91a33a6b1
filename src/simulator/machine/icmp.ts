import type { IcmpMessage, Ipv4Packet } from '../network/packet.ts'
import type { EchoOptions, IcmpSocket, SocketFault } from '../network/sockets.ts'
import type { Process } from './program.ts'
import { ownerOf } from './socketOwner.ts'

/** What a socket for echo requests hears: a reply, or an error about a request. */
export type IcmpEvent =
  | { readonly kind: 'reply'; readonly message: IcmpMessage; readonly packet: Ipv4Packet }
  | { readonly kind: 'error'; readonly fault: SocketFault }

/** A socket for echo requests. It is closed when the process ends. */
export class IcmpPort {
  readonly id: number
  readonly #process: Process
  readonly #socket: IcmpSocket
  readonly #events: IcmpEvent[] = []
  #wake: () => void = () => {}
  readonly #forget: () => void

  constructor(process: Process, options: OpenIcmpPortOptions) {
    this.#process = process
    const hear = (event: IcmpEvent) => {
      this.#events.push(event)
      this.#wake()
    }
    this.#socket = process.network.sockets.openIcmp({
      owner: ownerOf(process),
      ...(options.id === undefined ? {} : { id: options.id }),
      ...(options.address === undefined ? {} : { address: options.address }),
      ...(options.interface === undefined ? {} : { interface: options.interface }),
      onReply: reply => hear({ kind: 'reply', ...reply }),
      onError: fault => hear({ kind: 'error', fault }),
    })
    this.id = this.#socket.id
    this.#forget = process.onExit(() => this.#socket.close())
  }

  /** Throws `SocketError` when there is no way to the address. */
  sendEcho(options: EchoOptions): void {
    this.#socket.sendEcho(options)
  }

  /** The next reply or error; undefined when none has come after `timeout` milliseconds. */
  async next(timeout: number): Promise<IcmpEvent | undefined> {
    if (this.#events.length === 0) {
      await this.#process.waitFor<true>(timeout, wake => {
        this.#wake = () => wake(true)
      })
    }
    return this.#events.shift()
  }

  /** Makes a waiting `next` give undefined at once. */
  interrupt(): void {
    this.#wake()
  }

  close(): void {
    this.#forget()
    this.#socket.close()
  }
}

/** How echo requests are sent. */
export interface OpenIcmpPortOptions {
  readonly id?: number | undefined
  readonly address?: number | undefined
  readonly interface?: string | undefined
}

/** Opens a socket for echo requests; throws `SocketError`. */
export function openIcmp(process: Process, options: OpenIcmpPortOptions = {}): IcmpPort {
  return new IcmpPort(process, options)
}
