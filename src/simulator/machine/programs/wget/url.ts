/** A URL as wget takes it apart. */
export interface WgetUrl {
  readonly isSecure: boolean
  readonly host: string
  readonly port: number
  readonly target: string
  /** Without a password, as messages show it. */
  readonly text: string
  readonly login: string | undefined
  /** The name of the file that it is saved under. */
  readonly file: string
}

/** Takes a URL apart; undefined for schemes other than http and https. */
export function parseWgetUrl(text: string): WgetUrl | undefined {
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^#]*)/i.exec(text)
  if (!parts) return undefined
  const scheme = (parts[1] ?? 'http').toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') return undefined
  const isSecure = scheme === 'https'
  const host = parts[3]!
  const port = parts[4] === undefined ? (isSecure ? 443 : 80) : Number(parts[4])
  const rest = parts[5] ?? ''
  const target = rest === '' ? '/' : rest.startsWith('/') ? rest : `/${rest}`
  const shownPort = parts[4] === undefined || port === (isSecure ? 443 : 80) ? '' : `:${port}`
  return {
    isSecure,
    host,
    port,
    target,
    text: `${scheme}://${host}${shownPort}${target}`,
    login: parts[2],
    file: target.replace(/^.*\//, '') || 'index.html',
  }
}

/** Where a `Location` leads. */
export function resolveLocation(from: WgetUrl, location: string): WgetUrl | undefined {
  if (/^[a-z]+:\/\//i.test(location)) return parseWgetUrl(location)
  const origin = from.text.slice(0, from.text.length - from.target.length)
  if (location.startsWith('//')) return parseWgetUrl(`${from.isSecure ? 'https' : 'http'}:${location}`)
  if (location.startsWith('/')) return parseWgetUrl(origin + location)
  return parseWgetUrl(origin + from.target.replace(/[^/]*$/, '') + location)
}
