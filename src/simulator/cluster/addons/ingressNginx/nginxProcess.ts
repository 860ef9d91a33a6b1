import type { Certificate } from '../../../machine/certificate.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { type HttpServerOptions, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { bindFailures } from '../../images/nginx/bindFailures.ts'
import { LogFile } from '../../images/nginx/logFile.ts'
import { statusPage } from '../../images/nginx/pages.ts'
import { replaceWorkers } from '../../images/nginx/worker.ts'
import { backendJson } from './backendsJson.ts'
import { Balancer } from './balancer.ts'
import { Exchange } from './exchange.ts'
import type { Configuration } from './model.ts'
import { RateLimiter } from './rateLimiter.ts'
import { Router } from './router.ts'

const loopback = parseIpv4('127.0.0.1')!
const idleTimeout = 75_000

// Simplified: the controller hands the configuration over as it is; nginx does not read the file that it writes.
/** The nginx that a controller has started. */
export class NginxProcess {
  /** What is shown for other names. */
  readonly #usual: () => readonly Certificate[]
  #configuration: Configuration
  #router: Router
  #process: Process | undefined
  #workers: Process[] = []

  constructor(configuration: Configuration, usual: () => readonly Certificate[]) {
    this.#configuration = configuration
    this.#router = new Router(configuration)
    this.#usual = usual
  }

  /** Starts it as a child of the controller. */
  start(controller: Process): void {
    const argv = ['/usr/bin/nginx', '-c', '/etc/nginx/nginx.conf']
    const program: Program = { name: 'nginx', summary: 'nginx', run: process => this.#run(process) }
    controller.spawn({ argv, program, commandLine: ['nginx: master process', ...argv] })
  }

  /** Takes a new configuration for all requests from now on; workers are replaced when nginx is reloaded. */
  configure(configuration: Configuration, isReload: boolean): void {
    this.#configuration = configuration
    this.#router = new Router(configuration)
    if (isReload && this.#process) replaceWorkers(this.#process, this.#workers)
  }

  async #run(process: Process): Promise<number> {
    this.#process = process
    replaceWorkers(process, this.#workers)
    const access = new LogFile(process, '/var/log/nginx/access.log')
    const errors = new LogFile(process, '/var/log/nginx/error.log')
    const balancer = new Balancer(process.kernel.random.fork(`balancer of ${process.machine.name}`))
    const limiter = new RateLimiter()
    const exchanges = new WeakMap<HttpRequest, Exchange>()
    let connections = 0
    const answer = (request: HttpRequest, isSecure: boolean): Promise<HttpAnswer> => {
      const number = ++connections
      const exchange = new Exchange(
        {
          process,
          configuration: this.#configuration,
          router: this.#router,
          balancer,
          limiter,
          complain: message => errors.write(this.#errorLine(process, number, message)),
        },
        request,
        isSecure,
      )
      if (exchange.isLogged) exchanges.set(request, exchange)
      return exchange.answer()
    }
    const options: HttpServerOptions = {
      idleTimeout,
      badRequest: reason => badRequest(reason),
      onAnswered: (request, given, sent) => {
        const exchange = exchanges.get(request)
        if (exchange) access.write(`${exchange.logLine(given, sent)}\n`)
      },
    }
    const secure: HttpServerOptions = {
      ...options,
      tls: { certificates: name => this.#certificates(name), applicationProtocols: ['http/1.1'] },
    }
    let place = '0.0.0.0:80'
    try {
      serveHttp(process, 80, request => answer(request, false), options)
      place = '0.0.0.0:443'
      serveHttp(process, 443, request => answer(request, true), secure)
      place = '0.0.0.0:8181'
      serveHttp(process, 8181, notFound)
      place = '127.0.0.1:10246'
      serveHttp(process, 10_246, request => this.#tell(request), { address: loopback })
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      const reason = bindFailures[error.code] ?? `22: ${error.code}`
      await process.stderr.write(`nginx: [emerg] bind() to ${place} failed (${reason})\n`)
      return 1
    }
    await process.wait<string>(wake => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) process.onSignal(signal, () => wake(signal))
    })
    return 0
  }

  #certificates(name: string | undefined): readonly Certificate[] {
    return (name === undefined ? undefined : this.#router.serverFor(name).server.certificate?.chain) ?? this.#usual()
  }

  /** What `/dbg` asks for. */
  #tell({ target }: HttpRequest): HttpAnswer {
    const { backends, servers } = this.#configuration
    const json = (value: unknown) => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(value),
    })
    if (target === '/configuration/backends') return json([...backends.values()].map(backendJson))
    if (target === '/configuration/general') return json({ controllerPodsCount: 1 })
    const [, host] = /^\/configuration\/certs\?hostname=(.+)$/.exec(target) ?? []
    const found = host && servers.find(each => each.host === host)?.certificate
    if (found) return { status: 200, body: found.secret }
    return { status: 404, body: host ? `No certs for host ${host}\n` : 'Not found!' }
  }

  #errorLine(process: Process, number: number, message: string): string {
    const time = new Date(process.machine.now()).toISOString().replace('T', ' ').replaceAll('-', '/').slice(0, 19)
    const worker = this.#workers[0]?.pid ?? process.pid
    return `${time} [error] ${worker}#${worker}: *${number} ${message}\n`
  }
}

function notFound(): HttpAnswer {
  return { status: 404, headers: { 'Content-Type': 'text/html' }, body: statusPage(404, 'Not Found', 'nginx') }
}

function badRequest(reason: 'malformed' | 'plain HTTP'): HttpAnswer {
  const page = statusPage(400, 'Bad Request', 'nginx')
  const body =
    reason === 'malformed'
      ? page
      : page
          .replace('<title>400 Bad Request', '<title>400 The plain HTTP request was sent to HTTPS port')
          .replace('</h1></center>', '</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>')
  return { status: 400, headers: { 'Content-Type': 'text/html', Connection: 'close' }, body }
}
