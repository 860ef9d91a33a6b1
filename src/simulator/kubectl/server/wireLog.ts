import type { ApiRequest, ApiResponse } from '../../cluster/client.ts'
import { reasonPhrases } from '../../machine/http.ts'
import { target } from './requestTarget.ts'

/** Writes a line of log. */
export type LogLine = (message: string) => Promise<void>

/** What kubectl's client library can do and does not, as it tells at any level of talk. */
const gates: readonly [name: string, isOn: boolean][] = [
  ['AtomicFIFO', true],
  ['ClientsAllowCARotation', true],
  ['ClientsAllowCBOR', false],
  ['ClientsAllowTLSCacheGC', true],
  ['ClientsPreferCBOR', false],
  ['InOrderInformers', true],
  ['InOrderInformersBatchProcess', true],
  ['InformerResourceVersion', true],
  ['UnlockWhileProcessingFIFO', true],
  ['WatchListClient', true],
]

/** Where the talk about kubeconfig begins. */
export interface ConfigFiles {
  /** The files that were read. */
  readonly loaded: readonly string[]
  /** The only file that was looked for, where it is missing. */
  readonly missing: string | undefined
}

/** Tells of requests and answers, more of them the higher `-v` is: 6 lines, 7 headers, 8 bodies, 9 commands of curl. */
export class WireLog {
  readonly #level: number
  readonly #url: string
  readonly #files: ConfigFiles
  readonly #log: LogLine
  #hasBegun = false
  #isConnected = false

  constructor(level: number, url: string, files: ConfigFiles, log: LogLine) {
    this.#level = level
    this.#url = url
    this.#files = files
    this.#log = log
  }

  async request(request: ApiRequest): Promise<void> {
    if (this.#level < 1) return
    if (!this.#hasBegun) await this.#begin()
    if (this.#level >= 8) await this.#body('Request', request, request.body)
    const headers = headersOf(request)
    if (this.#level >= 9) {
      const options = headers.map(([name, value]) => `-H "${name}: ${value}"`).join(' ')
      await this.#log(
        `round_trippers.go:527] "Request" curlCommand=<\n\tcurl -v -X${request.method}  ${options} '${this.#url}${target(request)}'\n >`,
      )
    } else if (this.#level >= 7) {
      await this.#log(`round_trippers.go:527] "Request" ${this.#target(request)} headers=${block(headers)}`)
    }
  }

  /** `now` is the wall clock in milliseconds since 1970, `duration` what the answer took. */
  async response(request: ApiRequest, response: ApiResponse, { now, duration }: Times): Promise<void> {
    if (this.#level < 6) return
    const code = isUpgrade(request) && response.status === 200 ? 101 : response.status
    const status = `status="${code} ${reasonPhrases[code] ?? ''}"`
    const text = response.stream ? undefined : bodyText(response.body)
    const headers = block(answeredHeaders(response, text, now))
    const isFirst = !this.#isConnected
    this.#isConnected = true
    if (this.#level >= 9) {
      const address = /\/\/([^/]*)/.exec(this.#url)?.[1]
      if (isFirst)
        await this.#log(`round_trippers.go:562] "HTTP Trace: Dial succeed" network="tcp" address="${address}"`)
      const before = isFirst
        ? 'dnsLookupMilliseconds=0 dialMilliseconds=0 tlsHandshakeMilliseconds=2'
        : 'getConnectionMilliseconds=0'
      await this.#log(
        `round_trippers.go:632] "Response" ${this.#target(request)} ${status} headers=${headers} milliseconds=${duration} ${before} serverProcessingMilliseconds=${duration}`,
      )
    } else if (this.#level >= 8) {
      await this.#log(`round_trippers.go:632] "Response" ${status} headers=${headers} milliseconds=${duration}`)
    } else {
      const where = this.#level === 6 ? `${this.#target(request)} ` : ''
      await this.#log(`round_trippers.go:632] "Response" ${where}${status} milliseconds=${duration}`)
    }
    if (this.#level >= 8 && text !== undefined) await this.#body('Response', request, response.body)
  }

  /** Nobody answered. */
  async failure(request: ApiRequest, duration: number): Promise<void> {
    if (this.#level < 6) return
    await this.#log(`round_trippers.go:632] "Response" ${this.#target(request)} status="" milliseconds=${duration}`)
  }

  async #begin(): Promise<void> {
    this.#hasBegun = true
    const { loaded, missing } = this.#files
    if (missing !== undefined) await this.#log(`loader.go:141] Config not found: ${missing}`)
    if (this.#level >= 6) for (const file of loaded) await this.#log(`loader.go:407] Config loaded from file:  ${file}`)
    for (const [feature, isOn] of gates)
      await this.#log(`envvar.go:195] "Feature gate default state" feature="${feature}" enabled=${isOn}`)
  }

  #target(request: ApiRequest): string {
    return `verb="${isUpgrade(request) ? 'GET' : request.method}" url="${this.#url}${target(request)}"`
  }

  async #body(what: 'Request' | 'Response', request: ApiRequest, body: unknown): Promise<void> {
    const text = this.#shortened(bodyText(body))
    const shown = text.includes('\n') ? `<\n${text.replace(/\n$/, '').replace(/^/gm, '\t')}\n >` : JSON.stringify(text)
    await this.#log(`${callerOf(request)}] "${what} Body" body=${shown}`)
  }

  #shortened(text: string): string {
    const longest = this.#level >= 10 ? Number.POSITIVE_INFINITY : this.#level === 9 ? 10240 : 1024
    return text.length <= longest ? text : `${text.slice(0, longest)} [truncated ${text.length - longest} chars]`
  }
}

interface Times {
  readonly now: number
  readonly duration: number
}

/** The headers of a request by Go's names, in order. */
function headersOf({ headers = {} }: ApiRequest): [name: string, value: string][] {
  const given = Object.entries({ ...headers, 'user-agent': 'kubectl/v1.36.3 (linux/amd64) kubernetes/$Format' })
  return given
    .map(([name, value]): [string, string] => [goName(name), name === 'authorization' ? 'Bearer <masked>' : value])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function answeredHeaders({ headers }: ApiResponse, text: string | undefined, now: number): [string, string][] {
  const all: Record<string, string> = {
    'cache-control': 'no-cache, private',
    'content-type': 'application/json',
    ...headers,
    ...(text !== undefined && { 'content-length': String(text.length) }),
    date: new Date(now).toUTCString(),
  }
  return Object.entries(all)
    .map(([name, value]): [string, string] => [goName(name), value])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function goName(header: string): string {
  return header.replace(/(^|-)[a-z]/g, letters => letters.toUpperCase())
}

function block(headers: readonly (readonly [name: string, value: string])[]): string {
  return `<\n${headers.map(([name, value]) => `\t${name}: ${value}\n`).join('')} >`
}

// Simplified: bodies are always JSON; kubectl's generators send protobuf, which it shows as a hex dump.
function bodyText(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : `${JSON.stringify(body)}\n`
}

/** Streams go over web sockets, which begin with a GET. */
function isUpgrade({ path }: ApiRequest): boolean {
  return /\/pods\/[^/]+\/(exec|attach|portforward)$/.test(path)
}

/** The line of kubectl's source that sends a kind of request. */
function callerOf({ method, path, query = {} }: ApiRequest): string {
  if (path === '/api') return 'discovery_client.go:255'
  if (path === '/apis') return 'discovery_client.go:318'
  if (path === '/version') return 'discovery_client.go:667'
  if (path.startsWith('/openapi')) return 'client.go:46'
  if (/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)$/.test(path)) return 'discovery_client.go:413'
  if (method === 'POST') return 'helper.go:246'
  if (method === 'PATCH') return 'helper.go:269'
  if (method === 'DELETE') return 'helper.go:202'
  if (method === 'PUT') return 'helper.go:288'
  if (query['watch'] === 'true') return 'helper.go:170'
  const isList = /^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[^/]+$/.test(path)
  return isList ? 'helper.go:113' : 'helper.go:105'
}
