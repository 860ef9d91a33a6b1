import type { Status } from '../../cluster/api/status.ts'
import type { ApiRequest, ApiResponse, Transport } from '../../cluster/client.ts'
import type { Process } from '../../machine/program.ts'
import type { Random } from '../../random.ts'
import { ConnectionFailure, Failure, ServerFailure } from '../failure.ts'
import { type AnyList, type AnyObject, isList } from './object.ts'
import { target } from './requestTarget.ts'
import { pathOf, type Resource } from './resource.ts'
import { Watch } from './watch.ts'
import type { WireLog } from './wireLog.ts'

/** What is asked about a request besides its path. */
export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Query parameters that are given several times. */
  readonly repeated?: Readonly<Record<string, readonly string[]>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Where a server is and how to get there. */
export interface Connection {
  /** `https://192.168.64.10:6443`. */
  readonly url: string
  readonly transport: Transport
  /** Sent with every request: who asks, who is impersonated. */
  readonly headers: Readonly<Record<string, string>>
  /** Is told of each request. */
  readonly log: WireLog
  /** How many milliseconds a request may last, where that is limited. */
  readonly requestTimeout: number | undefined
}

/** The types of patches that kubectl sends. */
export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

/** A request takes a few milliseconds, as it does in a real small cluster. */
const quickest = 5
const spread = 11

/** The API server as a verb sees it: requests that wait, and failures in kubectl's words. */
export class Api {
  readonly url: string
  readonly #connection: Connection
  readonly #process: Process
  readonly #random: Random
  readonly #warn: (text: string) => Promise<void>
  readonly #warned = new Set<string>()

  constructor(connection: Connection, process: Process, random: Random, warn: (text: string) => Promise<void>) {
    this.url = connection.url
    this.#connection = connection
    this.#process = process
    this.#random = random
    this.#warn = warn
  }

  /** How many milliseconds a request may last, where that is limited: a watch ends after it. */
  get requestTimeout(): number | undefined {
    return this.#connection.requestTimeout
  }

  /** How many different warnings the server sent. */
  get warningCount(): number {
    return this.#warned.size
  }

  /** Sends a request and gives the answer; refusals are thrown. */
  async request(method: ApiRequest['method'], path: string, options: RequestOptions = {}): Promise<ApiResponse> {
    const response = await this.exchange(method, path, options)
    await this.#showWarnings(response)
    if (response.status < 400) return response
    throw new ServerFailure(statusOf(response, method))
  }

  /** Sends a request and gives whatever is answered. */
  exchange(method: ApiRequest['method'], path: string, options: RequestOptions = {}): Promise<ApiResponse> {
    const query = Object.fromEntries(Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined))
    const request = {
      method,
      path,
      query: query as Record<string, string>,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.#connection.headers,
        ...options.headers,
      },
      ...(options.repeated ? { repeated: options.repeated } : {}),
      ...(options.body === undefined ? {} : { body: options.body }),
    }
    return this.#send(request)
  }

  async #send(request: ApiRequest): Promise<ApiResponse> {
    const { log, transport } = this.#connection
    const { machine } = this.#process
    await log.request(request)
    const since = machine.now()
    await this.#process.sleep(quickest + this.#random.below(spread))
    try {
      const response = await transport.request(request)
      const now = machine.now()
      await log.response(request, response, { now, duration: now - since })
      return response
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (typeof code !== 'string') throw error
      await log.failure(request, machine.now() - since)
      throw connectionFailure(this.url, request, code)
    }
  }

  async #showWarnings({ headers }: ApiResponse): Promise<void> {
    for (const text of warningsIn(headers['warning'] ?? '')) {
      if (this.#warned.has(text)) continue
      this.#warned.add(text)
      await this.#warn(`Warning: ${text}`)
    }
  }

  /** The body of an answer to a GET. */
  async read<T = AnyObject>(path: string, options: RequestOptions = {}): Promise<T> {
    return withKinds((await this.request('GET', path, options)).body) as T
  }

  get(resource: Resource, namespace: string | undefined, name: string, options?: RequestOptions): Promise<AnyObject> {
    return this.read(pathOf(resource, namespace, name), options)
  }

  /** An object that someone named; where its whole namespace is missing, that is said instead. */
  async getNamed(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    { subresource, ...options }: RequestOptions & { readonly subresource?: string | undefined } = {},
  ): Promise<AnyObject> {
    try {
      return await this.read(pathOf(resource, namespace, name, subresource || undefined), options)
    } catch (error) {
      if (!isMissing(error) || !namespace || namespace === 'default') throw error
      try {
        await this.read(`/api/v1/namespaces/${namespace}`)
      } catch (other) {
        if (isMissing(other)) throw other
      }
      throw error
    }
  }

  /** The object, or undefined where there is none. */
  async find(resource: Resource, namespace: string | undefined, name: string): Promise<AnyObject | undefined> {
    try {
      return await this.get(resource, namespace, name)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  list(resource: Resource, namespace?: string, query?: RequestOptions['query']): Promise<AnyList> {
    return this.read<AnyList>(pathOf(resource, namespace), query ? { query } : {})
  }

  async create(
    resource: Resource,
    namespace: string | undefined,
    object: unknown,
    query?: RequestOptions['query'],
  ): Promise<AnyObject> {
    return this.write('POST', pathOf(resource, namespace), object, query)
  }

  async replace(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    object: unknown,
    query?: RequestOptions['query'],
  ): Promise<AnyObject> {
    return this.write('PUT', pathOf(resource, namespace, name), object, query)
  }

  async patch(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    type: keyof typeof patchTypes,
    patch: unknown,
    options: { readonly query?: RequestOptions['query']; readonly subresource?: string } = {},
  ): Promise<AnyObject> {
    const path = pathOf(resource, namespace, name, options.subresource)
    return this.write('PATCH', path, patch, options.query, { 'content-type': patchTypes[type] })
  }

  /** Sends an object to any path. */
  async write(
    method: ApiRequest['method'],
    path: string,
    body: unknown,
    query?: RequestOptions['query'],
    headers?: RequestOptions['headers'],
  ): Promise<AnyObject> {
    const options = { body, ...(query && { query }), ...(headers && { headers }) }
    return (await this.request(method, path, options)).body as AnyObject
  }

  async delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: Readonly<Record<string, unknown>>,
    query?: RequestOptions['query'],
  ): Promise<AnyObject> {
    return this.write('DELETE', pathOf(resource, namespace, name), options, query)
  }

  /** Opens a stream of what happens to objects. */
  async watch(path: string, options: RequestOptions = {}): Promise<Watch> {
    const response = await this.request('GET', path, { ...options, query: { ...options.query, watch: 'true' } })
    if (!response.stream) throw new Failure(`unable to watch ${path}`)
    return new Watch(response.stream, this.#process)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ServerFailure && error.answer.reason === 'NotFound'
}

/** Items of a list leave their kind out: it follows from the list's. */
function withKinds(body: unknown): unknown {
  if (!isList(body) || !body.kind?.endsWith('List')) return body
  const { apiVersion } = body
  const kind = body.kind.slice(0, -'List'.length)
  return { ...body, items: body.items.map(item => (item.kind ? item : { ...item, apiVersion, kind })) }
}

/** The refusal in an answer; answers that are no Status get the words of their code. */
function statusOf({ status, body }: ApiResponse, method: string): Status {
  if (typeof body === 'object' && body !== null && (body as Status).kind === 'Status') return body as Status
  const text = typeof body === 'string' ? body.trim() : ''
  const [reason, message] = wordsOfCode(status, method, text)
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details: { causes: [{ reason: 'UnexpectedServerResponse', message: text || 'unknown' }] },
    code: status,
  }
}

// k8s.io/apimachinery/pkg/api/errors, NewGenericServerResponse
function wordsOfCode(code: number, method: string, text: string): [reason: string, message: string] {
  switch (code) {
    case 400:
      return ['BadRequest', 'the server rejected our request for an unknown reason']
    case 401:
      return ['Unauthorized', 'the server has asked for the client to provide credentials']
    case 403:
      return ['Forbidden', text || 'unknown']
    case 404:
      return ['NotFound', 'the server could not find the requested resource']
    case 405:
      return ['MethodNotAllowed', 'the server does not allow this method on the requested resource']
    case 409:
      return method === 'POST'
        ? ['AlreadyExists', 'the server reported a conflict']
        : ['Conflict', 'the server reported a conflict']
    case 503:
      return ['ServiceUnavailable', text || 'the server is currently unable to handle the request']
    case 504:
      return [
        'Timeout',
        'the server was unable to return a response in the time allotted, but may still be processing the request',
      ]
    default:
      return code >= 500
        ? [
            'InternalError',
            `an error on the server (${JSON.stringify(text || 'unknown')}) has prevented the request from succeeding`,
          ]
        : ['', `the server responded with the status code ${code} but did not return more information`]
  }
}

/** The texts of warning headers: `299 - "…", 299 - "…"`. */
function warningsIn(header: string): string[] {
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!.replace(/\\(.)/g, '$1'))
}

function connectionFailure(url: string, request: ApiRequest, code: string): ConnectionFailure {
  const { host, hostname, address } = hostOf(url)
  const reasons: Record<string, string> = {
    ECONNREFUSED: `dial tcp ${address}: connect: connection refused`,
    ETIMEDOUT: `dial tcp ${address}: i/o timeout`,
    EHOSTUNREACH: `dial tcp ${address}: connect: no route to host`,
    ENETUNREACH: `dial tcp ${address}: connect: network is unreachable`,
    ECONNRESET: `read tcp ${address}: read: connection reset by peer`,
    ENOTFOUND: `dial tcp: lookup ${hostname}: no such host`,
  }
  const method = `${request.method[0]}${request.method.slice(1).toLowerCase()}`
  const attempt = `${method} "${url}${target(request)}"`
  return new ConnectionFailure(host, attempt, reasons[code] ?? code)
}

function hostOf(url: string): { host: string; hostname: string; address: string } {
  const [, scheme, host = url] = /^(\w+):\/\/([^/]*)/.exec(url) ?? []
  const [hostname = '', port] = host.split(':')
  const ip = hostname === 'localhost' ? '127.0.0.1' : hostname
  return { host, hostname, address: `${ip}:${port ?? (scheme === 'http' ? 80 : 443)}` }
}
