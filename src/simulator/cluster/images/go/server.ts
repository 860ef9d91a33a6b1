import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

/**
 * Serves HTTP until the process is asked to end, as small Go servers do; gives the exit status. `place` is a port, or what
 * Go calls an address: `:8080`, `127.0.0.1:8080`.
 */
export async function serveUntilAsked(
  process: Process,
  place: number | string,
  handler: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
  onAnswered?: (request: HttpRequest, answer: HttpAnswer, sent: number) => void,
): Promise<number> {
  const [, host = '', port = ''] = /^(?:(.*):)?(\d*)$/.exec(String(place)) ?? []
  const address = parseIpv4(host === 'localhost' ? '127.0.0.1' : host)
  try {
    serveHttp(process, Number(port), handler, {
      ...(address ? { address } : { isDualStack: true }),
      ...(onAnswered ? { onAnswered } : {}),
    })
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    const reason = error.code === 'EADDRINUSE' ? 'address already in use' : 'permission denied'
    await process.stderr.write(`${goTime(process)} listen tcp ${host}:${port}: bind: ${reason}\n`)
    return 1
  }
  await untilAsked(process)
  return 0
}

/** The time as Go's plain logger writes it: `2026/03/02 09:00:00`. */
export function goTime(process: Process): string {
  return new Date(process.machine.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
