import type { Option } from '../../program.ts'

/** Everything about curl's options: parser, `--help` and completion read it. */
export const curlOptions = [
  { short: '4', long: 'ipv4', help: 'Resolve names to IPv4 addresses' },
  { short: '6', long: 'ipv6', help: 'Resolve names to IPv6 addresses' },
  { short: 'a', long: 'append', help: 'Append to target file when uploading' },
  { short: 'b', long: 'cookie', value: 'data|filename', help: 'Send cookies from string/file' },
  { short: 'c', long: 'cookie-jar', value: 'filename', help: 'Write cookies to <filename> after operation' },
  { long: 'cacert', value: 'file', help: 'CA certificate to verify peer against' },
  { long: 'capath', value: 'dir', help: 'CA directory to verify peer against' },
  { short: 'E', long: 'cert', value: 'certificate[:password]', help: 'Client certificate file and password' },
  { long: 'compressed', help: 'Request compressed response' },
  { long: 'connect-timeout', value: 'fractional seconds', help: 'Maximum time allowed for connection' },
  { long: 'connect-to', value: 'HOST1:PORT1:HOST2:PORT2', help: 'Connect to host' },
  { long: 'create-dirs', help: 'Create necessary local directory hierarchy' },
  { short: 'd', long: 'data', value: 'data', help: 'HTTP POST data' },
  { long: 'data-ascii', value: 'data', help: 'HTTP POST ASCII data' },
  { long: 'data-binary', value: 'data', help: 'HTTP POST binary data' },
  { long: 'data-raw', value: 'data', help: "HTTP POST data, '@' allowed" },
  { long: 'data-urlencode', value: 'data', help: 'HTTP POST data URL encoded' },
  { short: 'D', long: 'dump-header', value: 'filename', help: 'Write the received headers to <filename>' },
  { short: 'q', long: 'disable', help: 'Disable .curlrc' },
  { short: 'f', long: 'fail', help: 'Fail fast with no output on HTTP errors' },
  { long: 'fail-early', help: 'Fail on first transfer error, do not continue' },
  { long: 'fail-with-body', help: 'Fail on HTTP errors but save the body' },
  { short: 'G', long: 'get', help: 'Put the post data in the URL and use GET' },
  { short: 'g', long: 'globoff', help: 'Disable URL sequences and ranges using {} and []' },
  { short: 'I', long: 'head', help: 'Show document info only' },
  { short: 'H', long: 'header', value: 'header/@file', help: 'Pass custom header(s) to server' },
  { short: 'h', long: 'help', help: 'Get help for commands' },
  { short: '0', long: 'http1.0', help: 'Use HTTP 1.0' },
  { long: 'http1.1', help: 'Use HTTP 1.1' },
  { short: 'i', long: 'include', help: 'Include protocol response headers in the output' },
  { short: 'k', long: 'insecure', help: 'Allow insecure server connections' },
  { long: 'interface', value: 'name', help: 'Use network INTERFACE (or address)' },
  { long: 'json', value: 'data', help: 'HTTP POST JSON' },
  { short: 'j', long: 'junk-session-cookies', help: 'Ignore session cookies read from file' },
  { long: 'keepalive-time', value: 'seconds', help: 'Interval time for keepalive probes' },
  { long: 'key', value: 'key', help: 'Private key file name' },
  { long: 'local-port', value: 'num/range', help: 'Force use of RANGE for local port numbers' },
  { short: 'L', long: 'location', help: 'Follow redirects' },
  { long: 'location-trusted', help: 'Like --location, and send auth to other hosts' },
  { long: 'max-redirs', value: 'num', help: 'Maximum number of redirects allowed' },
  { short: 'm', long: 'max-time', value: 'fractional seconds', help: 'Maximum time allowed for transfer' },
  { short: 'N', long: 'no-buffer', help: 'Disable buffering of the output stream' },
  { long: 'no-keepalive', help: 'Disable TCP keepalive on the connection' },
  { long: 'no-progress-meter', help: 'Do not show the progress meter' },
  { long: 'noproxy', value: 'no-proxy-list', help: 'List of hosts which do not use proxy' },
  { long: 'oauth2-bearer', value: 'token', help: 'OAuth 2 Bearer Token' },
  { short: 'o', long: 'output', value: 'file', help: 'Write to file instead of stdout' },
  { long: 'output-dir', value: 'dir', help: 'Directory to save files in' },
  { long: 'path-as-is', help: 'Do not squash .. sequences in URL path' },
  { long: 'post301', help: 'Do not switch to GET after following a 301' },
  { long: 'post302', help: 'Do not switch to GET after following a 302' },
  { long: 'post303', help: 'Do not switch to GET after following a 303' },
  { short: '#', long: 'progress-bar', help: 'Display transfer progress as a bar' },
  { short: 'x', long: 'proxy', value: '[protocol://]host[:port]', help: 'Use this proxy' },
  { short: 'r', long: 'range', value: 'range', help: 'Retrieve only the bytes within RANGE' },
  { long: 'raw', help: 'Do HTTP "raw"; no transfer decoding' },
  { short: 'e', long: 'referer', value: 'URL', help: 'Referrer URL' },
  { short: 'J', long: 'remote-header-name', help: 'Use the header-provided filename' },
  { short: 'O', long: 'remote-name', help: 'Write output to a file named as the remote file' },
  { short: 'R', long: 'remote-time', help: "Set the remote file's time on the local output" },
  { short: 'X', long: 'request', value: 'method', help: 'Specify request method to use' },
  { long: 'request-target', value: 'path', help: 'Specify the target for this request' },
  { long: 'resolve', value: '[+]host:port:addr[,addr]...', help: 'Resolve the host+port to this address' },
  { long: 'retry', value: 'num', help: 'Retry request if transient problems occur' },
  { long: 'retry-all-errors', help: 'Retry all errors (use with --retry)' },
  { long: 'retry-connrefused', help: 'Retry on connection refused (use with --retry)' },
  { long: 'retry-delay', value: 'seconds', help: 'Wait time between retries' },
  { long: 'retry-max-time', value: 'seconds', help: 'Retry only within this period' },
  { short: 'S', long: 'show-error', help: 'Show error even when -s is used' },
  { short: 's', long: 'silent', help: 'Silent mode' },
  { long: 'stderr', value: 'file', help: 'Where to redirect stderr' },
  { long: 'tcp-nodelay', help: 'Use the TCP_NODELAY option' },
  { long: 'tls-max', value: 'VERSION', help: 'Set maximum allowed TLS version' },
  { long: 'tlsv1.2', help: 'Use TLSv1.2 or greater' },
  { long: 'tlsv1.3', help: 'Use TLSv1.3 or greater' },
  { short: 'T', long: 'upload-file', value: 'file', help: 'Transfer local FILE to destination' },
  { long: 'url', value: 'url', help: 'URL to work with' },
  { short: 'u', long: 'user', value: 'user:password', help: 'Server user and password' },
  { short: 'A', long: 'user-agent', value: 'name', help: 'Send User-Agent <name> to server' },
  { short: 'v', long: 'verbose', help: 'Make the operation more talkative' },
  { short: 'V', long: 'version', help: 'Show version number and quit' },
  { short: 'w', long: 'write-out', value: 'format', help: 'Use output FORMAT after completion' },
] as const satisfies readonly Option[]

/** Options that real curl has and this one lacks: they are refused by name. */
const notSimulated: ReadonlySet<string> = new Set(
  `F form form-string x proxy preproxy proxy-user U socks4 socks4a socks5 socks5-hostname K config C
  continue-at Z parallel unix-socket abstract-unix-socket http2 http2-prior-knowledge http3 trace trace-ascii trace-time
  y Y speed-limit speed-time limit-rate z time-cond n netrc netrc-file netrc-optional digest ntlm negotiate anyauth
  aws-sigv4 doh-url dns-servers dns-interface haproxy-protocol libcurl remote-name-all next ciphers tls13-ciphers
  pinnedpubkey crlfile engine proto proto-default proto-redir Q quote P ftp-port l list-only t telnet-option M manual
  ssl-reqd tlsv1 1 tlsv1.0 tlsv1.1 2 3 sslv2 sslv3 cert-type key-type pass hsts alt-svc etag-save etag-compare
  expect100-timeout happy-eyeballs-timeout-ms xattr tr-encoding rate max-filesize no-alpn no-npn`.split(/\s+/),
)

type LongName = (typeof curlOptions)[number]['long']

/** The command line of curl, taken apart. */
export class CurlArguments {
  readonly urls: string[] = []
  /** Output of each URL in order: a file name, or what the URL ends in. */
  readonly outputs: ({ readonly name: string } | 'remote name')[] = []
  readonly #values = new Map<string, string[]>()
  readonly #given: [name: string, value: string][] = []

  /** Whether an option was given. */
  has(name: LongName): boolean {
    return this.#values.has(name)
  }

  /** The last value of an option. */
  get(name: LongName): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  all(name: LongName): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** These options with their values, in the order in which they were given. */
  inOrder(...names: readonly LongName[]): readonly (readonly [name: string, value: string])[] {
    return this.#given.filter(([name]) => names.includes(name as LongName))
  }

  add(name: string, value: string): void {
    if (name === 'url') this.urls.push(value)
    else if (name === 'output') this.outputs.push({ name: value })
    else if (name === 'remote-name') this.outputs.push('remote name')
    else {
      this.#values.set(name, [...(this.#values.get(name) ?? []), value])
      this.#given.push([name, value])
    }
  }

  remove(name: string): void {
    this.#values.delete(name)
  }

  /** A number of seconds as milliseconds. */
  milliseconds(name: LongName): number | undefined {
    const text = this.get(name)
    if (text === undefined) return undefined
    if (!/^\d+(\.\d*)?$|^\.\d+$/.test(text))
      throw new CurlUsage(`option --${name}: expected a proper numerical parameter`)
    return Math.round(Number(text) * 1000)
  }

  number(name: LongName): number | undefined {
    const text = this.get(name)
    if (text === undefined) return undefined
    if (!/^\d+$/.test(text)) throw new CurlUsage(`option --${name}: expected a proper numerical parameter`)
    return Number(text)
  }
}

/** A command line that curl refuses; a message that the hint to `--help` follows. */
export class CurlUsage extends Error {}

/** An option of real curl that is missing here. */
export class NotSimulated extends Error {}

/** Takes a command line apart as curl's own parser does. */
export function parseCurlArguments(words: readonly string[]): CurlArguments {
  const result = new CurlArguments()
  let areOptions = true
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!areOptions || !word.startsWith('-') || word === '-') {
      result.add('url', word)
    } else if (word === '--') {
      areOptions = false
    } else if (word.startsWith('--')) {
      i += takeLong(result, word, words[i + 1])
    } else {
      i += takeLetters(result, word, words[i + 1])
    }
  }
  return result
}

/** Gives how many further words were used. */
function takeLong(result: CurlArguments, word: string, next: string | undefined): number {
  const name = word.slice(2)
  const negated = name.startsWith('no-') ? name.slice(3) : undefined
  if (negated !== undefined && curlOptions.some(option => option.long === negated && !('value' in option))) {
    result.remove(negated)
    if (negated === 'keepalive' || negated === 'progress-meter') result.add(name, '')
    return 0
  }
  const option = longOption(name, word)
  if (!('value' in option)) {
    result.add(option.long, '')
    return 0
  }
  if (next === undefined) throw new CurlUsage(`option ${word}: requires parameter`)
  result.add(option.long, next)
  return 1
}

function takeLetters(result: CurlArguments, word: string, next: string | undefined): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!
    const option: Option | undefined = curlOptions.find(each => 'short' in each && each.short === letter)
    if (!option || letter === 'x') {
      if (notSimulated.has(letter)) throw new NotSimulated(`-${letter}`)
      throw new CurlUsage(`option ${word}: is unknown`)
    }
    if (option.value === undefined) {
      result.add(option.long!, '')
      continue
    }
    const rest = word.slice(at + 1)
    if (rest !== '') {
      result.add(option.long!, rest)
      return 0
    }
    if (next === undefined) throw new CurlUsage(`option ${word}: requires parameter`)
    result.add(option.long!, next)
    return 1
  }
  return 0
}

function longOption(name: string, word: string): (typeof curlOptions)[number] {
  if (notSimulated.has(name)) throw new NotSimulated(word)
  const exact = curlOptions.find(option => option.long === name)
  if (exact) return exact
  const candidates = curlOptions.filter(option => option.long.startsWith(name))
  if (candidates.length > 1) throw new CurlUsage(`option ${word}: is ambiguous`)
  if (candidates.length === 0) throw new CurlUsage(`option ${word}: is unknown`)
  return candidates[0]!
}
