import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { askUpstream } from './upstream.ts'

// proxy_connect_timeout and proxy_read_timeout.
const patience = { connect: 60_000, read: 60_000 }

/** Passes a request on to another server; a status when there is no answer, after saying why in the error log. */
export async function passOn(
  process: Process,
  target: string,
  request: HttpRequest,
  headers: readonly (readonly [string, string])[],
  complain: (message: string) => void,
): Promise<HttpAnswer | 502 | 504> {
  const [host = '', port = '80'] = target.split(':')
  const address = parseIpv4(host) ?? (await addressOf(process, host))
  if (address === undefined) {
    complain(`${host} could not be resolved (3: Host not found)`)
    return 502
  }
  const outcome = await askUpstream(process, { address, port: Number(port) }, request, headers, patience)
  if ('answer' in outcome) return outcome.answer
  complain(`${outcome.reason}, upstream: "http://${target}${request.target}"`)
  return outcome.status
}

async function addressOf(process: Process, host: string): Promise<number | undefined> {
  try {
    return (await resolveHost(process, host, 4)).addresses[0]
  } catch (error) {
    if (error instanceof ResolveError) return undefined
    throw error
  }
}
