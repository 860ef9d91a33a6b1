import { HttpHeaders } from '../../../machine/http.ts'
import type { HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { askUpstream } from '../../images/nginx/upstream.ts'
import type { ExternalAuth } from './settings.ts'

const patience = { connect: 5000, read: 60_000, words: 'musl' } as const

/** What the server that decides says: its status, and the header fields that the upstream is to see. */
export interface AuthAnswer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
}

/** Asks another server whether a request may pass, as nginx' `auth_request` does. */
export async function askAuthority(
  process: Process,
  auth: ExternalAuth,
  request: HttpRequest,
  scheme: string,
): Promise<AuthAnswer> {
  const [, kind, host = '', port, path = '/'] = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(auth.url) ?? []
  const address = parseIpv4(host) ?? (await addressOf(process, host))
  if (kind === undefined || address === undefined) return { status: 500, headers: [] }
  const asked = request.headers.get('host') ?? ''
  const outcome = await askUpstream(
    process,
    {
      address,
      port: Number(port ?? (kind === 'https' ? 443 : 80)),
      ...(kind === 'https' && { tls: { serverName: host } }),
    },
    { ...request, method: auth.method, target: path, body: new Uint8Array(0) },
    [
      ['Host', host],
      ['Content-Length', ''],
      ['X-Original-URL', `${scheme}://${asked}${request.target}`],
      ['X-Original-Method', request.method],
      ['X-Sent-From', 'nginx-ingress-controller'],
      ['X-Auth-Request-Redirect', request.target],
    ],
    patience,
  )
  if (!('answer' in outcome)) return { status: 500, headers: [] }
  const received = new HttpHeaders(outcome.answer.headers)
  return {
    status: outcome.answer.status,
    headers: auth.responseHeaders.map(name => [name, received.get(name) ?? ''] as const),
  }
}

async function addressOf(process: Process, host: string): Promise<number | undefined> {
  try {
    return (await resolveHost(process, host, 4)).addresses[0]
  } catch (error) {
    if (error instanceof ResolveError) return undefined
    throw error
  }
}
