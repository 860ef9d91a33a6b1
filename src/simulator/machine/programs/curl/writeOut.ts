import type { Measures } from './measures.ts'

/** How a transfer ended, for `--write-out`. */
export interface TransferEnd {
  readonly status: number
  readonly message: string
  readonly url: string
  readonly number: number
}

/** A piece of `--write-out` text and where it goes. */
export interface WriteOutPiece {
  readonly to: 'stdout' | 'stderr'
  readonly text: string
}

/** Fills in a `--write-out` format. */
export function writeOut(format: string, measures: Measures, end: TransferEnd): WriteOutPiece[] {
  const pieces: WriteOutPiece[] = []
  let to: WriteOutPiece['to'] = 'stdout'
  const put = (text: string, where = to) => pieces.push({ to: where, text })
  for (const [whole, variable, header, control] of format.matchAll(
    /%\{(\w+)\}|%header\{([^}]*)\}|\\([nrt])|%%|[^%\\]+|[\s\S]/g,
  )) {
    if (control !== undefined) put({ n: '\n', r: '\r', t: '\t' }[control]!)
    else if (whole === '%%') put('%')
    else if (header !== undefined) put(headerValue(measures, header))
    else if (variable === undefined) put(whole)
    else if (variable === 'stdout' || variable === 'stderr') to = variable
    else if (variable === 'onerror') {
      if (end.status === 0) break
    } else {
      const value = variables[variable]
      if (value) put(value(measures, end))
      else put(`curl: unknown --write-out variable: '${variable}'\n`, 'stderr')
    }
  }
  return pieces
}

type Value = (measures: Measures, end: TransferEnd) => string

const seconds = (value: number) => value.toFixed(6)
const speed = (size: number, time: number) => String(time > 0 ? Math.floor(size / time) : 0)

const variables: Readonly<Record<string, Value>> = {
  content_type: ({ contentType }) => contentType,
  errormsg: (_, { message }) => message,
  exitcode: (_, { status }) => String(status),
  filename_effective: ({ fileName }) => fileName,
  http_code: ({ status }) => String(status).padStart(3, '0'),
  http_connect: () => '000',
  http_version: ({ httpVersion }) => httpVersion,
  json: (measures, end) => json(measures, end),
  header_json: ({ headers }) => headerJson(headers),
  local_ip: ({ local }) => local.ip,
  local_port: ({ local }) => String(local.port),
  method: ({ method }) => method,
  num_connects: ({ connects }) => String(connects),
  num_headers: ({ headers }) => String(headers.length),
  num_redirects: ({ redirects }) => String(redirects),
  redirect_url: ({ redirectUrl }) => redirectUrl,
  referer: () => '',
  remote_ip: ({ remote }) => remote.ip,
  remote_port: ({ remote }) => String(remote.port),
  response_code: ({ status }) => String(status).padStart(3, '0'),
  scheme: ({ scheme }) => scheme.toUpperCase(),
  size_download: ({ sizes }) => String(sizes.download),
  size_header: ({ sizes }) => String(sizes.header),
  size_request: ({ sizes }) => String(sizes.request),
  size_upload: ({ sizes }) => String(sizes.upload),
  speed_download: ({ sizes, times }) => speed(sizes.download, times.total),
  speed_upload: ({ sizes, times }) => speed(sizes.upload, times.total),
  ssl_verify_result: ({ verifyResult }) => String(verifyResult),
  proxy_ssl_verify_result: () => '0',
  time_appconnect: ({ times }) => seconds(times.appconnect),
  time_connect: ({ times }) => seconds(times.connect),
  time_namelookup: ({ times }) => seconds(times.namelookup),
  time_pretransfer: ({ times }) => seconds(times.pretransfer),
  time_redirect: ({ times }) => seconds(times.redirect),
  time_starttransfer: ({ times }) => seconds(times.starttransfer),
  time_total: ({ times }) => seconds(times.total),
  url: (_, { url }) => url,
  url_effective: ({ effectiveUrl }) => effectiveUrl,
  urlnum: (_, { number }) => String(number),
}

/** Variables that `%{json}` writes as text, though they may look like numbers. */
const textual =
  /^(content_type|errormsg|filename_effective|http_version|local_ip|method|redirect_url|referer|remote_ip|scheme|url|url_effective)$/

function json(measures: Measures, end: TransferEnd): string {
  const parts = Object.keys(variables)
    .filter(name => name !== 'json' && name !== 'header_json')
    .sort()
    .map(name => {
      const value = variables[name]!(measures, end)
      if (textual.test(name)) return `${JSON.stringify(name)}:${value === '' ? 'null' : JSON.stringify(value)}`
      return `${JSON.stringify(name)}:${/^0\d\d$/.test(value) ? Number(value) : value}`
    })
  return `{${parts.join(',')},"curl_version":"libcurl/7.88.1"}`
}

function headerJson(headers: Measures['headers']): string {
  const byName = new Map<string, string[]>()
  for (const [name, value] of headers)
    byName.set(name.toLowerCase(), [...(byName.get(name.toLowerCase()) ?? []), value])
  return `{${[...byName].map(([name, values]) => `${JSON.stringify(name)}:${JSON.stringify(values)}`).join(',\n')}\n}`
}

function headerValue(measures: Measures, name: string): string {
  return measures.headers.find(header => header[0].toLowerCase() === name.toLowerCase())?.[1] ?? ''
}
