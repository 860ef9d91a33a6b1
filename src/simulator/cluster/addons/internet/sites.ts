import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { formatIpv4 } from '../../../network/address.ts'

/** A web server somewhere on the internet. */
export interface Site {
  readonly name: string
  readonly address: string
  /** Other names that lead to it. */
  readonly aliases: readonly string[]
  answer(request: HttpRequest, isSecure: boolean): HttpAnswer
}

const page = (title: string, text: string) =>
  `<!doctype html>\n<html>\n<head>\n  <meta charset="utf-8">\n  <title>${title}</title>\n</head>\n<body>\n  <h1>${title}</h1>\n  <p>${text}</p>\n</body>\n</html>\n`

const html = { 'Content-Type': 'text/html; charset=utf-8' }

function notFound(): HttpAnswer {
  return { status: 404, headers: html, body: page('404 Not Found', 'There is no such page here.') }
}

/** The servers that a lab can reach; their addresses are of the ranges for documentation (RFC 5737). */
export const sites: readonly Site[] = [
  {
    name: 'example.com',
    address: '203.0.113.10',
    aliases: ['www.example.com'],
    answer({ target }) {
      if (target !== '/' && target !== '/index.html') return notFound()
      return {
        status: 200,
        headers: html,
        body: page('Example Domain', 'This domain is for use in illustrative examples.'),
      }
    },
  },
  {
    name: 'example.org',
    address: '192.0.2.20',
    aliases: ['www.example.org', 'api.example.org'],
    // Tells callers how they look from here.
    answer({ method, target, headers, remote }) {
      const origin = formatIpv4(remote.address)
      if (target === '/ip') return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `${origin}\n` }
      if (target !== '/') return notFound()
      const body = { method, origin, port: remote.port, agent: headers.get('user-agent') ?? '' }
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
    },
  },
  {
    name: 'example.net',
    address: '198.51.100.30',
    aliases: ['www.example.net'],
    // Serves over HTTPS alone, as most do.
    answer({ target }, isSecure) {
      if (!isSecure) return { status: 301, headers: { Location: `https://example.net${target}` }, body: '' }
      if (target !== '/') return notFound()
      return { status: 200, headers: html, body: page('example.net', 'You have come here over TLS.') }
    },
  },
]
