import { ByteReader } from '../../../machine/byteStream.ts'
import { bytesOf } from '../../../machine/bytes.ts'
import type { HttpAnswer, HttpRequest, HttpServerOptions } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp, type TcpListening } from '../../../machine/tcp.ts'
import { connectTls, TlsError } from '../../../machine/tls.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { SocketError } from '../../../network/socketError.ts'
import { LogFile } from '../../images/nginx/logFile.ts'
import { statusPage } from '../../images/nginx/pages.ts'
import { replaceWorkers } from '../../images/nginx/worker.ts'
import type { DataPlane } from './dataPlane.ts'
import { Exchange } from './exchange.ts'
import { httpConf } from './nginxConf.ts'
import { Router } from './router.ts'

const agentConfiguration = '/etc/nginx-agent/nginx-agent.conf'
const connectPatience = 5000
const retryPauses = [1000, 2000, 4000, 8000, 15_000]

/** The first program of a Gateway's pods: an nginx, and the agent that brings it its configuration. */
export const entrypointProgram: Program = {
  name: 'entrypoint.sh',
  summary: 'start nginx and its agent',
  appetite: { processor: 2, memory: 38_000_000 },
  async run(process) {
    const nginx = new GatewayServer()
    await process.write('starting nginx ...\n')
    process.spawn({
      argv: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      program: { name: 'nginx', summary: 'nginx', run: child => nginx.run(child) },
      commandLine: ['nginx: master process /usr/sbin/nginx -g daemon off;'],
    })
    await process.write('starting nginx-agent ...\n')
    process.spawn({
      argv: ['nginx-agent'],
      program: { name: 'nginx-agent', summary: 'nginx-agent', run: child => new Agent(child, nginx).run() },
    })
    await untilAsked(process)
    for (const child of process.children) child.kill('SIGQUIT')
    return 0
  },
}

/** Follows the control plane: takes each configuration that it sends. */
class Agent {
  readonly #process: Process
  readonly #nginx: GatewayServer

  constructor(process: Process, nginx: GatewayServer) {
    this.#process = process
    this.#nginx = nginx
  }

  async run(): Promise<number> {
    const process = this.#process
    process.onSignal('SIGQUIT', () => process.exit(0))
    const text = process.files.exists(agentConfiguration) ? process.files.readText(agentConfiguration) : ''
    const host = /^ +host: (\S+)$/m.exec(text)?.[1] ?? ''
    const owner = /^ +owner-name: (\S+)$/m.exec(text)?.[1] ?? ''
    for (let attempt = 0; ; attempt++) {
      const problem = await this.#follow(host, owner, () => {
        attempt = 0
      })
      await this.#log(
        'ERROR',
        `Unable to receive message from subscribe stream" error="rpc error: code = Unavailable desc = ${problem}`,
      )
      await process.sleep(retryPauses[Math.min(attempt, retryPauses.length - 1)]!)
    }
  }

  // Simplified: the real agent speaks gRPC; this one reads a line of JSON for each configuration, over TLS all the same.
  /** Reads configurations until the connection breaks; gives the reason. */
  async #follow(host: string, owner: string, onConnected: () => void): Promise<string> {
    const process = this.#process
    try {
      const [address] = (await resolveHost(process, host, 4)).addresses
      const tcp = await connectTcp(process, address!, 443, { timeout: connectPatience })
      const stream = await connectTls(tcp, process.kernel.random, { serverName: host, applicationProtocols: ['h2'] })
      await stream.write(bytesOf(`${owner}\n`))
      onConnected()
      await this.#log('INFO', 'Agent connected')
      const reader = new ByteReader(stream)
      for (;;) {
        const line = await reader.line()
        if (line === undefined) return 'error reading from server: EOF'
        await this.#apply(JSON.parse(line) as DataPlane)
      }
    } catch (error) {
      if (error instanceof ResolveError) return `name resolver error: produced zero addresses`
      if (error instanceof PatienceOver) return 'connection error: desc = "transport: Error while dialing: i/o timeout"'
      if (error instanceof SocketError || error instanceof TlsError)
        return 'connection error: desc = "transport: Error while dialing: connect: connection refused"'
      throw error
    }
  }

  async #apply(dataPlane: DataPlane): Promise<void> {
    this.#process.files.writeText('/etc/nginx/conf.d/http.conf', httpConf(dataPlane))
    this.#nginx.configure(dataPlane)
    await this.#log('INFO', 'NGINX config applied')
  }

  #log(level: string, message: string): Promise<void> {
    const time = new Date(this.#process.machine.now()).toISOString()
    return this.#process.stderr.write(`time=${time} level=${level} msg="${message}"\n`)
  }
}

/** The nginx of a Gateway's pod. */
class GatewayServer {
  readonly #listening = new Map<number, TcpListening>()
  #process: Process | undefined
  #workers: Process[] = []
  #dataPlane: DataPlane = { servers: [], upstreams: {} }
  #router = new Router(this.#dataPlane)
  #answer: (request: HttpRequest, isSecure: boolean) => Promise<HttpAnswer> = async () => ({ status: 503 })
  #options: HttpServerOptions = {}

  async run(process: Process): Promise<number> {
    this.#process = process
    const access = new LogFile(process, '/var/log/nginx/access.log')
    const errors = new LogFile(process, '/var/log/nginx/error.log')
    const exchanges = new WeakMap<HttpRequest, Exchange>()
    let count = 0
    this.#answer = (request, isSecure) => {
      const number = ++count
      const { pid } = this.#workers[0] ?? process
      const time = () =>
        new Date(process.machine.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
      const complain = (text: string) => errors.write(`${time()} [error] ${pid}#${pid}: *${number} ${text}\n`)
      const exchange = new Exchange(
        { process, dataPlane: this.#dataPlane, router: this.#router, complain },
        request,
        isSecure,
      )
      exchanges.set(request, exchange)
      return exchange.answer()
    }
    this.#options = {
      idleTimeout: 75_000,
      badRequest: () => ({
        status: 400,
        headers: { Server: 'nginx', 'Content-Type': 'text/html', Connection: 'close' },
        body: statusPage(400, 'Bad Request', 'nginx'),
      }),
      onAnswered: (request, given, sent) => {
        const line = exchanges.get(request)?.logLine(given, sent)
        if (line !== undefined) access.write(`${line}\n`)
      },
    }
    serveHttp(process, 8081, ({ target }) => (target === '/readyz' ? { status: 200 } : { status: 404, body: '' }))
    this.configure(this.#dataPlane)
    await process.wait<string>(wake => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) process.onSignal(signal, () => wake(signal))
    })
    return 0
  }

  /** Takes a new configuration: listens where it says, and replaces the workers. */
  configure(dataPlane: DataPlane): void {
    this.#dataPlane = dataPlane
    this.#router = new Router(dataPlane)
    const process = this.#process
    if (!process) return
    replaceWorkers(process, this.#workers)
    const ports = new Map(dataPlane.servers.map(({ port, certificates }) => [port, certificates !== undefined]))
    for (const [port, listening] of this.#listening) {
      if (ports.has(port)) continue
      listening.close()
      this.#listening.delete(port)
    }
    for (const [port, isSecure] of ports)
      if (!this.#listening.has(port)) this.#listening.set(port, this.#listen(process, port, isSecure))
  }

  #listen(process: Process, port: number, isSecure: boolean): TcpListening {
    const certificates = (name = '') => this.#router.serverFor(port, name)?.certificates ?? []
    return serveHttp(process, port, request => this.#answer(request, isSecure), {
      ...this.#options,
      ...(isSecure && { tls: { certificates, applicationProtocols: ['http/1.1'] } }),
    })
  }
}
