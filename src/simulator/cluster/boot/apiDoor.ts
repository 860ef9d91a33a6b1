import { bytesOf, textOf } from '../../machine/bytes.ts'
import type { HttpAnswer, HttpRequest } from '../../machine/httpServer.ts'
import type { Process } from '../../machine/program.ts'
import type { ApiServer } from '../apiserver/apiServer.ts'
import type { ApiRequest, ApiResponse, ApiStream } from '../client.ts'

/** Answers a request that came to the API server over HTTP. */
export async function answerApiRequest(process: Process, server: ApiServer, request: HttpRequest): Promise<HttpAnswer> {
  const [path = '/', search = ''] = request.target.split('?')
  if (/^\/(healthz|livez|readyz)$/.test(path) && search === '')
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'ok' }
  const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]))
  const answer = await settle(
    process,
    server.request({
      method: request.method as ApiRequest['method'],
      path,
      query: readQuery(search),
      headers,
      ...(request.body.length > 0 ? { body: readBody(request.body) } : {}),
      user: userOf(request, headers['authorization']),
    }),
  )
  return {
    status: answer.status,
    headers: answer.headers,
    body: answer.stream ? pieces(process, answer.stream) : bodyText(answer.body),
  }
}

/** The answer itself, where it is not known at once. */
export function settle(process: Process, answer: ApiResponse): Promise<ApiResponse> | ApiResponse {
  const { later } = answer
  return later ? process.wait<ApiResponse>(wake => later.call(answer, wake)) : answer
}

/** Who asks: the name in a client certificate, the account of a token, or nobody in particular. */
function userOf(request: HttpRequest, authorization: string | undefined): string {
  const named = /CN=([^,]+)/.exec(request.certificates?.[0]?.subject ?? '')?.[1]
  return named ?? userOfToken(authorization) ?? 'system:anonymous'
}

/** The account that a bearer token speaks for. */
export function userOfToken(authorization: string | undefined): string | undefined {
  const claims = /^Bearer [^.]+\.([\w-]+)\./.exec(authorization ?? '')?.[1]
  if (claims === undefined) return undefined
  try {
    const text = atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
    return (JSON.parse(text) as { sub?: string }).sub
  } catch {
    return undefined
  }
}

function readQuery(search: string): Record<string, string> {
  const pairs = search.split('&').filter(pair => pair !== '')
  return Object.fromEntries(
    pairs.map(pair => {
      const [key = '', ...value] = pair.split('=')
      return [decodeURIComponent(key), decodeURIComponent(value.join('=').replaceAll('+', ' '))]
    }),
  )
}

function readBody(body: Uint8Array): unknown {
  const text = textOf(body)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function bodyText(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : `${JSON.stringify(body)}\n`
}

/** What a stream brings, as it comes: watch events one to a line, logs as they are. */
async function* pieces(process: Process, stream: ApiStream): AsyncIterable<Uint8Array> {
  const waiting: Uint8Array[] = []
  let isOver = false
  let wake = () => {}
  stream.onData(data => {
    waiting.push(
      data instanceof Uint8Array ? data : bytesOf(typeof data === 'string' ? data : `${JSON.stringify(data)}\n`),
    )
    wake()
  })
  stream.onEnd(() => {
    isOver = true
    wake()
  })
  try {
    for (;;) {
      const piece = waiting.shift()
      if (piece) yield piece
      else if (isOver) return
      else
        await process.wait<void>(resume => {
          wake = resume
        })
    }
  } finally {
    stream.close()
  }
}
