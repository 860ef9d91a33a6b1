import { byteLength } from '../../../machine/bytes.ts'
import { httpDate, reasonPhrase } from '../../../machine/http.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { formatIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

const documents = '/usr/local/apache2/htdocs'
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  txt: 'text/plain',
  js: 'text/javascript',
  json: 'application/json',
  png: 'image/png',
}

/** The Apache web server with the configuration of its image: files of one directory. */
export function httpdProgram(version: string): Program {
  return {
    name: 'httpd',
    summary: 'Apache Hypertext Transfer Protocol Server',
    async run(process) {
      if (process.argv.includes('-v')) {
        await process.write(`Server version: Apache/${version} (Unix)\nServer built:   Jul 29 2025 23:36:02\n`)
        return 0
      }
      return serve(process, version)
    },
  }
}

async function serve(process: Process, version: string): Promise<number> {
  const own = process.network.interface('eth0')?.addresses[0]?.address
  const named = own === undefined ? '127.0.0.1' : formatIpv4(own)
  const complaint = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${named}. Set the 'ServerName' directive globally to suppress this message\n`
  await process.stderr.write(complaint + complaint)
  const lines: string[] = []
  let wake = () => {}
  try {
    serveHttp(process, 80, request => answer(process, request, version), {
      isDualStack: true,
      idleTimeout: 5000,
      onAnswered(request, { status }, sent) {
        const size = sent === 0 ? '-' : String(sent)
        const line = `${request.method} ${request.target} HTTP/${request.version}`
        lines.push(`${formatIpv4(request.remote.address)} - - [${commonTime(process)}] "${line}" ${status} ${size}\n`)
        wake()
      },
    })
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    const reason = error.code === 'EACCES' ? '(13)Permission denied' : '(98)Address already in use'
    await process.stderr.write(
      `${reason}: AH00072: make_sock: could not bind to address [::]:80\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    )
    return 1
  }
  await note(process, `AH00489: Apache/${version} (Unix) configured -- resuming normal operations`, 'mpm_event:notice')
  await note(process, "AH00094: Command line: 'httpd -D FOREGROUND'", 'core:notice')
  let signal: string | undefined
  for (const name of ['SIGTERM', 'SIGINT', 'SIGWINCH'])
    process.onSignal(name, () => {
      signal ??= name
      wake()
    })
  while (signal === undefined) {
    if (lines.length > 0) await process.write(lines.splice(0).join(''))
    else
      await process.wait<void>(resume => {
        wake = resume
      })
  }
  const farewell =
    signal === 'SIGWINCH'
      ? 'AH00492: caught SIGWINCH, shutting down gracefully'
      : `AH00491: caught ${signal}, shutting down`
  await note(process, farewell, 'mpm_event:notice')
  return 0
}

function answer({ files, machine }: Process, request: HttpRequest, version: string): HttpAnswer {
  const base: [string, string][] = [
    ['Date', httpDate(machine.now())],
    ['Server', `Apache/${version} (Unix)`],
  ]
  const path = decodeURI(request.target.split('?')[0]!)
  const file = documents + (path.endsWith('/') ? `${path}index.html` : path)
  const found = path.includes('..') ? undefined : files.find(file)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return page(405, base, 'The requested method is not allowed for this URL.')
  if (found?.kind === 'directory') {
    const location = `http://${request.headers.get('host') ?? ''}${path}/`
    return page(301, [...base, ['Location', location]], `The document has moved <a href="${location}">here</a>.`)
  }
  if (!found) return page(404, base, 'The requested URL was not found on this server.')
  const text = files.readText(file)
  const seconds = Math.floor(found.modified / 1000) * 1000
  return {
    status: 200,
    headers: [
      ...base,
      ['Last-Modified', httpDate(seconds)],
      ['ETag', `"${byteLength(text).toString(16)}-${(seconds * 1000).toString(16)}"`],
      ['Accept-Ranges', 'bytes'],
      ['Content-Length', String(byteLength(text))],
      ['Content-Type', types[/\.(\w+)$/.exec(file)?.[1] ?? ''] ?? 'text/plain'],
    ],
    body: text,
  }
}

function page(status: number, headers: [string, string][], text: string): HttpAnswer {
  const title = `${status} ${reasonPhrase(status)}`
  const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${reasonPhrase(status)}</h1>\n<p>${text}</p>\n</body></html>\n`
  return {
    status,
    headers: [...headers, ['Content-Length', String(body.length)], ['Content-Type', 'text/html; charset=iso-8859-1']],
    body,
  }
}

async function note(process: Process, text: string, source: string): Promise<void> {
  const date = new Date(process.machine.now())
  const [, weekday, day, month, year, clock] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString())!
  const micro = date.toISOString().slice(19, 23)
  await process.stderr.write(
    `[${weekday} ${month} ${day} ${clock}${micro}000 ${year}] [${source}] [pid ${process.pid}:tid ${process.pid}] ${text}\n`,
  )
}

/** `02/Mar/2026:09:30:00 +0000`. */
function commonTime(process: Process): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(
    new Date(process.machine.now()).toUTCString(),
  )!
  return `${day}/${month}/${year}:${clock} +0000`
}
