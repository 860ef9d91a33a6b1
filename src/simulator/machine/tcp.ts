import { SocketError, type SocketErrorCode } from '../network/socketError.ts'
import type { Endpoint } from '../network/sockets.ts'
import type { TcpConnection } from '../network/tcpConnection.ts'
import type { ByteStream } from './byteStream.ts'
import type { Process } from './program.ts'
import { PatienceOver } from './socketFailure.ts'
import { ownerOf } from './socketOwner.ts'

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
    this.remote = connection.peer
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

  /** Where the client wanted to go before rules of this machine led it here (SO_ORIGINAL_DST). */
  get originalDestination(): Endpoint {
    const { local, remote } = this
    const answer = { protocol: 'tcp' as const, source: local.address, sourcePort: local.port }
    const found = this.#process.network.connections.find({
      ...answer,
      destination: remote.address,
      destinationPort: remote.port,
    })
    if (!found?.isReply) return local
    const { destination, destinationPort } = found.connection.original
    return { address: destination, port: destinationPort }
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
