import { HttpHeaders, hasBody, httpDate } from '../../../machine/http.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { inChunks, inOrder } from '../../images/nginx/answerHeaders.ts'
import { commonTime, nginxReason, normalize, titleOf } from '../../images/nginx/exchange.ts'
import { statusPage } from '../../images/nginx/pages.ts'
import { askUpstream } from '../../images/nginx/upstream.ts'
import type { DataPlane, DataPlaneMatch, Redirect, WeightedBackend } from './dataPlane.ts'
import { type Found, type Router, withoutSlash } from './router.ts'
import type { PathChange } from './types.ts'

/** What a request needs from the running nginx. */
export interface GatewayNginx {
  readonly process: Process
  readonly dataPlane: DataPlane
  readonly router: Router
  complain(message: string): void
}

// proxy_connect_timeout and proxy_read_timeout.
const patience = { connect: 60_000, read: 60_000, words: 'musl' } as const

/** One request on its way through the nginx of a Gateway. */
export class Exchange {
  readonly #nginx: GatewayNginx
  readonly #request: HttpRequest
  readonly #scheme: 'http' | 'https'
  readonly #host: string
  readonly #path: string
  readonly #query: string

  constructor(nginx: GatewayNginx, request: HttpRequest, isSecure: boolean) {
    this.#nginx = nginx
    this.#request = request
    this.#scheme = isSecure ? 'https' : 'http'
    const [path = '/', ...query] = request.target.split('?')
    this.#path = normalize(path)
    this.#query = query.join('?')
    this.#host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase()
  }

  /** Everything up to the answer. */
  async answer(): Promise<HttpAnswer> {
    if (this.#request.version === '1.1' && !this.#request.headers.has('host')) return this.#page(400)
    const { port } = this.#request.local
    const found = this.#nginx.router.find(port, this.#host, this.#path, this.#query, this.#request)
    if (!found) return this.#page(404)
    const { match } = found
    if (match.redirect)
      return this.#page(match.redirect.statusCode, [['Location', this.#target(found, match.redirect)]])
    const target = this.#rewritten(found)
    const headers = this.#headers(match)
    for (const { upstream, percent } of match.mirrors) this.#mirror(upstream, percent, target, headers)
    const backend = this.#choose(match.backends)
    if (!backend?.isValid) return this.#page(500)
    return this.#pass(backend, match, target, headers)
  }

  /** The line of the access log. */
  logLine(answer: HttpAnswer, sent: number): string {
    const { method, target, version, headers, remote } = this.#request
    const field = (name: string) => headers.get(name) ?? '-'
    const time = commonTime(this.#nginx.process.machine.now())
    return `${formatIpv4(remote.address)} - - [${time}] "${method} ${target} HTTP/${version}" ${answer.status} ${sent} "${field('referer')}" "${field('user-agent')}" "${field('x-forwarded-for')}"`
  }

  get #args(): string {
    return this.#query === '' ? '' : `?${this.#query}`
  }

  /** A backend by its share; undefined when no share is greater than nothing. */
  #choose(backends: readonly WeightedBackend[]): WeightedBackend | undefined {
    const total = backends.reduce((sum, { weight }) => sum + weight, 0)
    if (total === 0) return undefined
    let drawn = backends.length > 1 ? this.#nginx.process.kernel.random.below(total) : 0
    return backends.find(({ weight }) => {
      drawn -= weight
      return drawn < 0
    })
  }

  async #pass(
    { upstream }: WeightedBackend,
    match: DataPlaneMatch,
    target: string,
    headers: readonly (readonly [string, string])[],
  ): Promise<HttpAnswer> {
    const servers = this.#nginx.dataPlane.upstreams[upstream] ?? []
    if (servers.length === 0) return this.#page(503)
    const first = this.#nginx.process.kernel.random.below(servers.length)
    let status: 502 | 504 = 502
    for (let i = 0; i < servers.length; i++) {
      const server = servers[(first + i) % servers.length]!
      const outcome = await this.#ask(server, target, headers)
      if ('answer' in outcome) return this.#passBack(outcome.answer, match)
      status = outcome.status
      this.#complain(outcome.reason, `http://${server}${target}`)
      if (this.#request.method === 'POST' || this.#request.method === 'PATCH') break
    }
    return this.#page(status)
  }

  #ask(server: string, target: string, headers: readonly (readonly [string, string])[]) {
    const [address = '', port] = server.split(':')
    return askUpstream(
      this.#nginx.process,
      { address: parseIpv4(address)!, port: Number(port) },
      { ...this.#request, target },
      headers,
      patience,
    )
  }

  /** Sends a copy whose answer nobody waits for. */
  #mirror(upstream: string, percent: number, target: string, headers: readonly (readonly [string, string])[]): void {
    const { process, dataPlane } = this.#nginx
    const [server] = dataPlane.upstreams[upstream] ?? []
    if (server === undefined || process.kernel.random.below(100) >= percent) return
    process.thread(async () => void (await this.#ask(server, target, headers)))
  }

  #headers({ requestHeaders, rewrite }: DataPlaneMatch): (readonly [string, string])[] {
    const { headers, remote, local } = this.#request
    const client = formatIpv4(remote.address)
    const host = headers.get('host') ?? ''
    const all = new HttpHeaders([
      ['Host', rewrite?.hostname ?? host],
      ['X-Forwarded-For', [headers.get('x-forwarded-for'), client].filter(Boolean).join(', ')],
      ['X-Real-IP', client],
      ['X-Forwarded-Proto', this.#scheme],
      ['X-Forwarded-Host', this.#host],
      ['X-Forwarded-Port', String(local.port)],
    ])
    for (const { name, value } of requestHeaders.add ?? []) {
      const known = all.get(name) ?? headers.get(name)
      all.set(name, known === undefined ? value : `${known},${value}`)
    }
    for (const { name, value } of requestHeaders.set ?? []) all.set(name, value)
    for (const name of requestHeaders.remove ?? []) all.set(name, '')
    return [...all]
  }

  #passBack(answer: HttpAnswer, { responseHeaders }: DataPlaneMatch): HttpAnswer {
    const received = new HttpHeaders(answer.headers)
    const isChunked = received.has('transfer-encoding') && hasBody(answer.status, this.#request.method)
    const kept = new HttpHeaders(
      [...received].filter(([name]) => !/^(?:date|server|connection|keep-alive|x-accel-.*)$/i.test(name)),
    )
    for (const { name, value } of responseHeaders.add ?? []) kept.append(name, value)
    for (const { name, value } of responseHeaders.set ?? []) {
      kept.delete(name)
      kept.append(name, value)
    }
    for (const name of responseHeaders.remove ?? []) kept.delete(name)
    const body = answer.body as Uint8Array
    return this.#finish(answer.status, [...kept], isChunked ? inChunks(body) : body, answer.reason)
  }

  /** Where a client is sent instead. */
  #target(found: Found, { scheme = this.#scheme, hostname = this.#host, port, path }: Redirect): string {
    const usual = scheme === 'https' ? 443 : 80
    const own = scheme === this.#scheme ? this.#request.local.port : usual
    const shown = (port ?? own) === usual ? '' : `:${port ?? own}`
    return `${scheme}://${hostname}${shown}${path ? encodeURI(changed(path, found, this.#path)) : this.#path}${this.#args}`
  }

  #rewritten(found: Found): string {
    const { rewrite } = found.match
    if (!rewrite?.path) return this.#request.target
    return `${encodeURI(changed(rewrite.path, found, this.#path))}${this.#args}`
  }

  #page(status: number, more: readonly (readonly [string, string])[] = []): HttpAnswer {
    const page = statusPage(status, titleOf(status), 'nginx')
    return this.#finish(status, [['Content-Type', 'text/html'], ['Content-Length', String(page.length)], ...more], page)
  }

  #finish(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: NonNullable<HttpAnswer['body']>,
    reason = nginxReason(status),
  ): HttpAnswer {
    const { headers: asked, version } = this.#request
    const isLast = asked.get('connection')?.toLowerCase() === 'close' || version === '1.0'
    const own: readonly (readonly [string, string])[] = [
      ['Server', 'nginx'],
      ['Date', httpDate(this.#nginx.process.machine.now())],
      ['Connection', isLast ? 'close' : 'keep-alive'],
    ]
    return { status, reason, headers: inOrder([...own, ...headers]), body }
  }

  #complain(message: string, upstream: string): void {
    const { method, target, version, headers, remote } = this.#request
    this.#nginx.complain(
      `${message}, client: ${formatIpv4(remote.address)}, server: ${this.#nginx.router.serverFor(this.#request.local.port, this.#host)?.hostname ?? ''}, request: "${method} ${target} HTTP/${version}", upstream: "${upstream}", host: "${headers.get('host') ?? ''}"`,
    )
  }
}

/** A path with another one in its place, or with another beginning. */
function changed(change: PathChange, { location }: Found, path: string): string {
  if (change.type === 'ReplaceFullPath') return change.replaceFullPath ?? '/'
  const rest = location.type === 'PathPrefix' ? path.slice(withoutSlash(location.path).length) : ''
  return `${withoutSlash(change.replacePrefixMatch ?? '')}${rest}` || '/'
}
