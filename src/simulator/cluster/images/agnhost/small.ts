import { bytesOf } from '../../../machine/bytes.ts'
import { decodeCertificates } from '../../../machine/certificate.ts'
import { glogLine } from '../../../machine/glog.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { readResolverSettings } from '../../../machine/resolver.ts'
import { serveSctp } from '../../../machine/sctp.ts'
import { serveTcp } from '../../../machine/tcp.ts'
import { openUdp } from '../../../machine/udp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4 } from '../../../network/address.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** Answers every connection, datagram or message with the same text. */
async function serveText(process: Process, kind: 'SCTP_' | 'TCP_' | 'UDP_', port: number, body: string): Promise<void> {
  const text = bytesOf(body)
  if (kind === 'TCP_') serveTcp(process, port, stream => stream.write(text), { isDualStack: true })
  else if (kind === 'UDP_') {
    const socket = openUdp(process, { port, isDualStack: true })
    process.thread(async () => {
      for (;;) {
        const datagram = await socket.next()
        if (datagram && 'bytes' in datagram) socket.send(text, datagram.source.address, datagram.source.port)
      }
    })
  } else
    serveSctp(process, port, association => {
      association.onMessage = () => association.send(text)
    })
  await process.stderr.write(glogLine(process, 'log.go:244', `Started ${kind.slice(0, -1)} server on port ${port}`))
}

/** Does nothing until it is asked to end. */
export const pause: Subcommand = {
  name: 'pause',
  summary: 'Pauses the execution',
  async run(process) {
    await process.write('Paused\n')
    await untilAsked(process)
    return 0
  },
}

/** Prints the name servers of /etc/resolv.conf. */
export const dnsServerList: Subcommand = {
  name: 'dns-server-list',
  summary: "Fetches the DNS server list from the host's /etc/resolv.conf file",
  async run(process) {
    await process.write(`${readResolverSettings(process).servers.map(formatIpv4).join(',')}\n`)
    return 0
  },
}

/** Prints the search list of /etc/resolv.conf. */
export const dnsSuffix: Subcommand = {
  name: 'dns-suffix',
  summary: "Fetches the DNS suffix list from the host's /etc/resolv.conf file",
  async run(process) {
    await process.write(`${readResolverSettings(process).search.join(',')}\n`)
    return 0
  },
}

/** Prints /etc/hosts. */
export const etcHosts: Subcommand = {
  name: 'etc-hosts',
  summary: 'Prints the hosts file',
  async run(process) {
    await process.write(process.files.readText('/etc/hosts'))
    return 0
  },
}

/** Prints its own command line. */
export const entrypointTester: Subcommand = {
  name: 'entrypoint-tester',
  summary: 'Prints the args it is passed and exits',
  async run(process) {
    await process.write(`[${process.argv.join(' ')}]\n`)
    return 0
  },
}

/** Is well for ten seconds and then no more. */
export const liveness: Subcommand = {
  name: 'liveness',
  summary: 'Starts a server that is alive for 10 seconds',
  async run(process) {
    const { clock } = process.kernel
    const began = clock.now
    serveHttp(
      process,
      8080,
      ({ target }) => {
        if (target !== '/healthz') return { status: 200, body: '' }
        const age = (clock.now - began) / 1000
        return age > 10 ? { status: 500, body: `error: ${age.toFixed(9)}` } : { status: 200, body: 'ok' }
      },
      { isDualStack: true },
    )
    await untilAsked(process)
    return 0
  },
}

/** What Go's server takes a text for (net/http/sniff.go). */
function sniffed(text: string): string {
  const isPage =
    /^\s*<(?:!DOCTYPE HTML|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]/i.test(text)
  return `text/${isPage ? 'html' : 'plain'}; charset=utf-8`
}

/** Serves on the ports that the environment names: SERVE_PORT_80=text, SERVE_TLS_PORT_443=text. */
export const porter: Subcommand = {
  name: 'porter',
  summary: 'Serves requested data on ports specified in ENV variables',
  async run(process, words) {
    const { flags } = readFlags(words, { 'json-response': 'false' })
    const isJson = flags['json-response'] === 'true'
    for (const [name, body] of process.env) {
      const [, kind, port] = /^SERVE_(TLS_|SCTP_|TCP_|UDP_)?PORT_(\d+)$/.exec(name) ?? []
      if (port === undefined) continue
      if (kind === 'SCTP_' || kind === 'TCP_' || kind === 'UDP_') {
        await serveText(process, kind, Number(port), body)
        continue
      }
      const isTls = kind === 'TLS_'
      const file = process.env.get('CERT_FILE') || 'localhost.crt'
      const certificates = isTls ? decodeCertificates(process.files.readText(process.path(file))) : []
      const answer = ({ method }: HttpRequest): HttpAnswer =>
        isJson
          ? {
              status: 200,
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ Method: method, Body: body }),
            }
          : { status: 200, headers: { 'Content-Type': sniffed(body) }, body }
      serveHttp(process, Number(port), answer, {
        isDualStack: true,
        ...(isTls && { tls: { certificates: () => certificates } }),
      })
      await process.stderr.write(
        glogLine(process, 'log.go:244', `Started ${isTls ? 'TLS' : 'HTTP'} server on port ${port}`),
      )
    }
    await untilAsked(process)
    return 0
  },
}
