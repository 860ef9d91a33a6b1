import { type HttpHandler, serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'

/** What a page or an API of .NET answers; strings go out as they are. */
export interface KestrelAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Serves HTTP as a .NET program in a container does: says how it is set up, then answers until it is asked to end. */
export async function serveKestrel(process: Process, handler: Handler): Promise<number> {
  const answer: HttpHandler = async request => {
    const [path = '/', query = ''] = request.target.split('?')
    const { status, type, body } = await handler({ method: request.method, path, query })
    return {
      status,
      headers: {
        ...(body ? { 'Content-Type': type } : { 'Content-Length': '0' }),
        Date: new Date(process.machine.now()).toUTCString(),
        Server: 'Kestrel',
      },
      body,
    }
  }
  serveHttp(process, 80, answer, { isDualStack: true })
  const say = async (...lines: readonly string[]) => {
    for (const line of lines) await process.write(`info: Microsoft.Hosting.Lifetime[0]\n      ${line}\n`)
  }
  await say(
    'Now listening on: http://[::]:80',
    'Application started. Press Ctrl+C to shut down.',
    'Hosting environment: Production',
    'Content root path: /app',
  )
  await untilAsked(process)
  await say('Application is shutting down...')
  return 0
}

type Handler = (request: {
  readonly method: string
  readonly path: string
  readonly query: string
}) => KestrelAnswer | Promise<KestrelAnswer>

/** Nothing is there. */
export const missing: KestrelAnswer = { status: 404, type: 'text/plain', body: '' }

export function plain(body: string): KestrelAnswer {
  return { status: 200, type: 'text/plain; charset=utf-8', body }
}

export function json(status: number, body: unknown): KestrelAnswer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}

export function page(body: string): KestrelAnswer {
  return { status: 200, type: 'text/html; charset=utf-8', body }
}
