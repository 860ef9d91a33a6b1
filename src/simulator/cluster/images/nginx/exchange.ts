import { FileError } from '../../../machine/fileError.ts'
import type { FileSystem } from '../../../machine/files.ts'
import { httpDate, reasonPhrase } from '../../../machine/http.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { formatIpv4 } from '../../../network/address.ts'
import type { Random } from '../../../random.ts'
import { inOrder } from './answerHeaders.ts'
import { statusPage } from './pages.ts'
import type { Location, Scope, Server } from './settings.ts'

/** What answering needs from the running nginx. */
export interface Answering {
  readonly files: FileSystem
  readonly version: string
  readonly hostname: string
  readonly random: Random
  /** Milliseconds since 1970. */
  readonly now: number
  readonly servers: readonly Server[]
  /** Passes a request on and gives the answer of the other side, or the status when there is none. */
  proxy(
    target: string,
    request: HttpRequest,
    headers: readonly (readonly [string, string])[],
  ): Promise<HttpAnswer | 502 | 504>
  /** Adds a line to the error log. */
  complain(level: 'error' | 'warn', message: string): void
  /** The page of `stub_status`. */
  status(): string
}

/** One request on its way through the configuration. */
export class Exchange {
  readonly request: HttpRequest
  readonly server: Server
  /** The path without query, decoded; changed by internal redirects. */
  uri: string
  status = 0
  scope: Scope
  readonly #with: Answering
  readonly #args: string
  #redirects = 0
  #id: string | undefined

  constructor(request: HttpRequest, answering: Answering) {
    this.request = request
    this.#with = answering
    const [path = '/', ...query] = request.target.split('?')
    this.#args = query.join('?')
    this.uri = normalize(path)
    this.server = chooseServer(answering.servers, request)
    this.scope = this.server.scope
  }

  /** Everything up to the answer. */
  async answer(): Promise<HttpAnswer> {
    if (this.request.version === '1.1' && !this.request.headers.has('host')) return this.#error(400, this.server.scope)
    const { answer } = this.server
    if (answer) return this.#returned(answer.status, answer.text, this.server.scope)
    return this.#locate()
  }

  /** The value of a variable of log formats and answers. */
  variable(name: string): string | undefined {
    const { request } = this
    if (name.startsWith('http_')) return request.headers.get(name.slice(5).replaceAll('_', '-'))
    if (name.startsWith('arg_'))
      return new Map(this.#args.split('&').map(pair => pair.split('=') as [string, string])).get(name.slice(4))
    switch (name) {
      case 'remote_addr':
        return formatIpv4(request.remote.address)
      case 'remote_port':
        return String(request.remote.port)
      case 'server_addr':
        return formatIpv4(request.local.address)
      case 'server_port':
        return String(request.local.port)
      case 'server_name':
        return this.server.names[0] ?? ''
      case 'server_protocol':
        return `HTTP/${request.version}`
      case 'hostname':
        return this.#with.hostname
      case 'host':
        return hostOf(request) || (this.server.names[0] ?? '')
      case 'request':
        return `${request.method} ${request.target} HTTP/${request.version}`
      case 'request_method':
        return request.method
      case 'request_uri':
        return request.target
      case 'uri':
      case 'document_uri':
        return this.uri
      case 'args':
      case 'query_string':
        return this.#args
      case 'is_args':
        return this.#args ? '?' : ''
      case 'scheme':
        return 'http'
      case 'status':
        return String(this.status)
      case 'nginx_version':
        return this.#with.version
      case 'time_local':
        return commonTime(this.#with.now)
      case 'time_iso8601':
        return new Date(this.#with.now).toISOString().replace(/\.\d+Z$/, '+00:00')
      case 'msec':
        return (this.#with.now / 1000).toFixed(3)
      case 'request_time':
        return '0.000'
      case 'content_type':
        return request.headers.get('content-type')
      case 'content_length':
        return request.headers.get('content-length')
      case 'proxy_add_x_forwarded_for':
        return [request.headers.get('x-forwarded-for'), formatIpv4(request.remote.address)].filter(Boolean).join(', ')
      case 'request_id':
        return (this.#id ??= this.#with.random.hex(32))
      case 'proxy_host':
      case 'remote_user':
      case 'http_upgrade':
        return undefined
    }
    return undefined
  }

  /** Puts values in place of `$name` and `${name}`. */
  expand(text: string, absent = ''): string {
    return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => this.variable(braced ?? bare) ?? absent)
  }

  async #locate(): Promise<HttpAnswer> {
    const location = chooseLocation(this.server.locations, this.uri)
    const scope = location?.scope ?? this.server.scope
    this.scope = scope
    if (location?.answer) return this.#returned(location.answer.status, location.answer.text, scope)
    if (location?.showsStatus) return this.#finish(200, [['Content-Type', 'text/plain']], this.#with.status(), scope)
    if (location?.tryFiles) return this.#tryFiles(location, location.tryFiles)
    if (location?.proxyPass) return this.#pass(location, location.proxyPass)
    return this.#file(this.#pathOf(location, this.uri), scope)
  }

  #returned(status: number, text: string | undefined, scope: Scope): Promise<HttpAnswer> | HttpAnswer {
    if (status === 444) return { status, abort: true }
    if (text === undefined) return this.#error(status, scope)
    if ([301, 302, 303, 307, 308].includes(status)) return this.#redirect(status, this.expand(text), scope)
    return this.#finish(status, [['Content-Type', scope.defaultType]], this.expand(text), scope)
  }

  #redirect(status: number, target: string, scope: Scope): HttpAnswer {
    const port = this.request.local.port === 80 ? '' : `:${this.request.local.port}`
    const url = target.startsWith('/') ? `http://${this.variable('host')}${port}${target}` : target
    const page = statusPage(status, titleOf(status), this.#name(scope))
    return this.#finish(
      status,
      [
        ['Content-Type', 'text/html'],
        ['Location', url],
      ],
      page,
      scope,
    )
  }

  #tryFiles(location: Location, words: readonly string[]): Promise<HttpAnswer> | HttpAnswer {
    const last = words.at(-1) ?? '=404'
    for (const each of words.slice(0, -1)) {
      const path = this.#pathOf(location, this.expand(each))
      const found = this.#with.files.find(path)
      if (found && (found.kind === 'directory') === path.endsWith('/')) return this.#file(path, location.scope)
    }
    if (last.startsWith('=')) return this.#error(Number(last.slice(1)), location.scope)
    return this.#again(this.expand(last), location.scope)
  }

  #again(uri: string, scope: Scope): Promise<HttpAnswer> | HttpAnswer {
    if (++this.#redirects > 10) {
      this.#complain('error', `rewrite or internal redirection cycle while internally redirecting to "${uri}"`)
      return this.#page(500, scope)
    }
    this.uri = uri.split('?')[0]!
    return this.#locate()
  }

  async #pass(location: Location, proxyPass: string): Promise<HttpAnswer> {
    const target = this.expand(proxyPass)
    const slash = target.indexOf('/', 'http://'.length)
    const origin = slash < 0 ? target : target.slice(0, slash)
    const host = origin.slice('http://'.length)
    const rest = this.uri.slice(location.modifier.startsWith('~') ? 0 : location.path.length)
    const path =
      slash < 0 ? this.request.target : target.slice(slash) + encodeURI(rest) + (this.#args ? `?${this.#args}` : '')
    const headers: [string, string][] = [
      ['Host', host],
      ['Connection', 'close'],
    ]
    for (const [name, value] of location.scope.proxyHeaders) {
      const at = headers.findIndex(each => each[0].toLowerCase() === name.toLowerCase())
      if (at >= 0) headers.splice(at, 1)
      const expanded = this.expand(value)
      if (expanded !== '') headers.push([name, expanded])
    }
    const answer = await this.#with.proxy(host, { ...this.request, target: path }, headers)
    if (typeof answer === 'number') return this.#error(answer, location.scope)
    this.status = answer.status
    const kept = [...(answer.headers as Iterable<readonly [string, string]>)].filter(
      ([name]) => !/^(server|date|connection|keep-alive|transfer-encoding)$/i.test(name),
    )
    return {
      ...answer,
      headers: [...this.#own(location.scope), ...kept, ...this.#added(location.scope, answer.status)],
    }
  }

  #file(path: string, scope: Scope): Promise<HttpAnswer> | HttpAnswer {
    const { files } = this.#with
    const method = this.request.method
    if (path.endsWith('/')) return this.#directory(path, scope)
    if (method !== 'GET' && method !== 'HEAD') return this.#error(405, scope)
    const found = files.find(path)
    if (!found) {
      this.#complain('error', `open() "${path}" failed (2: No such file or directory)`)
      return this.#error(404, scope)
    }
    if (found.kind === 'directory')
      return this.#redirect(301, `${this.uri}/${this.#args ? `?${this.#args}` : ''}`, scope)
    let text: string
    try {
      text = files.readText(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      this.#complain('error', `open() "${path}" failed (13: Permission denied)`)
      return this.#error(403, scope)
    }
    const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
    const seconds = Math.floor(found.modified / 1000)
    const tag = `"${seconds.toString(16)}-${found.size.toString(16)}"`
    const headers: [string, string][] = [
      ['Content-Type', scope.types.get(extension) ?? scope.defaultType],
      ['Content-Length', String(found.size)],
      ['Last-Modified', httpDate(seconds * 1000)],
      ['ETag', tag],
    ]
    const isKnown = this.request.headers.get('if-none-match') === tag
    if (isKnown)
      return this.#finish(
        304,
        headers.filter(([name]) => /^(Last|ETag)/.test(name)),
        '',
        scope,
      )
    return this.#finish(200, [...headers, ['Accept-Ranges', 'bytes']], text, scope)
  }

  #directory(path: string, scope: Scope): Promise<HttpAnswer> | HttpAnswer {
    const { files } = this.#with
    for (const name of scope.index) {
      const index = name.startsWith('/') ? this.scope.root + name : path + this.expand(name)
      if (files.exists(index)) return this.#again(this.uri.replace(/[^/]*$/, '') + this.expand(name), scope)
    }
    if (this.request.method !== 'GET' && this.request.method !== 'HEAD') return this.#error(405, scope)
    if (!files.exists(path)) {
      this.#complain('error', `"${path}${scope.index[0] ?? ''}" is not found (2: No such file or directory)`)
      return this.#error(404, scope)
    }
    if (scope.isListing) return this.#finish(200, [['Content-Type', 'text/html']], this.#listing(path), scope)
    this.#complain('error', `directory index of "${path}" is forbidden`)
    return this.#error(403, scope)
  }

  #listing(path: string): string {
    const rows = this.#with.files.list(path).map(name => {
      const stat = this.#with.files.stat(path + name)
      const shown = stat.kind === 'directory' ? `${name}/` : name
      const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\d+:\d+)/.exec(httpDate(stat.modified))!
      const size = stat.kind === 'directory' ? '-' : String(stat.size)
      return `<a href="${encodeURI(shown)}">${shown}</a>${' '.repeat(Math.max(1, 51 - shown.length))}${day}-${month}-${year} ${clock} ${size.padStart(19)}`
    })
    const title = `Index of ${this.uri}`
    return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${rows.map(row => `${row}\r\n`).join('')}</pre><hr></body>\r\n</html>\r\n`
  }

  #error(status: number, scope: Scope): Promise<HttpAnswer> | HttpAnswer {
    const page = scope.errorPages.get(status)
    if (!page || this.#redirects > 0) return this.#page(status, scope)
    if (/^https?:/.test(page.uri)) return this.#redirect(302, this.expand(page.uri), scope)
    const answer = this.#again(this.expand(page.uri), scope)
    const shown = page.status ?? status
    const change = (given: HttpAnswer): HttpAnswer => {
      this.status = shown
      return { ...given, status: shown, reason: nginxReason(shown) }
    }
    return answer instanceof Promise ? answer.then(change) : change(answer)
  }

  #page(status: number, scope: Scope): HttpAnswer {
    const page = status >= 300 ? statusPage(status, titleOf(status), this.#name(scope)) : ''
    return this.#finish(status, [['Content-Type', status >= 300 ? 'text/html' : scope.defaultType]], page, scope)
  }

  #finish(status: number, headers: readonly (readonly [string, string])[], body: string, scope: Scope): HttpAnswer {
    this.status = status
    const own = this.#own(scope)
    const [type, ...rest] = headers
    const length: [string, string][] =
      status === 304 || status === 204 || rest.some(([name]) => name === 'Content-Length')
        ? []
        : [['Content-Length', String(new TextEncoder().encode(body).length)]]
    const isLast = this.request.headers.get('connection')?.toLowerCase() === 'close' || this.request.version === '1.0'
    const connection: [string, string] = ['Connection', isLast ? 'close' : 'keep-alive']
    return {
      status,
      reason: nginxReason(status),
      headers: inOrder([
        ...own,
        ...(type ? [type] : []),
        ...length,
        ...rest,
        connection,
        ...this.#added(scope, status),
      ]),
      body,
    }
  }

  #own(scope: Scope): [string, string][] {
    return [
      ['Server', this.#name(scope)],
      ['Date', httpDate(this.#with.now)],
    ]
  }

  #added(scope: Scope, status: number): [string, string][] {
    if (![200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status)) return []
    return scope.addHeaders
      .map(([name, value]) => [name, this.expand(value)] as [string, string])
      .filter(each => each[1])
  }

  #name(scope: Scope): string {
    return scope.hasServerToken ? `nginx/${this.#with.version}` : 'nginx'
  }

  #pathOf(location: Location | undefined, uri: string): string {
    if (location?.alias !== undefined) return location.alias + uri.slice(location.path.length)
    return (location?.scope ?? this.server.scope).root.replace(/\/$/, '') + uri
  }

  #complain(level: 'error' | 'warn', message: string): void {
    const host = this.request.headers.get('host')
    const facts = [
      `client: ${this.variable('remote_addr')}`,
      `server: ${this.variable('server_name')}`,
      `request: "${this.variable('request')}"`,
      ...(host ? [`host: "${host}"`] : []),
    ]
    this.#with.complain(level, `${message}, ${facts.join(', ')}`)
  }
}

function chooseServer(servers: readonly Server[], request: HttpRequest): Server {
  const address = formatIpv4(request.local.address)
  const fits = (server: Server, exact: boolean) =>
    server.listens.some(
      each => each.port === request.local.port && (exact ? each.address === address : each.address === undefined),
    )
  const exact = servers.filter(server => fits(server, true))
  const candidates = exact.length > 0 ? exact : servers.filter(server => fits(server, false))
  const host = hostOf(request)
  const named = (test: (name: string) => boolean) => candidates.find(server => server.names.some(test))
  return (
    named(name => name === host) ??
    named(name => name.startsWith('*.') && host.endsWith(name.slice(1))) ??
    named(name => name.endsWith('.*') && host.startsWith(name.slice(0, -1))) ??
    named(name => name.startsWith('~') && new RegExp(name.slice(1)).test(host)) ??
    candidates.find(server => server.listens.some(each => each.isDefault && each.port === request.local.port)) ??
    candidates[0]!
  )
}

function chooseLocation(locations: readonly Location[], uri: string): Location | undefined {
  const exact = locations.find(each => each.modifier === '=' && each.path === uri)
  if (exact) return exact
  const prefixes = locations.filter(each => ['', '^~'].includes(each.modifier) && uri.startsWith(each.path))
  const longest = prefixes.reduce<Location | undefined>(
    (best, each) => (!best || each.path.length > best.path.length ? each : best),
    undefined,
  )
  if (longest?.modifier === '^~') return longest
  return locations.find(each => each.pattern?.test(uri)) ?? longest
}

function hostOf(request: HttpRequest): string {
  return (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase()
}

/** A path as nginx compares it: decoded, without dots and double slashes. */
export function normalize(path: string): string {
  let text = path
  try {
    text = decodeURIComponent(path)
  } catch {
    // A stray percent sign stays as it is.
  }
  const parts: string[] = []
  for (const part of text.split('/').slice(1)) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`.replace(/\/{2,}/g, '/')
}

/** nginx's own phrases differ from the usual ones in a few places. */
export function nginxReason(status: number): string {
  const own: Readonly<Record<number, string>> = {
    302: 'Moved Temporarily',
    405: 'Not Allowed',
    503: 'Service Temporarily Unavailable',
    504: 'Gateway Time-out',
    413: 'Request Entity Too Large',
  }
  return own[status] ?? reasonPhrase(status)
}

/** What nginx' own page for a status is called, which is not always what the status line says. */
export function titleOf(status: number): string {
  return { 302: 'Found', 401: 'Authorization Required' }[status] ?? nginxReason(status)
}

/** The time as access logs write it: `21/Nov/2026:04:09:54 +0000`. */
export function commonTime(now: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(now).toUTCString())!
  return `${day}/${month}/${year}:${clock} +0000`
}
