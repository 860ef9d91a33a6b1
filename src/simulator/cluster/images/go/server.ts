import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { SocketError } from '../../../network/socketError.ts'

/** Serves HTTP until the process is asked to end, as small Go servers do; gives the exit status. */
export async function serveUntilAsked(
  process: Process,
  port: number,
  handler: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
  onAnswered?: (request: HttpRequest, answer: HttpAnswer, sent: number) => void,
): Promise<number> {
  try {
    serveHttp(process, port, handler, { isDualStack: true, ...(onAnswered ? { onAnswered } : {}) })
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    const reason = error.code === 'EADDRINUSE' ? 'address already in use' : 'permission denied'
    await process.stderr.write(`${goTime(process)} listen tcp :${port}: bind: ${reason}\n`)
    return 1
  }
  await untilAsked(process)
  return 0
}

/** The time as Go's plain logger writes it: `2026/03/02 09:00:00`. */
export function goTime(process: Process): string {
  return new Date(process.machine.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
