import { ConfigurationError, type Directive } from './syntax.ts'

/** Where requests are taken, and which server answers when no name fits. */
export interface Listen {
  /** Undefined for all addresses. */
  readonly address: string | undefined
  readonly port: number
  readonly isDefault: boolean
}

/** What the blocks around a request say about it; inner blocks inherit from outer ones. */
export interface Scope {
  readonly root: string
  readonly index: readonly string[]
  readonly defaultType: string
  readonly types: ReadonlyMap<string, string>
  readonly addHeaders: readonly (readonly [name: string, value: string])[]
  readonly errorPages: ReadonlyMap<number, { readonly uri: string; readonly status: number | undefined }>
  readonly accessLog: readonly { readonly path: string; readonly format: string }[]
  readonly proxyHeaders: readonly (readonly [name: string, value: string])[]
  readonly hasServerToken: boolean
  readonly isListing: boolean
}

/** What happens to a request before files are looked at. */
export interface Return {
  readonly status: number
  readonly text: string | undefined
}

/** One `location`. */
export interface Location {
  readonly modifier: '' | '=' | '^~' | '~' | '~*'
  readonly path: string
  readonly pattern: RegExp | undefined
  readonly scope: Scope
  readonly alias: string | undefined
  readonly answer: Return | undefined
  readonly tryFiles: readonly string[] | undefined
  readonly proxyPass: string | undefined
  readonly showsStatus: boolean
}

/** One `server`. */
export interface Server {
  readonly listens: readonly Listen[]
  readonly names: readonly string[]
  readonly scope: Scope
  readonly answer: Return | undefined
  readonly locations: readonly Location[]
}

/** A group of servers behind one name. */
export interface Upstream {
  readonly name: string
  readonly servers: readonly string[]
  /** For messages: `/etc/nginx/conf.d/default.conf:3`. */
  readonly place: string
}

/** A whole configuration, understood. */
export interface Settings {
  readonly servers: readonly Server[]
  readonly upstreams: readonly Upstream[]
  readonly formats: ReadonlyMap<string, string>
  readonly errorLog: string
  /** Whom the workers run as when the master is root. */
  readonly user: string
  /** Where the number of the master process is written. */
  readonly pidFile: string
  readonly workers: number | undefined
  readonly isDaemon: boolean
  /** `proxy_pass` targets with the place that names them, to look their hosts up at the start. */
  readonly proxied: readonly { readonly target: string; readonly place: string }[]
}

// What nginx understands and nobody can see here: sizes, timeouts and how the kernel is asked.
const quiet = new Set(
  `worker_rlimit_nofile worker_connections multi_accept use sendfile tcp_nopush tcp_nodelay aio
  keepalive_timeout keepalive_requests client_max_body_size client_body_timeout client_header_timeout send_timeout
  client_body_buffer_size client_header_buffer_size large_client_header_buffers types_hash_max_size
  types_hash_bucket_size server_names_hash_bucket_size server_names_hash_max_size variables_hash_max_size
  gzip gzip_types gzip_min_length gzip_comp_level gzip_vary gzip_proxied gzip_disable charset expires etag
  proxy_http_version proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_buffering proxy_buffers
  proxy_buffer_size proxy_redirect proxy_next_upstream proxy_pass_request_headers proxy_cache_bypass keepalive
  resolver resolver_timeout reset_timedout_connection absolute_redirect port_in_redirect log_not_found
  open_file_cache master_process pcre_jit worker_cpu_affinity worker_priority set_real_ip_from real_ip_header
  real_ip_recursive http2 zone least_conn`.split(/\s+/),
)
// What nginx has and these images lack.
const lacking = new Set(
  `stream mail load_module ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers ssl_session_cache rewrite if
  set map geo split_clients limit_req limit_req_zone limit_conn limit_conn_zone limit_except limit_rate auth_basic
  auth_basic_user_file auth_request proxy_cache proxy_cache_path fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass
  sub_filter mirror perl js_include js_import satisfy allow deny ip_hash hash random internal proxy_set_body
  proxy_method proxy_hide_header proxy_pass_header proxy_intercept_errors dav_methods slice`.split(/\s+/),
)

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'

const outermost: Scope = {
  root: '/etc/nginx/html',
  index: ['index.html'],
  defaultType: 'text/plain',
  types: new Map([
    ['html', 'text/html'],
    ['gif', 'image/gif'],
    ['jpg', 'image/jpeg'],
  ]),
  addHeaders: [],
  errorPages: new Map(),
  accessLog: [{ path: '/var/log/nginx/access.log', format: 'combined' }],
  proxyHeaders: [],
  hasServerToken: true,
  isListing: false,
}

/** Makes sense of the directives of a configuration. */
export function readSettings(directives: readonly Directive[]): Settings {
  return new Reader().read(directives)
}

class Reader {
  readonly #formats = new Map([['combined', combined]])
  readonly #servers: Server[] = []
  readonly #upstreams: Upstream[] = []
  readonly #proxied: { target: string; place: string }[] = []
  #errorLog = '/var/log/nginx/error.log'
  #user = 'nobody'
  #pidFile = '/run/nginx.pid'
  #workers: number | undefined
  #isDaemon = true
  #hasEvents = false

  read(directives: readonly Directive[]): Settings {
    for (const each of directives) this.#main(each)
    if (!this.#hasEvents) throw new ConfigurationError('no "events" section in configuration')
    return {
      servers: this.#servers,
      upstreams: this.#upstreams,
      formats: this.#formats,
      errorLog: this.#errorLog,
      user: this.#user,
      pidFile: this.#pidFile,
      workers: this.#workers,
      isDaemon: this.#isDaemon,
      proxied: this.#proxied,
    }
  }

  #main(each: Directive): void {
    if (each.name === 'events') {
      this.#hasEvents = true
      for (const inner of blockOf(each)) unless(quiet.has(inner.name), inner)
    } else if (each.name === 'http') this.#http(each)
    else if (each.name === 'worker_processes')
      this.#workers = each.words[0] === 'auto' ? undefined : Number(each.words[0])
    else if (each.name === 'error_log') this.#errorLog = word(each)
    else if (each.name === 'user') this.#user = word(each)
    else if (each.name === 'pid') this.#pidFile = word(each)
    else if (each.name === 'daemon') this.#isDaemon = isOn(each)
    else unless(quiet.has(each.name), each)
  }

  #http(http: Directive): void {
    const inner = blockOf(http)
    for (const each of inner)
      if (each.name === 'log_format')
        this.#formats.set(
          word(each),
          each.words
            .slice(1)
            .filter(text => !text.startsWith('escape='))
            .join(''),
        )
    const scope = this.#scope(inner, outermost, ['server', 'upstream', 'log_format'])
    for (const each of inner) {
      if (each.name === 'server') this.#server(each, scope)
      else if (each.name === 'upstream') this.#upstream(each)
    }
  }

  #upstream(each: Directive): void {
    const servers: string[] = []
    for (const inner of blockOf(each)) {
      if (inner.name === 'server') servers.push(word(inner))
      else unless(quiet.has(inner.name), inner)
    }
    const place = `${each.file}:${each.line}`
    if (servers.length === 0) throw new ConfigurationError(`no servers are inside upstream in ${place}`)
    for (const server of servers) this.#proxied.push({ target: server, place })
    this.#upstreams.push({ name: word(each), servers, place })
  }

  #server(server: Directive, outer: Scope): void {
    const inner = blockOf(server)
    const scope = this.#scope(inner, outer, ['listen', 'server_name', 'location', 'return', 'error_log'])
    const listens: Listen[] = []
    const names: string[] = []
    const locations: Location[] = []
    let answer: Return | undefined
    for (const each of inner) {
      if (each.name === 'listen') listens.push(...readListen(each))
      else if (each.name === 'server_name') names.push(...each.words)
      else if (each.name === 'location') locations.push(...this.#location(each, scope, server))
      else if (each.name === 'return') answer ??= readReturn(each)
    }
    if (listens.length === 0) listens.push({ address: undefined, port: 80, isDefault: false })
    this.#servers.push({ listens, names: names.length > 0 ? names : [''], scope, answer, locations })
  }

  #location(location: Directive, outer: Scope, server: Directive): Location[] {
    const inner = blockOf(location)
    const own = ['location', 'return', 'alias', 'try_files', 'proxy_pass', 'stub_status', 'error_log']
    const scope = this.#scope(inner, outer, own)
    const [first = '', second] = location.words
    const modifier = second === undefined ? '' : (first as Location['modifier'])
    if (!['', '=', '^~', '~', '~*'].includes(modifier)) throw failure(`invalid location modifier "${first}"`, location)
    const path = second ?? first
    const found: { -readonly [K in keyof Location]: Location[K] } = {
      modifier,
      path,
      pattern: modifier.startsWith('~') ? new RegExp(path, modifier === '~*' ? 'i' : '') : undefined,
      scope,
      alias: undefined,
      answer: undefined,
      tryFiles: undefined,
      proxyPass: undefined,
      showsStatus: false,
    }
    const nested: Location[] = []
    for (const each of inner) {
      if (each.name === 'return') found.answer ??= readReturn(each)
      else if (each.name === 'alias') found.alias = word(each)
      else if (each.name === 'try_files') found.tryFiles = each.words
      else if (each.name === 'stub_status') found.showsStatus = true
      else if (each.name === 'location') nested.push(...this.#location(each, scope, server))
      else if (each.name === 'proxy_pass') {
        const target = word(each)
        if (!/^https?:\/\//.test(target)) throw failure('invalid URL prefix', each)
        if (target.startsWith('https:')) throw failure('proxy_pass to https is not simulated here', each)
        found.proxyPass = target
        this.#proxied.push({
          target: target.slice('http://'.length).split('/')[0]!,
          place: `${each.file}:${each.line}`,
        })
      }
    }
    return [...nested, found]
  }

  /** Directives that inner blocks inherit. Names in `own` belong to the block itself. */
  #scope(directives: readonly Directive[], outer: Scope, own: readonly string[]): Scope {
    const scope: { -readonly [K in keyof Scope]: Scope[K] } = { ...outer }
    const headers: [string, string][] = []
    const proxyHeaders: [string, string][] = []
    const logs: { path: string; format: string }[] = []
    for (const each of directives) {
      if (each.name === 'root') scope.root = word(each)
      else if (each.name === 'index') scope.index = each.words
      else if (each.name === 'default_type') scope.defaultType = word(each)
      else if (each.name === 'server_tokens') scope.hasServerToken = isOn(each)
      else if (each.name === 'autoindex') scope.isListing = isOn(each)
      else if (each.name === 'types') scope.types = readTypes(each)
      else if (each.name === 'add_header') headers.push([word(each), each.words[1] ?? ''])
      else if (each.name === 'proxy_set_header') proxyHeaders.push([word(each), each.words[1] ?? ''])
      else if (each.name === 'error_page') scope.errorPages = new Map([...scope.errorPages, ...readErrorPages(each)])
      else if (each.name === 'access_log') {
        if (each.words[0] === 'off') scope.accessLog = []
        else logs.push({ path: word(each), format: this.#format(each) })
      } else unless(own.includes(each.name) || quiet.has(each.name), each)
    }
    if (headers.length > 0) scope.addHeaders = headers
    if (proxyHeaders.length > 0) scope.proxyHeaders = proxyHeaders
    if (logs.length > 0) scope.accessLog = logs
    return scope
  }

  #format(each: Directive): string {
    const name = each.words[1] ?? 'combined'
    if (!this.#formats.has(name)) throw failure(`unknown log format "${name}"`, each)
    return name
  }
}

function readListen(each: Directive): Listen[] {
  const [where = '', ...flags] = each.words
  if (flags.includes('ssl')) throw failure('"ssl" is not simulated here', each)
  // Simplified: addresses are IPv4; `[::]:80` is read and left out.
  if (where.startsWith('[')) return []
  const parts = /^(?:(\*|[\d.]+|localhost)(?::(\d+))?|(\d+))$/.exec(where)
  if (!parts || where.startsWith('unix:')) throw failure(`host not found in "${where}" of the "listen" directive`, each)
  const isPort = parts[1] === undefined || (/^\d+$/.test(parts[1]) && parts[2] === undefined)
  const port = Number(isPort ? (parts[3] ?? parts[1]) : (parts[2] ?? 80))
  if (port < 1 || port > 65_535) throw failure(`invalid port in "${where}" of the "listen" directive`, each)
  const isGeneral = isPort || parts[1] === '*' || parts[1] === '0.0.0.0'
  const host = isGeneral ? undefined : parts[1] === 'localhost' ? '127.0.0.1' : parts[1]
  return [{ address: host, port, isDefault: flags.includes('default_server') || flags.includes('default') }]
}

function readReturn(each: Directive): Return {
  const [first = '', ...rest] = each.words
  if (/^https?:\/\/|^\$scheme/.test(first)) return { status: 302, text: first }
  if (!/^\d{3}$/.test(first)) throw failure(`invalid return code "${first}"`, each)
  return { status: Number(first), text: rest.length > 0 ? rest.join(' ') : undefined }
}

function readErrorPages(each: Directive): [number, { uri: string; status: number | undefined }][] {
  const uri = each.words.at(-1) ?? ''
  const codes = each.words.slice(0, -1)
  const change = codes.find(code => code.startsWith('='))
  const status = change && change !== '=' ? Number(change.slice(1)) : undefined
  return codes.filter(code => /^\d+$/.test(code)).map(code => [Number(code), { uri, status }])
}

function readTypes(each: Directive): Map<string, string> {
  return new Map(blockOf(each).flatMap(({ name, words }) => words.map(extension => [extension, name] as const)))
}

function blockOf(each: Directive): readonly Directive[] {
  if (!each.block) throw failure(`directive "${each.name}" has no opening "{"`, each)
  return each.block
}

function word(each: Directive): string {
  const [first] = each.words
  if (first === undefined) throw failure(`invalid number of arguments in "${each.name}" directive`, each)
  return first
}

function isOn(each: Directive): boolean {
  const value = word(each)
  if (value !== 'on' && value !== 'off' && value !== 'build')
    throw failure(`invalid value "${value}" in "${each.name}" directive, it must be "on" or "off"`, each)
  return value === 'on'
}

function unless(isKnown: boolean, each: Directive): void {
  if (isKnown) return
  if (lacking.has(each.name)) throw failure(`"${each.name}" is not simulated here`, each)
  throw failure(
    /^(server|location|upstream|listen|server_name|proxy_pass|root|return|http|events)$/.test(each.name)
      ? `"${each.name}" directive is not allowed here`
      : `unknown directive "${each.name}"`,
    each,
  )
}

function failure(message: string, each: Directive): ConfigurationError {
  return new ConfigurationError(`${message} in ${each.file}:${each.line}`)
}
