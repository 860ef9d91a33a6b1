import { textOf } from '../../machine/bytes.ts'
import { collect, HttpError, HttpHeaders } from '../../machine/http.ts'
import { type HttpReply, requestHttp } from '../../machine/httpClient.ts'
import type { Process } from '../../machine/program.ts'
import { addressText, ResolveError, resolveHost } from '../../machine/resolver.ts'
import { goSocketError, socketFaultOf } from '../../machine/socketFailure.ts'
import { TlsError } from '../../machine/tls.ts'
import { ConnectionFailure, Failure } from '../failure.ts'

/** How often Go's HTTP client follows a redirection. */
const mostRedirections = 10

/** Fetches a file from a web server in the lab's network. */
export async function readUrl(process: Process, url: string): Promise<string> {
  let target = url
  for (let count = 0; count <= mostRedirections; count++) {
    const reply = await request(process, target)
    try {
      const { status, reason, headers } = reply.head
      const location = status >= 300 && status < 400 ? headers.get('location') : undefined
      if (location) {
        target = /^https?:/.test(location) ? location : `${/^\w+:\/\/[^/]*/.exec(target)![0]}${location}`
        continue
      }
      if (status !== 200) {
        throw new Failure(`unable to read URL "${url}", server reported ${status} ${reason}, status code=${status}`)
      }
      return textOf(await collect(reply.body))
    } finally {
      reply.close()
    }
  }
  throw new Failure(`Get ${JSON.stringify(url)}: stopped after ${mostRedirections} redirects`)
}

async function request(process: Process, url: string): Promise<HttpReply> {
  const [, scheme = 'http', host = '', rest = ''] = /^(https?):\/\/([^/?#]*)([^#]*)/.exec(url) ?? []
  const [name = '', portText] = host.split(':')
  const isSecure = scheme === 'https'
  const port = Number(portText ?? (isSecure ? 443 : 80))
  const fail = (reason: string) => new ConnectionFailure(host, `Get ${JSON.stringify(url)}`, reason)
  let address: number | undefined
  try {
    address = (await resolveHost(process, name, 4)).addresses[0]
    if (address === undefined) throw fail(`dial tcp: lookup ${name}: no such host`)
    return await requestHttp(process, {
      address,
      port,
      ...(isSecure ? { tls: { serverName: name } } : {}),
      method: 'GET',
      target: rest.startsWith('/') ? rest : `/${rest}`,
      headers: new HttpHeaders([
        ['Host', host],
        ['User-Agent', 'Go-http-client/1.1'],
      ]),
    })
  } catch (error) {
    const fault = socketFaultOf(error)
    if (error instanceof ResolveError) throw fail(`dial tcp: lookup ${name}: no such host`)
    if (fault) throw fail(`dial tcp ${addressText(address ?? 0)}:${port}: connect: ${goSocketError(fault)}`)
    if (error instanceof HttpError || error instanceof TlsError)
      throw fail(`Get ${JSON.stringify(url)}: ${error.message}`)
    throw error
  }
}
