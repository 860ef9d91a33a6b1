import { textOf } from '../../../machine/bytes.ts'
import { type Certificate, matchingName } from '../../../machine/certificate.ts'
import { glogLine } from '../../../machine/glog.ts'
import { collect, HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { TlsError } from '../../../machine/tls.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Client } from '../../client.ts'
import { type Node, node } from '../../kinds/node.ts'
import { answerMetrics } from './api.ts'
import { Samples } from './samples.ts'

const group = '/apis/metrics.k8s.io/v1beta1'
const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const kubeletPort = 10_250
// How long a kubelet is waited for, and how long what it has told is believed: milliseconds.
const patience = 10_000
const trust = 120_000

/** The program that asks kubelets what their pods use, and tells the API server. */
export function createMetricsServerProgram(client: Client): Program {
  return {
    name: 'metrics-server',
    summary: 'tell what nodes and pods use',
    appetite: { processor: 3, memory: 19_000_000 },
    async run(process) {
      const server = new MetricsServer(process, client)
      const port = Number(flag(process, 'secure-port') ?? '443')
      const key = process.kernel.random.fork(process.machine.name).hex(32)
      const certificate: Certificate = {
        subject: 'CN=localhost@1',
        issuer: 'CN=localhost-ca@1',
        names: ['localhost'],
        notBefore: process.machine.now(),
        notAfter: process.machine.now() + 31_536_000_000,
        key,
        signedBy: key,
      }
      serveHttp(process, port, request => server.answer(request), {
        isDualStack: true,
        tls: { certificates: () => [certificate], applicationProtocols: ['http/1.1'] },
      })
      await server.log('serving.go:374', 'Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)')
      await server.log('secure_serving.go:213', `Serving securely on [::]:${port}`)
      process.thread(() => server.scrapeForEver(seconds(flag(process, 'metric-resolution') ?? '15s') * 1000))
      await untilAsked(process)
      return 0
    },
  }
}

class MetricsServer {
  readonly #process: Process
  readonly #client: Client
  readonly #samples = new Samples()
  #hasScraped = false

  constructor(process: Process, client: Client) {
    this.#process = process
    this.#client = client
  }

  log(place: string, text: string, level: 'I' | 'E' = 'I'): Promise<void> {
    return this.#process.stderr.write(glogLine(this.#process, place, text, level))
  }

  answer(request: HttpRequest): HttpAnswer {
    const path = request.target.split('?')[0]!
    if (path === '/livez' || path === '/healthz') return { status: 200, body: 'ok' }
    if (path === '/readyz')
      return this.#hasScraped
        ? { status: 200, body: 'ok' }
        : { status: 500, body: '[-]metric-storage-ready failed: not metrics to serve\nreadyz check failed\n' }
    if (path !== group && !path.startsWith(`${group}/`)) return { status: 404, body: '404 page not found\n' }
    const body = answerMetrics(request.target.slice(group.length), this.#client, this.#samples)
    const status = (body as { code?: number }).code ?? 200
    return { status, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
  }

  async scrapeForEver(period: number): Promise<void> {
    for (;;) {
      for (const each of this.#client.list(node)) await this.#scrape(each)
      this.#samples.forget(this.#process.machine.now() - trust)
      await this.#process.sleep(period)
    }
  }

  async #scrape(target: Node): Promise<void> {
    const { name } = target.metadata
    const address = target.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
    if (!address) return
    try {
      this.#samples.read(name, await this.#ask(address))
      this.#hasScraped = true
    } catch (error) {
      const why = reasonOf(error, `${address}:${kubeletPort}`)
      if (why === undefined) throw error
      const url = `https://${address}:${kubeletPort}/metrics/resource`
      const text = `Get ${JSON.stringify(url)}: ${why}`
      await this.log('scraper.go:149', `"Failed to scrape node" err=${JSON.stringify(text)} node="${name}"`, 'E')
    }
  }

  async #ask(host: string): Promise<string> {
    const process = this.#process
    const token = process.files.exists(tokenFile) ? process.files.readText(tokenFile) : ''
    const reply = await requestHttp(process, {
      address: parseIpv4(host)!,
      port: kubeletPort,
      tls: { serverName: undefined },
      method: 'GET',
      target: '/metrics/resource',
      headers: new HttpHeaders([
        ['Host', `${host}:${kubeletPort}`],
        ['Authorization', `Bearer ${token}`],
        ['Connection', 'close'],
      ]),
      timeout: patience,
    })
    if (
      flag(process, 'kubelet-insecure-tls') === undefined &&
      !reply.certificates.some(each => matchingName(each, host))
    ) {
      reply.close()
      throw new Distrust(`cannot validate certificate for ${host} because it doesn't contain any IP SANs`)
    }
    const body = textOf(await collect(reply.body))
    reply.close()
    if (reply.head.status !== 200) throw new Distrust(`request failed, status: "${reply.head.status}"`)
    return body
  }
}

/** The kubelet is there and is not believed. */
class Distrust extends Error {}

function reasonOf(error: unknown, host: string): string | undefined {
  if (error instanceof Distrust) return `tls: failed to verify certificate: x509: ${error.message}`
  if (error instanceof PatienceOver) return `dial tcp ${host}: i/o timeout`
  if (error instanceof SocketError)
    return `dial tcp ${host}: connect: ${error.code === 'ECONNREFUSED' ? 'connection refused' : 'no route to host'}`
  return error instanceof HttpError || error instanceof TlsError ? 'EOF' : undefined
}

/** The value of `--name=value`; empty for `--name`. */
function flag(process: Process, name: string): string | undefined {
  const word = process.argv.find(each => each === `--${name}` || each.startsWith(`--${name}=`))
  return word?.slice(name.length + 3)
}

function seconds(text: string): number {
  const [, minutes, rest] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
  return Number(minutes ?? 0) * 60 + Number(rest ?? 0) || 15
}
