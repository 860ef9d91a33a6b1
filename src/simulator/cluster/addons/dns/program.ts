import { FileError } from '../../../machine/fileError.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { socketErrorTexts } from '../../../machine/socketFailure.ts'
import { serveTcp, type TcpStream } from '../../../machine/tcp.ts'
import { openUdp } from '../../../machine/udp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4 } from '../../../network/address.ts'
import { type DnsMessage, decodeDns, encodeDns } from '../../../network/dns.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import type { Client } from '../../client.ts'
import { type CoreDns, createCoreDns } from './coreDns.ts'
import { CorefileError, type Directive } from './corefile.ts'

const version = '1.14.2'
// How long an upstream server is waited for, and how often the Corefile is looked at: plugins forward and reload.
const upstreamPatience = 2000
const reloadPeriod = 30_000

/** What the server needs from its cluster. */
export interface CoreDnsParts {
  readonly client: Client
}

/** The program `/coredns` of the cluster's name server. */
export function createCoreDnsProgram({ client }: CoreDnsParts): Program {
  return {
    name: 'coredns',
    summary: 'serve DNS',
    appetite: { processor: 2, memory: 14_000_000 },
    async run(process) {
      const at = process.argv.indexOf('-conf')
      const path = at < 0 ? process.path('Corefile') : (process.argv[at + 1] ?? 'Corefile')
      try {
        return await new Daemon(process, client, path).run()
      } catch (error) {
        if (error instanceof CorefileError) return report(process, error.message)
        if (error instanceof SocketError)
          return report(process, `Listen: ${socketErrorTexts[error.code].toLowerCase()}`)
        throw error
      }
    },
  }
}

async function report(process: Process, message: string): Promise<number> {
  await process.stderr.write(`${message}\n`)
  return 1
}

/** A running CoreDNS. */
class Daemon {
  readonly #process: Process
  readonly #client: Client
  readonly #path: string
  #text: string
  #server: CoreDns
  #output: string[] = []
  #wakeWriter: () => void = () => {}

  constructor(process: Process, client: Client, path: string) {
    this.#process = process
    this.#client = client
    this.#path = path
    this.#text = this.#readFile(path) ?? '.:53 {\n}\n'
    this.#server = this.#build(this.#text)
  }

  async run(): Promise<number> {
    const process = this.#process
    process.thread(() => this.#writeOutput())
    const ports = new Set(this.#server.blocks.map(({ port }) => port))
    for (const port of ports) this.#listen(port)
    this.#serveHealth()
    for (const { zones, port } of this.#server.blocks) for (const zone of zones) this.#log(`${zone}:${port}`)
    if (this.#directive('reload'))
      this.#log(`[INFO] plugin/reload: Running configuration SHA512 = ${fingerprint(this.#text)}`)
    this.#log(`CoreDNS-${version}`)
    this.#log('linux/amd64, go1.26.3, dd1df4f')
    if (this.#directive('reload')) process.thread(() => this.#reload())
    await untilAsked(process)
    this.#log('[INFO] SIGTERM: Shutting down servers then terminating')
    const lameduck = this.#directive('health')?.block.find(({ name }) => name === 'lameduck')?.args[0]
    if (lameduck !== undefined) {
      this.#log(`[INFO] plugin/health: Going into lameduck mode for ${lameduck}`)
      await process.sleep(Number.parseFloat(lameduck) * 1000)
    }
    return 0
  }

  #directive(name: string): Directive | undefined {
    return this.#server.blocks.flatMap(({ plugins }) => plugins).find(plugin => plugin.name === name)
  }

  #build(text: string): CoreDns {
    return createCoreDns(text, {
      client: this.#client,
      random: this.#process.kernel.random.fork(`coredns ${this.#process.machine.name}`),
      now: () => this.#process.machine.now(),
      ask: (server, question, receive) => this.#ask(server, question, receive),
      readFile: path => this.#readFile(path),
      log: line => this.#log(line),
    })
  }

  #readFile(path: string): string | undefined {
    try {
      return this.#process.files.readText(path)
    } catch (error) {
      if (error instanceof FileError) return undefined
      throw error
    }
  }

  #listen(port: number): void {
    const udp = openUdp(this.#process, { port, isDualStack: true })
    this.#process.thread(async () => {
      for (;;) {
        const event = await udp.next()
        if (!event || 'code' in event) continue
        const { address, port: from } = event.source
        const who = { address: `${formatIpv4(address)}:${from}`, protocol: 'udp' as const }
        this.#server.answer(event.bytes, port, who, bytes => this.#trySend(() => udp.send(bytes, address, from)))
      }
    })
    serveTcp(this.#process, port, stream => this.#serveStream(stream, port), { isDualStack: true })
  }

  /** Over TCP each message has its length in front. */
  async #serveStream(stream: TcpStream, port: number): Promise<void> {
    const { address, port: from } = stream.remote
    const who = { address: `${formatIpv4(address)}:${from}`, protocol: 'tcp' as const }
    let received = new Uint8Array()
    for (let piece = await stream.read(); piece; piece = await stream.read()) {
      received = Uint8Array.from([...received, ...piece])
      while (received.length >= 2) {
        const length = (received[0]! << 8) | received[1]!
        if (received.length < 2 + length) break
        const message = received.slice(2, 2 + length)
        received = received.slice(2 + length)
        const answer = await this.#process.wait<Uint8Array>(wake => this.#server.answer(message, port, who, wake))
        await stream.write(Uint8Array.from([answer.length >> 8, answer.length & 255, ...answer]))
      }
    }
  }

  /** `/health`, `/ready` and `/metrics` on ports of their own. */
  #serveHealth(): void {
    const serve = (name: string, standard: number, path: string, body: string) => {
      const directive = this.#directive(name)
      if (!directive) return
      const port = Number(directive.args[0]?.split(':').at(-1) ?? standard) || standard
      const handler = ({ target }: { readonly target: string }) =>
        target.split('?')[0] === path ? { status: 200, body } : { status: 404, body: '404 page not found\n' }
      serveHttp(this.#process, port, handler)
    }
    serve('health', 8080, '/health', 'OK')
    serve('ready', 8181, '/ready', 'OK')
    // Simplified: the metrics only tell the version.
    serve(
      'prometheus',
      9153,
      '/metrics',
      `coredns_build_info{goversion="go1.26.3",revision="dd1df4f",version="${version}"} 1\n`,
    )
  }

  #ask(server: Endpoint, question: DnsMessage, receive: (answer: DnsMessage | undefined) => void): void {
    const { kernel, network, pid } = this.#process
    const state = { isOver: false }
    const finish = (answer: DnsMessage | undefined) => {
      if (state.isOver) return
      state.isOver = true
      timer.cancel()
      socket.close()
      receive(answer)
    }
    const socket = network.sockets.bindUdp({
      port: 0,
      owner: { pid, program: 'coredns' },
      onDatagram: ({ bytes }) => {
        const answer = decodeDns(bytes)
        if (answer?.isResponse && answer.id === question.id) finish(answer)
      },
      onError: () => finish(undefined),
    })
    const timer = kernel.clock.after(upstreamPatience, () => finish(undefined))
    this.#process.onExit(() => finish(undefined))
    if (!this.#trySend(() => socket.sendTo(encodeDns(question), server.address, server.port))) finish(undefined)
  }

  /** Whether there was a way to the address. */
  #trySend(send: () => void): boolean {
    try {
      send()
      return true
    } catch (error) {
      if (error instanceof SocketError) return false
      throw error
    }
  }

  /** Follows changes of the Corefile; one with a mistake changes nothing. */
  async #reload(): Promise<void> {
    for (;;) {
      await this.#process.sleep(reloadPeriod)
      const text = this.#readFile(this.#path)
      if (text === undefined || text === this.#text) continue
      this.#text = text
      this.#log('[INFO] Reloading')
      try {
        this.#server = this.#build(text)
      } catch (error) {
        if (!(error instanceof CorefileError)) throw error
        this.#log(`[ERROR] Restart failed: ${error.message}`)
        continue
      }
      this.#log(`[INFO] plugin/reload: Running configuration SHA512 = ${fingerprint(text)}`)
      this.#log('[INFO] Reloading complete')
    }
  }

  #log(line: string): void {
    this.#output.push(`${line}\n`)
    this.#wakeWriter()
  }

  /** Answers are given by plain functions that cannot wait: what they log is written by a thread of its own. */
  async #writeOutput(): Promise<void> {
    for (;;) {
      const lines = this.#output.splice(0).join('')
      if (lines) await this.#process.write(lines)
      else
        await this.#process.wait<void>(wake => {
          this.#wakeWriter = () => wake()
        })
    }
  }
}

/** Simplified: a short fingerprint of the Corefile, repeated, stands for its SHA-512 digest. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  let digest = ''
  while (digest.length < 128) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    digest += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return digest
}
