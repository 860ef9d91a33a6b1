import { HttpHeaders, hasBody, httpDate } from '../../../machine/http.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { contains, formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { inChunks, inOrder } from '../../images/nginx/answerHeaders.ts'
import { commonTime, nginxReason, normalize, titleOf } from '../../images/nginx/exchange.ts'
import { statusPage } from '../../images/nginx/pages.ts'
import { askUpstream } from '../../images/nginx/upstream.ts'
import type { Balancer } from './balancer.ts'
import { corsHeaders } from './cors.ts'
import { askAuthority } from './externalAuth.ts'
import type { BackendEndpoint, Configuration, Location, Server } from './model.ts'
import { isPasswordOf } from './passwords.ts'
import type { RateLimiter } from './rateLimiter.ts'
import { patternOf, type Router } from './router.ts'
import { type ExternalAuth, rangeOf } from './settings.ts'

/** What a request needs from the running nginx. */
export interface Nginx {
  readonly process: Process
  readonly configuration: Configuration
  readonly router: Router
  readonly balancer: Balancer
  readonly limiter: RateLimiter
  complain(message: string): void
}

interface Try {
  readonly address: string
  readonly status: number
  readonly length: number
  readonly time: number
}

/** One request on its way through the controller's nginx. */
export class Exchange {
  readonly #nginx: Nginx
  readonly #request: HttpRequest
  readonly #isSecure: boolean
  readonly #host: string
  readonly #path: string
  readonly #query: string
  readonly #began: number
  readonly #id: string
  readonly #server: Server
  readonly #location: Location | 'slash' | undefined
  readonly #client: string
  readonly #scheme: string
  #user = '-'
  #tries: Try[] = []
  #alternative = ''
  #cookie: string | undefined
  /** What another server has said of the client. */
  #known: readonly (readonly [string, string])[] = []

  constructor(nginx: Nginx, request: HttpRequest, isSecure: boolean) {
    this.#nginx = nginx
    this.#request = request
    this.#isSecure = isSecure
    this.#began = nginx.process.machine.now()
    const [path = '/', ...query] = request.target.split('?')
    this.#path = normalize(path)
    this.#query = query.join('?')
    this.#host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase()
    const { useForwardedHeaders } = nginx.configuration.globals
    const trusted = (name: string) => (useForwardedHeaders ? request.headers.get(name) : undefined)
    this.#client = /^[^,\s]+/.exec(trusted('x-forwarded-for') ?? '')?.[0] ?? formatIpv4(request.remote.address)
    this.#scheme = trusted('x-forwarded-proto') ?? (isSecure ? 'https' : 'http')
    this.#id = request.headers.get('x-request-id') ?? nginx.process.kernel.random.hex(32)
    const routes = nginx.router.serverFor(this.#host)
    this.#server = routes.server
    this.#location = routes.locationFor(this.#path)
  }

  /** Whether the access log gets a line. */
  get isLogged(): boolean {
    const location = this.#location
    return typeof location !== 'object' || location.settings.logsAccess
  }

  /** Everything up to the answer. */
  async answer(): Promise<HttpAnswer> {
    if (this.#request.version === '1.1' && !this.#request.headers.has('host')) return this.#page(400)
    const location = this.#location
    if (this.#server.host === '_' && this.#path === '/healthz') return { status: 200, body: '' }
    if (location === undefined) return this.#page(404)
    if (location === 'slash') return this.#redirect(301, `${this.#scheme}://${this.#host}${this.#path}/${this.#args}`)
    return (await this.#refusal(location)) ?? this.#pass(location)
  }

  /** The line of the access log. */
  logLine(answer: HttpAnswer, sent: number): string {
    const { method, target, version, headers, body } = this.#request
    const now = this.#nginx.process.machine.now()
    let length = `${method} ${target} HTTP/${version}\r\n\r\n`.length + body.length
    for (const [name, value] of headers) length += name.length + value.length + 4
    const of = (read: (each: Try) => string) => this.#tries.map(read).join(', ') || '-'
    const location = typeof this.#location === 'object' ? this.#location.backend : ''
    return [
      `${this.#client} - ${this.#user} [${commonTime(now)}] "${method} ${target} HTTP/${version}" ${answer.status} ${sent}`,
      `"${headers.get('referer') ?? '-'}" "${headers.get('user-agent') ?? '-'}" ${length} ${seconds(now - this.#began)}`,
      `[${location}] [${this.#alternative}] ${of(each => each.address)} ${of(each => String(each.length))}`,
      `${of(each => seconds(each.time))} ${of(each => String(each.status))} ${this.#id}`,
    ].join(' ')
  }

  get #args(): string {
    return this.#query === '' ? '' : `?${this.#query}`
  }

  /** What nginx answers by itself, in the order of its phases; undefined when the request is passed on. */
  async #refusal({ settings }: Location): Promise<HttpAnswer | undefined> {
    const { body, method } = this.#request
    const most = bytesIn(settings.bodySize)
    if (most > 0 && body.length > most) {
      this.#complain(`client intended to send too large body: ${body.length} bytes`)
      return this.#page(413)
    }
    if (settings.denied !== undefined) return this.#page(503)
    if (settings.appRoot !== '' && this.#path === '/')
      return this.#redirect(302, `${this.#scheme}://${this.#request.headers.get('host')}${settings.appRoot}`)
    if (settings.redirect) return this.#redirect(settings.redirect.code, this.#expand(settings.redirect.url))
    if (settings.cors && method === 'OPTIONS')
      return this.#finish(204, [
        ['Content-Type', 'text/plain charset=UTF-8'],
        ['Content-Length', '0'],
        ...this.#cors(settings),
      ])
    if (this.#mustBeSecure(settings)) return this.#redirect(308, `https://${this.#host}${this.#request.target}`)
    if (this.#isTooFast(settings)) return this.#page(503)
    if (!this.#isAllowed(settings.allow, settings.deny)) {
      this.#complain('access forbidden by rule')
      return this.#page(403)
    }
    const refused = settings.auth ? this.#ask(settings.auth) : undefined
    return refused ?? (settings.external ? this.#askAuthority(settings.external) : undefined)
  }

  async #askAuthority(external: ExternalAuth): Promise<HttpAnswer | undefined> {
    const { status, headers } = await askAuthority(this.#nginx.process, external, this.#request, this.#scheme)
    if (status >= 200 && status < 300) {
      this.#known = headers
      return undefined
    }
    if (status === 401 && external.signin !== '') {
      const here = encodeURIComponent(this.#request.target)
      const back = `rd=${this.#scheme}://${this.#request.headers.get('host')}${here}`
      const { signin } = external
      return this.#redirect(
        302,
        /[?&]rd=/.test(signin) ? signin : `${signin}${signin.includes('?') ? '&' : '?'}${back}`,
      )
    }
    if (status === 401 || status === 403) return this.#page(status)
    this.#complain(`auth request unexpected status: ${status} while sending to client`)
    return this.#page(500)
  }

  #mustBeSecure({ forceSslRedirect, sslRedirect }: Location['settings']): boolean {
    if (this.#scheme !== 'http') return false
    return forceSslRedirect || (sslRedirect && this.#server.certificate !== undefined)
  }

  #isTooFast({ limits }: Location['settings']): boolean {
    const location = this.#location as Location
    const { limiter, process } = this.#nginx
    if (!limits || this.#isIn(limits.without)) return false
    const zone = `${this.#server.host} ${location.path}`
    if (limiter.allows(zone, this.#client, limits, process.machine.now())) return false
    const { namespace, name, uid } = location.ingress!.metadata
    this.#complain(
      `limiting requests, excess: ${limits.perSecond || limits.perMinute}.000 by zone "${namespace}_${name}_${uid}_rps"`,
    )
    return true
  }

  /** Whether the client's address is one of those that are listed. */
  #isIn(listed: readonly string[]): boolean {
    const address = parseIpv4(this.#client)
    return listed.some(text => {
      const range = rangeOf(text)
      return address !== undefined && range !== undefined && contains(range, address)
    })
  }

  #isAllowed(allow: readonly string[], deny: readonly string[]): boolean {
    return !this.#isIn(deny) && (allow.length === 0 || this.#isIn(allow))
  }

  #ask(auth: NonNullable<Location['settings']['auth']>): HttpAnswer | undefined {
    const [, encoded] = /^Basic +(\S+)$/i.exec(this.#request.headers.get('authorization') ?? '') ?? []
    const demand = this.#page(401, [['WWW-Authenticate', `Basic realm="${auth.realm}"`]])
    if (encoded === undefined) return demand
    const [user = '', ...rest] = decode(encoded).split(':')
    this.#user = user || '-'
    const line = auth.users.find(each => each.startsWith(`${user}:`))
    if (line === undefined) this.#complain(`user "${user}" was not found in "/etc/ingress-controller/auth"`)
    else if (isPasswordOf(line.slice(user.length + 1), rest.join(':'))) return undefined
    else this.#complain(`user "${user}": password mismatch`)
    return demand
  }

  async #pass(location: Location): Promise<HttpAnswer> {
    const { settings } = location
    const { balancer, configuration, process } = this.#nginx
    const rewritten = this.#rewrite(location)
    if (/^https?:\/\//.test(rewritten)) return this.#redirect(302, rewritten)
    const choice = balancer.choose(configuration, location, {
      request: this.#request,
      isSecure: this.#isSecure,
      cookiePath: this.#server.isRegex ? '/' : location.ingressPath,
      now: process.machine.now(),
    })
    if (!choice) return this.#page(503)
    this.#alternative = choice.alternative
    this.#cookie = choice.cookie
    let status: 502 | 504 = 502
    for (const endpoint of choice.endpoints) {
      const outcome = await this.#askOne(endpoint, rewritten, location)
      if (typeof outcome !== 'number') return this.#passBack(outcome, location)
      status = outcome
      if (!this.#mayTryNext(outcome, settings.nextUpstream)) break
    }
    return this.#page(status)
  }

  /** A request that may have done something is not sent twice. */
  #mayTryNext(status: 502 | 504, conditions: string): boolean {
    const words = conditions.split(' ')
    if (/^(?:POST|LOCK|PATCH)$/.test(this.#request.method) && !words.includes('non_idempotent')) return false
    return words.includes(status === 504 ? 'timeout' : 'error')
  }

  /** Asks one endpoint, and takes note of it for the access log. */
  async #askOne(endpoint: BackendEndpoint, target: string, { settings }: Location): Promise<HttpAnswer | 502 | 504> {
    const { process } = this.#nginx
    const began = process.machine.now()
    const shown = `${endpoint.address}:${endpoint.port}`
    const note = (status: number, length: number) =>
      this.#tries.push({ address: shown, status, length, time: process.machine.now() - began })
    const address = parseIpv4(endpoint.address) ?? (await this.#resolve(endpoint.address))
    if (address === undefined) {
      this.#complain(`failed to resolve ${endpoint.address}`)
      return 502
    }
    const isTls = settings.backendProtocol === 'HTTPS'
    const outcome = await askUpstream(
      process,
      { address, port: endpoint.port, ...(isTls && { tls: { serverName: this.#host } }) },
      { ...this.#request, target },
      this.#headers(settings),
      { connect: settings.connectTimeout * 1000, read: settings.readTimeout * 1000, words: 'musl' },
    )
    if ('answer' in outcome) {
      note(outcome.answer.status, outcome.answer.body.length)
      return outcome.answer
    }
    note(outcome.status, 0)
    this.#complain(outcome.reason, `http${isTls ? 's' : ''}://${shown}${target}`)
    return outcome.status
  }

  async #resolve(name: string): Promise<number | undefined> {
    try {
      return (await resolveHost(this.#nginx.process, name, 4)).addresses[0]
    } catch (error) {
      if (error instanceof ResolveError) return undefined
      throw error
    }
  }

  /** What the upstream is asked for; a whole URL when the rewrite is a redirect. */
  #rewrite({ settings, path }: Location): string {
    if (settings.rewriteTarget === '') return this.#request.target
    const found = patternOf(path)?.exec(this.#path)
    if (!found) return this.#request.target
    const target = settings.rewriteTarget.replace(/\$(\d)/g, (_, group) => found[Number(group)] ?? '')
    const [to = '/', own] = target.split('?')
    const query = [own, this.#query].filter(Boolean).join('&')
    const uri = /^https?:/.test(to) ? to : encodeURI(to || '/')
    return query === '' ? uri : `${uri}?${query}`
  }

  #headers(settings: Location['settings']): (readonly [string, string])[] {
    const host = this.#request.headers.get('host') ?? ''
    return [
      ['Host', settings.upstreamVhost || host],
      ['X-Request-ID', this.#id],
      ['X-Real-IP', this.#client],
      ['X-Forwarded-For', this.#client],
      ['X-Forwarded-Host', host],
      ['X-Forwarded-Port', String(this.#isSecure ? 443 : 80)],
      ['X-Forwarded-Proto', this.#scheme],
      ['X-Forwarded-Scheme', this.#scheme],
      ['X-Scheme', this.#scheme],
      ['X-Original-Forwarded-For', this.#request.headers.get('x-forwarded-for') ?? ''],
      ['X-Forwarded-Prefix', settings.rewriteTarget === '' ? '' : settings.forwardedPrefix],
      ['Proxy', ''],
      ...this.#known,
    ]
  }

  #passBack(answer: HttpAnswer, { settings }: Location): HttpAnswer {
    const received = new HttpHeaders(answer.headers)
    const isChunked = received.get('transfer-encoding') !== undefined
    const body = answer.body as Uint8Array
    const { serverTokens } = this.#nginx.configuration.globals
    const kept = [...received].filter(
      ([name]) =>
        !/^(?:date|connection|keep-alive|x-accel-.*)$/i.test(name) && (serverTokens || !/^server$/i.test(name)),
    )
    const isPlain = isChunked && hasBody(answer.status, this.#request.method)
    return this.#finish(
      answer.status,
      [...kept, ...this.#cors(settings)],
      isPlain ? inChunks(body) : body,
      answer.reason,
    )
  }

  #redirect(status: number, url: string): HttpAnswer {
    return this.#page(status, [['Location', url]])
  }

  #page(status: number, more: readonly (readonly [string, string])[] = []): HttpAnswer {
    const page = statusPage(status, titleOf(status), 'nginx')
    return this.#finish(status, [['Content-Type', 'text/html'], ['Content-Length', String(page.length)], ...more], page)
  }

  #finish(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: HttpAnswer['body'] = '',
    reason = nginxReason(status),
  ): HttpAnswer {
    const { globals } = this.#nginx.configuration
    const isLast = this.#request.headers.get('connection')?.toLowerCase() === 'close' || this.#request.version === '1.0'
    const own: (readonly [string, string])[] = [['Date', httpDate(this.#nginx.process.machine.now())]]
    own.push(['Connection', isLast ? 'close' : 'keep-alive'])
    if (this.#cookie !== undefined) own.push(['Set-Cookie', this.#cookie])
    if (this.#isSecure && globals.hsts && this.#server.certificate !== undefined)
      own.push([
        'Strict-Transport-Security',
        `max-age=${globals.hstsMaxAge}${globals.hstsIncludeSubdomains ? '; includeSubDomains' : ''}${globals.hstsPreload ? '; preload' : ''}`,
      ])
    return { status, reason, headers: inOrder([...own, ...headers]), body }
  }

  #cors({ cors }: Location['settings']): readonly (readonly [string, string])[] {
    return cors ? corsHeaders(cors, this.#request.headers.get('origin')) : []
  }

  /** The variables that redirects are written with. */
  #expand(text: string): string {
    const values: Readonly<Record<string, string>> = {
      scheme: this.#scheme,
      host: this.#host,
      http_host: this.#request.headers.get('host') ?? '',
      request_uri: this.#request.target,
      uri: this.#path,
      args: this.#query,
    }
    return text.replace(/\$(\w+)/g, (whole, name) => values[name] ?? whole)
  }

  #complain(message: string, upstream?: string): void {
    const { method, target, version, headers } = this.#request
    const facts = [
      message,
      `client: ${this.#client}`,
      `server: ${this.#server.host}`,
      `request: "${method} ${target} HTTP/${version}"`,
      ...(upstream === undefined ? [] : [`upstream: "${upstream}"`]),
      `host: "${headers.get('host') ?? ''}"`,
    ]
    this.#nginx.complain(facts.join(', '))
  }
}

function seconds(duration: number): string {
  return (duration / 1000).toFixed(3)
}

function bytesIn(size: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([bkmg]?)$/i.exec(size) ?? []
  return Number(digits) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1)
}

function decode(base64: string): string {
  try {
    return atob(base64)
  } catch {
    return ''
  }
}
