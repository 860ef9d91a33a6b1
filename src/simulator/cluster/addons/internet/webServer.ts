import { FileError } from '../../../machine/fileError.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { publicCertificate } from '../../../machine/publicAuthority.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4 } from '../../../network/address.ts'
import type { Site } from './sites.ts'

/** Where a server on the internet writes down who asked for what. */
export const accessLog = '/var/log/nginx/access.log'

const longestLog = 200

/** Makes the web server of a site: HTTP and HTTPS, and a line in the access log for each request. */
export function createWebServer(site: Site): Program {
  return {
    name: 'nginx',
    summary: 'serve a site on the internet',
    async run(process: Process) {
      const certificate = publicCertificate([site.name, ...site.aliases], process.machine.now())
      const lines: string[] = []
      const onAnswered = (request: HttpRequest, answer: HttpAnswer, sent: number) => {
        lines.push(logLine(process, request, answer, sent))
        if (lines.length > longestLog) lines.shift()
        write(process, lines)
      }
      const options = { isDualStack: true, onAnswered }
      serveHttp(process, 80, request => withServer(site.answer(request, false)), options)
      serveHttp(process, 443, request => withServer(site.answer(request, true)), {
        ...options,
        tls: { certificates: () => [certificate], applicationProtocols: ['http/1.1'] },
      })
      await untilAsked(process)
      return 0
    },
  }
}

function withServer(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: { Server: 'nginx', ...(answer.headers as Record<string, string>) } }
}

function write(process: Process, lines: readonly string[]): void {
  try {
    process.files.writeText(accessLog, lines.join(''))
  } catch (error) {
    // Someone has taken the folder away: the log is lost, the server is not.
    if (!(error instanceof FileError)) throw error
  }
}

/** A line in the format `combined`. */
function logLine(
  process: Process,
  { method, target, version, headers, remote }: HttpRequest,
  { status }: HttpAnswer,
  sent: number,
): string {
  const [, year, month = '', day, clock] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(
    new Date(process.machine.now()).toISOString(),
  )!
  const name = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[Number(month) - 1]
  const quoted = (field: string) => `"${headers.get(field) ?? '-'}"`
  return `${formatIpv4(remote.address)} - - [${day}/${name}/${year}:${clock} +0000] "${method} ${target} HTTP/${version}" ${status} ${sent} ${quoted('referer')} ${quoted('user-agent')}\n`
}
