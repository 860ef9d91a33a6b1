/** A URL, taken apart as curl does. */
export interface CurlUrl {
  readonly scheme: Scheme
  readonly user: string | undefined
  readonly password: string | undefined
  /** Lower-case as written; addresses in their usual form. */
  readonly host: string
  readonly port: number
  readonly isDefaultPort: boolean
  /** Begins with a slash; with the query. */
  readonly target: string
  /** The whole in its final form. */
  readonly text: string
}

/** A URL that curl refuses, with its exit status. */
export class UrlError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const badUrl = () => new UrlError(3, 'URL using bad/illegal format or missing URL')
/** `telnet` speaks plain TCP: people use it to see whether a port is open. */
type Scheme = 'http' | 'https' | 'telnet'

const defaultPorts: Readonly<Record<Scheme, number>> = { http: 80, https: 443, telnet: 23 }
const knownElsewhere =
  /^(dict|file|ftps?|gophers?|imaps?|ldaps?|mqtt|pop3s?|rtmp\w*|rtsp|scp|sftp|smbs?|smtps?|tftp|wss?)$/

/** Takes a URL apart; the scheme may be left out. */
export function parseCurlUrl(text: string, asIs = false): CurlUrl {
  if (/[\s\x00-\x1f\x7f]/.test(text)) throw badUrl()
  const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text)
  if (!parts) throw badUrl()
  const scheme = (parts[1] ?? 'http').toLowerCase()
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'telnet') {
    if (knownElsewhere.test(scheme)) throw new UrlError(1, `Protocol "${scheme}" is not simulated here`)
    throw new UrlError(1, `Protocol "${scheme}" not supported or disabled in libcurl`)
  }
  const at = parts[2]!.lastIndexOf('@')
  const login = at >= 0 ? parts[2]!.slice(0, at) : undefined
  const authority = /^(\[[\da-fA-F:.%]+\]|[^:[\]]*)(?::(\d*))?$/.exec(parts[2]!.slice(at + 1))
  if (!authority || authority[1] === '') {
    if (authority && parts[2] === '') throw new UrlError(3, 'URL using bad/illegal format or missing URL')
    throw badUrl()
  }
  const host = normalizeHost(authority[1]!)
  const port = authority[2] ? Number(authority[2]) : defaultPorts[scheme]
  if (port > 65535 || (authority[2] && port === 0)) throw badUrl()
  const path = parts[3] === '' ? '/' : asIs ? parts[3]! : squashDots(parts[3]!)
  const target = path + (parts[4] ?? '')
  const shownPort = authority[2] ? `:${port}` : ''
  const colon = login?.indexOf(':') ?? -1
  return {
    scheme,
    user: login === undefined ? undefined : decode(colon < 0 ? login : login.slice(0, colon)),
    password: login === undefined || colon < 0 ? undefined : decode(login.slice(colon + 1)),
    host,
    port,
    isDefaultPort: port === defaultPorts[scheme],
    target,
    text: `${scheme}://${login === undefined ? '' : `${login}@`}${host}${shownPort}${target}`,
  }
}

/** Where a `Location` leads, seen from a URL. */
export function followLocation(from: CurlUrl, location: string): CurlUrl {
  const origin = `${from.scheme}://${from.host}${from.isDefaultPort ? '' : `:${from.port}`}`
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(location)) return parseCurlUrl(location)
  if (location.startsWith('//')) return parseCurlUrl(`${from.scheme}:${location}`)
  if (location.startsWith('/')) return parseCurlUrl(origin + location)
  const path = from.target.replace(/[?#].*$/, '')
  if (location.startsWith('?')) return parseCurlUrl(origin + path + location)
  return parseCurlUrl(origin + path.slice(0, path.lastIndexOf('/') + 1) + location)
}

/** The several URLs that `{a,b}` and `[1-3]` stand for. */
export function expandUrl(text: string): string[] {
  const found = /\{([^{}]*)\}|\[(\d+|[a-zA-Z])-(\d+|[a-zA-Z])(?::(\d+))?\]/.exec(text)
  if (!found) {
    const bracket = /\[(?![\da-fA-F]*:[\da-fA-F:.]*(?:%\w+)?\])/.exec(text)
    if (bracket) throw new UrlError(3, `[globbing] bad range in column ${bracket.index + 2}`)
    const brace = text.indexOf('{')
    if (brace >= 0) throw new UrlError(3, `[globbing] unmatched brace in column ${brace + 1}`)
    return [text]
  }
  const [whole, list, first = '', last = '', step] = found
  const values = list !== undefined ? list.split(',') : range(first, last, Number(step ?? 1))
  const front = text.slice(0, found.index)
  const rest = expandUrl(text.slice(found.index + whole.length))
  return values.flatMap(value => rest.map(tail => front + value + tail))
}

function range(first: string, last: string, step: number): string[] {
  const isNumeric = /^\d/.test(first)
  const from = isNumeric ? Number(first) : first.charCodeAt(0)
  const to = isNumeric ? Number(last) : last.charCodeAt(0)
  const width = first.startsWith('0') ? first.length : 0
  const values: string[] = []
  for (let value = from; value <= to && step > 0; value += step)
    values.push(isNumeric ? String(value).padStart(width, '0') : String.fromCharCode(value))
  return values
}

/** `1.1` and `0x7f000001` are addresses to curl, as they are to inet_aton. */
function normalizeHost(host: string): string {
  const parts = host.split('.')
  if (parts.length > 4 || !parts.every(part => /^(0x[\da-f]+|\d+)$/i.test(part))) return host
  const numbers = parts.map(part => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = numbers.pop()!
  if (numbers.some(number => number > 255) || last >= 256 ** (4 - numbers.length)) return host
  const value = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last)
  return [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
}

/** Removes `/./` and `/../` (RFC 3986, 5.2.4). */
function squashDots(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  const parts = path.split('/').slice(1)
  for (const [i, part] of parts.entries()) {
    if (part === '..') kept.pop()
    if (part === '.' || part === '..') {
      if (i === parts.length - 1) kept.push('')
    } else kept.push(part)
  }
  return `/${kept.join('/')}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
