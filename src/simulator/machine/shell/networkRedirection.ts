import { ByteDecoder, bytesOf } from '../bytes.ts'
import { ResolveError, resolveHost } from '../resolver.ts'
import { PatienceOver, socketErrorTexts } from '../socketFailure.ts'
import { type Input, type Output, Waiters } from '../streams.ts'
import { connectTcp, type TcpStream } from '../tcp.ts'
import { CommandFailure } from './failures.ts'
import type { Interpreter } from './interpreter.ts'

/** Opens `/dev/tcp/HOST/PORT`, which only bash knows and only in redirections; undefined for other paths. */
export async function openNetworkPath(shell: Interpreter, path: string): Promise<(Input & Output) | undefined> {
  const match = /^\/dev\/(tcp|udp)\/([^/]+)\/([^/]+)$/.exec(path)
  if (!match || shell.dialect !== 'bash') return undefined
  const [, protocol, host = '', port = ''] = match
  if (protocol === 'udp') throw new CommandFailure(`${path}: redirection to UDP is not simulated here`)
  const { process } = shell
  const address = await addressOf(shell, path, host)
  if (!/^\d+$/.test(port)) {
    await shell.complain(`${port}: Servname not supported for ai_socktype`)
    throw new CommandFailure(`${path}: Invalid argument`)
  }
  try {
    return new SocketDescriptor(await connectTcp(process, address, Number(port)))
  } catch (error) {
    const text = reasonOf(error)
    await process.stderr.write(`${shell.source.name}: connect: ${text}\n`)
    throw new CommandFailure(`${path}: ${text}`)
  }
}

async function addressOf(shell: Interpreter, path: string, host: string): Promise<number> {
  try {
    return (await resolveHost(shell.process, host)).addresses[0]!
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error
    await shell.complain(`${host}: ${error.message}`)
    throw new CommandFailure(`${path}: Invalid argument`)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof PatienceOver) return 'Connection timed out'
  if (error instanceof Error && 'code' in error) {
    const text = socketErrorTexts[error.code as keyof typeof socketErrorTexts]
    if (text !== undefined) return text
  }
  throw error
}

/** A connection as a descriptor that several processes may hold; the last one closes it. */
class SocketDescriptor implements Input, Output {
  readonly #stream: TcpStream
  readonly #decoder = new ByteDecoder()
  readonly #ready = new Waiters()
  #text = ''
  #isAtEnd = false
  #holders = 1

  constructor(stream: TcpStream) {
    this.#stream = stream
    const { connection } = stream
    connection.onEnd = () => this.#end()
    connection.onClose = () => this.#end()
    connection.onData = bytes => {
      this.#text += this.#decoder.push(bytes)
      this.#ready.wake()
    }
  }

  take(): string | undefined | null {
    const text = this.#text
    this.#text = ''
    if (text !== '') return text
    return this.#isAtEnd ? undefined : null
  }

  whenReady(wake: () => void): void {
    this.#ready.add(wake)
  }

  unread(text: string): void {
    this.#text = text + this.#text
  }

  put(text: string): string {
    this.#stream.connection.send(bytesOf(text))
    return ''
  }

  whenRoom(wake: () => void): void {
    wake()
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0) this.#stream.close()
  }

  #end(): void {
    if (this.#isAtEnd) return
    this.#isAtEnd = true
    this.#text += this.#decoder.end()
    this.#ready.wake()
  }
}
