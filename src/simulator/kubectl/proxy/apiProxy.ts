import type { ApiRequest, ApiResponse } from '../../cluster/client.ts'
import { bytesOf, textOf } from '../../machine/bytes.ts'
import type { HttpAnswer, HttpRequest } from '../../machine/httpServer.ts'
import { serveHttp } from '../../machine/httpServer.ts'
import { goSocketError, socketFaultOf } from '../../machine/socketFailure.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { readText } from '../streams/text.ts'
import { parseYaml } from '../yaml/parser.ts'

/** The flags that say what the proxy lets through. */
export interface ProxyFlags {
  readonly address: string
  readonly port: number
  readonly 'api-prefix': string
  readonly 'accept-hosts': string
  readonly 'accept-paths': string
  readonly 'reject-paths': string
  readonly 'reject-methods': string
  readonly 'disable-filter': boolean
}

const firstFreePort = 32_768

/** Passes what is asked on a local port on to the API server, in the name of the kubeconfig's user; gives the port. */
export function serveProxy(invocation: Invocation, address: number, flags: ProxyFlags): number {
  const { process } = invocation
  for (let port = flags.port || firstFreePort; ; port++) {
    try {
      serveHttp(process, port, request => answer(invocation, request, flags), { address })
      return port
    } catch (error) {
      const code = socketFaultOf(error)
      if (!code) throw error
      if (code === 'EADDRINUSE' && flags.port === 0) continue
      throw new Failure(`listen tcp ${flags.address}:${port}: bind: ${goSocketError(code)}`)
    }
  }
}

async function answer(invocation: Invocation, request: HttpRequest, flags: ProxyFlags): Promise<HttpAnswer> {
  const [path = '', search = ''] = request.target.split('?')
  if (!flags['disable-filter'] && !isAccepted(request, path, flags)) {
    const host = request.headers.get('host') ?? ''
    await invocation.log('I', `proxy_server.go:103] Filter rejecting ${request.method} ${path} ${host.split(':')[0]}`)
    return { status: 403, headers: plainText, body: 'Forbidden\n' }
  }
  const prefix = `/${flags['api-prefix']}/`.replace(/\/+/g, '/')
  if (!`${path}/`.startsWith(prefix)) return { status: 404, headers: plainText, body: '404 page not found\n' }
  const contentType = request.headers.get('content-type') ?? ''
  const accept = request.headers.get('accept')
  const body = bodyOf(textOf(request.body), contentType)
  try {
    const response = await invocation.api.exchange(
      request.method as ApiRequest['method'],
      path.slice(prefix.length - 1) || '/',
      {
        query: queryOf(search),
        headers: { ...(accept && { accept }), ...(contentType && { 'content-type': contentType }) },
        ...(body !== undefined && { body }),
      },
    )
    return answerOf(invocation, response)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    await invocation.log('E', `proxy_server.go:147] Error while proxying request: ${error.message}`)
    return { status: 502, headers: plainText, body: error.message }
  }
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8' }

// k8s.io/kubectl/pkg/proxy/proxy_server.go, FilterServer.accept
function isAccepted({ method, headers }: HttpRequest, path: string, flags: ProxyFlags): boolean {
  const isIn = (list: string, text: string) =>
    list.split(',').some(pattern => pattern !== '' && new RegExp(pattern).test(text))
  const host = (headers.get('host') ?? '').replace(/:\d+$/, '')
  if (isIn(flags['reject-paths'], path) || isIn(flags['reject-methods'], method)) return false
  return isIn(flags['accept-paths'], path) && isIn(flags['accept-hosts'], host)
}

function queryOf(search: string): Record<string, string> {
  const pairs = search.split('&').filter(Boolean)
  return Object.fromEntries(
    pairs.map(pair => {
      const [name = '', ...value] = pair.split('=')
      return [decodeURIComponent(name), decodeURIComponent(value.join('=').replaceAll('+', ' '))]
    }),
  )
}

/** What is not understood goes on as text: the server has the words for it. */
function bodyOf(text: string, contentType: string): unknown {
  if (text === '') return undefined
  try {
    return contentType.includes('yaml') ? parseYaml(text) : JSON.parse(text)
  } catch {
    return text
  }
}

function answerOf({ process }: Invocation, { status, headers, body, stream }: ApiResponse): HttpAnswer {
  const passed = headersOf(headers)
  if (stream) return { status, headers: passed, body: piecesOf(readText(process, stream)) }
  if (typeof body === 'string' || body === undefined) return { status, headers: passed, body: body ?? '' }
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...passed },
    body: `${JSON.stringify(body, undefined, 2)}\n`,
  }
}

/** Headers as Go writes them, without those that this connection has of its own. */
function headersOf(headers: ApiResponse['headers']): Record<string, string> {
  const passed = Object.entries(headers).filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name))
  return Object.fromEntries(
    passed.map(([name, value]) => [name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase()), value]),
  )
}

async function* piecesOf(texts: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  for await (const text of texts) yield bytesOf(text)
}
