import type { IcmpMessage, Ipv4Packet } from '../network/packet.ts'
import { SocketError, type SocketErrorCode } from '../network/socketError.ts'
import type {
  EchoOptions,
  Endpoint,
  IcmpSocket,
  ReceivedDatagram,
  SendOptions,
  SocketFault,
  SocketOwner,
} from '../network/sockets.ts'
import type { TcpConnection } from '../network/tcpConnection.ts'
import type { ByteStream } from './byteStream.ts'
import { lastName } from './path.ts'
import type { Process } from './program.ts'

/** What the kernel says when a socket call fails. */
export const socketErrorTexts: Readonly<Record<SocketErrorCode, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
  ENETUNREACH: 'Network is unreachable',
  ENODEV: 'No such device',
  ENOTCONN: 'Transport endpoint is not connected',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EPROTO: 'Protocol error',
  ETIMEDOUT: 'Connection timed out',
}

/** The code of an error that a socket call threw; undefined for errors of another kind. */
export function socketFaultOf(error: unknown): SocketErrorCode | undefined {
  return error instanceof SocketError ? error.code : undefined
}

/** What Go's net package says when a socket call fails: `address already in use`. */
export function goSocketError(code: SocketErrorCode): string {
  const text = socketErrorTexts[code]
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** The caller's own patience is at an end, before the kernel's. */
export class PatienceOver extends Error {}

/** How a connection is made. */
export interface ConnectTcpOptions {
  /** Milliseconds after which `PatienceOver` is thrown; without it the kernel gives up after about two minutes. */
  readonly timeout?: number | undefined
  readonly localAddress?: number | undefined
  readonly localPort?: number | undefined
  readonly interface?: string | undefined
}

/** Where a server listens. */
export interface ListenTcpOptions {
  /** Absent means all addresses. */
  readonly address?: number | undefined
  readonly isDualStack?: boolean
  readonly backlog?: number
}

/** A TCP connection of a process. It is closed when the process ends. */
export class TcpStream implements ByteStream {
  readonly local: Endpoint
  readonly remote: Endpoint
  /** Milliseconds that a read waits before it throws `PatienceOver`; undefined waits for ever. */
  readTimeout: number | undefined
  readonly connection: TcpConnection
  readonly #process: Process
  readonly #received: Uint8Array[] = []
  #isAtEnd = false
  #error: SocketErrorCode | undefined
  #wake: () => void = () => {}
  #onDrain: () => void = () => {}
  #isClosed = false
  readonly #forget: () => void

  constructor(process: Process, connection: TcpConnection) {
    this.#process = process
    this.connection = connection
    this.local = connection.local
    this.remote = connection.remote
    connection.owner = ownerOf(process)
    this.#forget = process.onExit(() => this.close())
    connection.onData = bytes => {
      this.#received.push(bytes)
      this.#wake()
    }
    connection.onEnd = () => {
      this.#isAtEnd = true
      this.#wake()
    }
    connection.onClose = error => {
      this.#isAtEnd = true
      this.#error ??= error
      this.#wake()
      this.#onDrain()
    }
    connection.onDrain = () => this.#onDrain()
  }

  /** Whether a read would give something, or the end, at once. */
  get isReadable(): boolean {
    return this.#received.length > 0 || this.#isAtEnd
  }

  /** Calls back once when there is something to read, or the end. */
  whenReadable(wake: () => void): void {
    if (this.isReadable) wake()
    else this.#wake = wake
  }

  async read(): Promise<Uint8Array | undefined> {
    if (!this.isReadable) {
      const register = (wake: (ready: true) => void) => this.whenReadable(() => wake(true))
      const ready =
        this.readTimeout === undefined
          ? await this.#process.wait<true>(register)
          : await this.#process.waitFor<true>(this.readTimeout, register)
      if (!ready) throw new PatienceOver('read')
    }
    const bytes = this.#received.shift()
    if (bytes) return bytes
    if (this.#error) throw new SocketError(this.#error)
    return undefined
  }

  /** Waits while more than a send buffer full is on its way. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#error) throw new SocketError(this.#error)
    this.connection.send(bytes)
    while (this.connection.unacknowledged > sendBuffer && !this.#error) {
      await this.#process.wait<void>(wake => {
        this.#onDrain = wake
      })
    }
  }

  /** Sends no more; what the other side sends can still be read. */
  end(): void {
    this.connection.end()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#forget()
    this.connection.close()
  }

  abort(): void {
    this.#isClosed = true
    this.#forget()
    this.connection.abort()
  }
}

/** What a program may have on its way before a write waits (net.ipv4.tcp_wmem grows to 4 MiB; most stay far below). */
const sendBuffer = 262_144

/** Opens a connection; throws `SocketError`, or `PatienceOver` after the time-out. */
export async function connectTcp(
  process: Process,
  address: number,
  port: number,
  options: ConnectTcpOptions = {},
): Promise<TcpStream> {
  let result: TcpConnection | SocketErrorCode | undefined
  let done = () => {}
  const conclude = (how: TcpConnection | SocketErrorCode) => {
    result = how
    done()
  }
  const attempt = process.network.sockets.connectTcp({
    address,
    port,
    owner: ownerOf(process),
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    ...(options.localPort === undefined ? {} : { localPort: options.localPort }),
    ...(options.interface === undefined ? {} : { interface: options.interface }),
    onOpen: conclude,
    onError: conclude,
  })
  const forget = process.onExit(() => attempt.abort())
  const register = (wake: (ready: true) => void) => {
    done = () => wake(true)
  }
  try {
    if (options.timeout === undefined) await process.wait(register)
    else await process.waitFor(Math.max(0, options.timeout), register)
  } finally {
    forget()
  }
  if (result === undefined) {
    attempt.abort()
    throw new PatienceOver('connect')
  }
  if (typeof result === 'string') throw new SocketError(result)
  return new TcpStream(process, result)
}

/** A listening port of a process. It is closed when the process ends. */
export class TcpListening {
  readonly local: Endpoint
  readonly #process: Process
  readonly #waiting: TcpStream[] = []
  readonly #serve: ((stream: TcpStream) => Promise<void>) | undefined
  readonly #close: () => void
  #wake: () => void = () => {}

  constructor(
    process: Process,
    port: number,
    options: ListenTcpOptions,
    serve: ((stream: TcpStream) => Promise<void>) | undefined,
  ) {
    this.#process = process
    this.#serve = serve
    const listener = process.network.sockets.listenTcp({
      port,
      owner: ownerOf(process),
      ...(options.address === undefined ? {} : { address: options.address }),
      ...(options.isDualStack === undefined ? {} : { isDualStack: options.isDualStack }),
      ...(options.backlog === undefined ? {} : { backlog: options.backlog }),
      onConnection: connection => this.#take(new TcpStream(process, connection)),
    })
    this.local = listener.local
    const forget = process.onExit(() => listener.close())
    this.#close = () => {
      forget()
      listener.close()
    }
  }

  /** Waits for the next connection. */
  async accept(): Promise<TcpStream> {
    while (this.#waiting.length === 0) {
      await this.#process.wait<void>(wake => {
        this.#wake = wake
      })
    }
    return this.#waiting.shift()!
  }

  /** Takes no more connections; those that exist go on. */
  close(): void {
    this.#close()
  }

  #take(stream: TcpStream): void {
    const serve = this.#serve
    if (serve) this.#process.thread(() => serveUntilBroken(stream, serve))
    else {
      this.#waiting.push(stream)
      this.#wake()
    }
  }
}

/** A connection that breaks, or whose client falls silent, ends its coroutine and nothing else. */
async function serveUntilBroken(stream: TcpStream, serve: (stream: TcpStream) => Promise<void>): Promise<void> {
  try {
    await serve(stream)
  } catch (error) {
    if (!(error instanceof SocketError || error instanceof PatienceOver)) throw error
  } finally {
    stream.close()
  }
}

/** Listens for connections that `accept` gives one by one; throws `SocketError`. */
export function listenTcp(process: Process, port: number, options: ListenTcpOptions = {}): TcpListening {
  return new TcpListening(process, port, options, undefined)
}

/** Listens, and serves each connection by a coroutine of the process; throws `SocketError`. */
export function serveTcp(
  process: Process,
  port: number,
  serve: (stream: TcpStream) => Promise<void>,
  options: ListenTcpOptions = {},
): TcpListening {
  return new TcpListening(process, port, options, serve)
}

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

function ownerOf(process: Process): SocketOwner {
  return { pid: process.pid, program: lastName(process.argv[0] ?? ''), user: process.user.uid }
}
