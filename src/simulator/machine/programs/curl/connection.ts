import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { ByteReader, type ByteStream } from '../../byteStream.ts'
import { type Certificate, decodeCertificates, matchingName, verifyChain } from '../../certificate.ts'
import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { connectTcp, PatienceOver, socketErrorTexts, type TcpStream } from '../../sockets.ts'
import { connectTls, TlsError, type TlsStream } from '../../tls.ts'
import { CurlError } from './curlError.ts'
import type { CurlLog } from './log.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import type { CurlUrl } from './url.ts'

/** An open connection that further requests to the same place may use. */
export interface OpenConnection {
  readonly number: number
  readonly key: string
  readonly tcp: TcpStream
  readonly stream: ByteStream
  readonly reader: ByteReader
}

/** Where Debian keeps the authorities that everybody trusts. */
const defaultRoots = '/etc/ssl/certs/ca-certificates.crt'

/** Opens connections for one run of curl: names, TCP, TLS. */
export class Connector {
  readonly #process: Process
  readonly #arguments: CurlArguments
  readonly #log: CurlLog
  readonly #overrides = new Map<string, number[]>()
  #count = 0

  constructor(process: Process, options: CurlArguments, log: CurlLog) {
    this.#process = process
    this.#arguments = options
    this.#log = log
  }

  /** Reads `--resolve`. */
  async prepare(): Promise<void> {
    for (const entry of this.#arguments.all('resolve')) {
      const parts = /^\+?([^:]+):(\d+):(.+)$/.exec(entry)
      const addresses = (parts?.[3] ?? '').split(',').map(text => parseIpv4(text.replace(/^\[|\]$/g, '')))
      if (!parts || addresses.includes(undefined)) {
        await this.#log.note(`Couldn't parse CURLOPT_RESOLVE entry '${entry}'`)
        throw new CurlError(49, `Couldn't parse CURLOPT_RESOLVE entry '${entry}'`)
      }
      this.#overrides.set(`${parts[1]!.toLowerCase()}:${parts[2]}`, addresses as number[])
      await this.#log.note(`Added ${parts[1]}:${parts[2]}:${parts[3]} to DNS cache`)
    }
  }

  /** Opens a connection; `deadline` is in milliseconds of the clock. */
  async open(url: CurlUrl, measures: Measures, deadline: number | undefined): Promise<OpenConnection> {
    const number = this.#count++
    try {
      const patience = new Patience(this.#process, measures, deadline, this.#arguments.milliseconds('connect-timeout'))
      const target = this.#target(url)
      const addresses = await this.#resolve(target.host, target.port, patience)
      measures.reach('namelookup')
      const tcp = await this.#connect(addresses, target, url, patience)
      measures.connects++
      measures.reach('connect')
      await this.#log.note(
        `Connected to ${url.host} (${formatIpv4(tcp.remote.address)}) port ${tcp.remote.port} (#${number})`,
      )
      const stream = url.scheme === 'https' ? await this.#secure(tcp, url, measures, patience) : tcp
      if (stream !== tcp) measures.reach('appconnect')
      return { number, key: keyOf(url), tcp, stream, reader: new ByteReader(stream) }
    } catch (error) {
      if (error instanceof CurlError) {
        await this.#log.note(error.message.split('\n')[0]!)
        await this.#log.note(`Closing connection ${number}`)
      }
      throw error
    }
  }

  /** Where to connect to: `--connect-to` changes it. */
  #target(url: CurlUrl): { readonly host: string; readonly port: number } {
    for (const entry of this.#arguments.all('connect-to')) {
      const [fromHost = '', fromPort = '', toHost = '', toPort = ''] = entry.split(':')
      const fits = (fromHost === '' || fromHost === url.host) && (fromPort === '' || Number(fromPort) === url.port)
      if (fits) return { host: toHost || url.host, port: toPort === '' ? url.port : Number(toPort) }
    }
    return url
  }

  async #resolve(host: string, port: number, patience: Patience): Promise<readonly number[]> {
    const override = this.#overrides.get(`${host.toLowerCase()}:${port}`) ?? this.#overrides.get(`*:${port}`)
    if (override) {
      await this.#log.note(`Hostname ${host} was found in DNS cache`)
      return override
    }
    const family = this.#arguments.has('ipv6') ? 6 : this.#arguments.has('ipv4') ? 4 : 'any'
    const failed = new CurlError(6, `Could not resolve host: ${host}`)
    if (host.startsWith('['))
      throw new CurlError(7, `Failed to connect to ${host} port ${port}: IPv6 is not simulated here`)
    let answer: readonly number[] | ResolveError | undefined
    let done = () => {}
    // The search goes on in a thread of its own, so that curl can lose patience with it.
    this.#process.thread(async () => {
      try {
        answer = (await resolveHost(this.#process, host, family)).addresses
      } catch (error) {
        if (!(error instanceof ResolveError)) throw error
        answer = error
      }
      done()
    })
    const isReady = await this.#process.waitFor<true>(patience.left ?? foreverish, wake => {
      if (answer) wake(true)
      else done = () => wake(true)
    })
    if (!isReady) throw patience.over('Resolving timed out')
    if (answer instanceof ResolveError || !answer) throw failed
    return answer
  }

  async #connect(
    addresses: readonly number[],
    target: { readonly port: number },
    url: CurlUrl,
    patience: Patience,
  ): Promise<TcpStream> {
    const started = this.#process.kernel.clock.now
    let last: SocketError | undefined
    for (const address of addresses) {
      const text = formatIpv4(address)
      await this.#log.note(`  Trying ${text}:${target.port}...`)
      try {
        return await connectTcp(this.#process, address, target.port, { ...this.#local(), timeout: patience.left })
      } catch (error) {
        if (error instanceof PatienceOver) throw await this.#patienceOver(url, started, patience)
        if (!(error instanceof SocketError)) throw error
        if (error.code === 'EADDRINUSE' || error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES')
          throw new CurlError(45, `bind failed with errno ${bindErrors[error.code]}: ${socketErrorTexts[error.code]}`)
        last = error
        await this.#log.note(
          error.code === 'ENETUNREACH'
            ? `Immediate connect fail for ${text}: ${socketErrorTexts[error.code]}`
            : `connect to ${text} port ${target.port} failed: ${socketErrorTexts[error.code]}`,
        )
      }
    }
    const spent = this.#process.kernel.clock.now - started
    throw new CurlError(
      last?.code === 'ETIMEDOUT' ? 28 : 7,
      `Failed to connect to ${url.host} port ${url.port} after ${spent} ms: Couldn't connect to server`,
    )
  }

  async #patienceOver(url: CurlUrl, started: number, patience: Patience): Promise<CurlError> {
    if (!patience.isForConnecting) return patience.over('Connection timed out')
    const spent = this.#process.kernel.clock.now - started
    await this.#log.note(`ipv4 connect timeout after ${Math.max(0, spent - 1)}ms, move on!`)
    const seconds = spent + 1
    return new CurlError(
      28,
      `Failed to connect to ${url.host} port ${url.port} after ${seconds} ms: Timeout was reached`,
    )
  }

  #local(): { localPort?: number; localAddress?: number; interface?: string } {
    const port = this.#arguments.get('local-port')
    const name = this.#arguments.get('interface')?.replace(/^(if|host)!/, '')
    if (port !== undefined && !/^\d+(-\d+)?$/.test(port))
      throw new CurlError(2, `option --local-port: is badly used here`)
    const local = port === undefined ? {} : { localPort: Number.parseInt(port, 10) }
    if (name === undefined) return local
    const address = parseIpv4(name)
    if (address !== undefined) return { ...local, localAddress: address }
    if (!this.#process.network.interface(name)) throw new CurlError(45, `Couldn't bind to '${name}'`)
    return { ...local, interface: name }
  }

  async #secure(tcp: TcpStream, url: CurlUrl, measures: Measures, patience: Patience): Promise<TlsStream> {
    const isChecked = !this.#arguments.has('insecure')
    const roots = this.#roots(isChecked)
    const own = this.#clientCertificates()
    await this.#log.note('ALPN: offers h2,http/1.1')
    await this.#log.note('TLSv1.3 (OUT), TLS handshake, Client hello (1):')
    await this.#log.data('}', 512)
    if (isChecked) {
      await this.#log.note(` CAfile: ${this.#arguments.get('cacert') ?? defaultRoots}`)
      await this.#log.note(
        ` CApath: ${this.#arguments.get('capath') ?? (this.#arguments.has('cacert') ? 'none' : '/etc/ssl/certs')}`,
      )
    }
    const secured = await this.#handshake(tcp, url, own, patience)
    await this.#tellHandshake()
    const problem = verifyChain(secured.peerCertificates, roots, this.#process.machine.now())
    measures.verifyResult = problem ? (verifyCodes[problem] ?? 1) : 0
    if (problem && isChecked) {
      await this.#log.note(
        `TLSv1.3 (OUT), TLS alert, ${problem.includes('expired') ? 'certificate expired (557)' : 'unknown CA (560)'}:`,
      )
      secured.abort()
      throw new CurlError(60, `SSL certificate problem: ${problem}\n${moreDetails}`)
    }
    await this.#tellFinished(secured)
    await this.#tellCertificate(secured, url, problem, isChecked, () => secured.abort())
    await this.#log.note('using HTTP/1.x')
    return secured
  }

  async #handshake(tcp: TcpStream, url: CurlUrl, own: readonly Certificate[], patience: Patience): Promise<TlsStream> {
    tcp.readTimeout = patience.left
    try {
      // Simplified: over TLS only HTTP/1.1 is spoken, also with servers that would agree on HTTP/2.
      return await connectTls(tcp, this.#process.kernel.random, {
        serverName: parseIpv4(url.host) === undefined ? url.host : undefined,
        applicationProtocols: ['http/1.1'],
        certificates: own,
      })
    } catch (error) {
      if (error instanceof PatienceOver) throw patience.over('SSL connection timeout')
      if (error instanceof TlsError && error.code === 'wrong version number')
        throw new CurlError(35, 'error:0A00010B:SSL routines::wrong version number')
      if (error instanceof TlsError || error instanceof SocketError)
        throw new CurlError(
          35,
          `OpenSSL SSL_connect: ${error instanceof SocketError ? socketErrorTexts[error.code] : 'SSL_ERROR_SYSCALL'} in connection to ${url.host}:${url.port} `,
        )
      throw error
    } finally {
      tcp.readTimeout = undefined
    }
  }

  async #tellHandshake(): Promise<void> {
    await this.#log.note('TLSv1.3 (IN), TLS handshake, Server hello (2):')
    await this.#log.data('{', 122)
    for (const message of ['Encrypted Extensions (8)', 'Certificate (11)', 'CERT verify (15)', 'Finished (20)']) {
      await this.#log.note(`TLSv1.3 (IN), TLS handshake, ${message}:`)
      await this.#log.data('{', messageSizes[message]!)
    }
  }

  async #tellFinished(secured: TlsStream): Promise<void> {
    await this.#log.note('TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):')
    await this.#log.data('}', 1)
    await this.#log.note('TLSv1.3 (OUT), TLS handshake, Finished (20):')
    await this.#log.data('}', 52)
    await this.#log.note('SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384')
    const agreed = secured.applicationProtocol
    await this.#log.note(
      agreed ? `ALPN: server accepted ${agreed}` : 'ALPN: server did not agree on a protocol. Uses default.',
    )
  }

  async #tellCertificate(
    secured: TlsStream,
    url: CurlUrl,
    problem: string | undefined,
    isChecked: boolean,
    abort: () => void,
  ): Promise<void> {
    const leaf = secured.peerCertificates[0]!
    await this.#log.note('Server certificate:')
    await this.#log.note(` subject: ${spaced(leaf.subject)}`)
    await this.#log.note(` start date: ${certificateDate(leaf.notBefore)}`)
    await this.#log.note(` expire date: ${certificateDate(leaf.notAfter)}`)
    if (isChecked) {
      const name = matchingName(leaf, url.host)
      if (name === undefined) {
        abort()
        const what = parseIpv4(url.host) === undefined ? 'host name' : 'ipv4 address'
        await this.#log.note(` subjectAltName does not match ${url.host}`)
        throw new CurlError(
          60,
          `SSL: no alternative certificate subject name matches target ${what} '${url.host}'\n${moreDetails}`,
        )
      }
      await this.#log.note(
        ` subjectAltName: host "${url.host}" matched cert's ${parseIpv4(name) === undefined ? `"${name}"` : 'IP address!'}`,
      )
    }
    await this.#log.note(` issuer: ${spaced(leaf.issuer)}`)
    await this.#log.note(
      problem
        ? ` SSL certificate verify result: ${problem} (${verifyCodes[problem] ?? 1}), continuing anyway.`
        : ' SSL certificate verify ok.',
    )
  }

  #roots(isChecked: boolean): readonly Certificate[] {
    const file = this.#arguments.get('cacert')
    try {
      return decodeCertificates(this.#process.files.readText(this.#process.path(file ?? defaultRoots)))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      if (file === undefined || !isChecked) return []
      throw new CurlError(77, `error setting certificate file: ${file}`)
    }
  }

  #clientCertificates(): readonly Certificate[] {
    const file = this.#arguments.get('cert')?.replace(/:[^:/]*$/, '')
    if (file === undefined) return []
    try {
      return decodeCertificates(this.#process.files.readText(this.#process.path(file)))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new CurlError(
        58,
        `could not load PEM client certificate from ${file}, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)`,
      )
    }
  }
}

/** How long curl is willing to wait for a connection. */
class Patience {
  readonly #process: Process
  readonly #measures: Measures
  readonly #deadline: number | undefined
  readonly #connectDeadline: number | undefined

  constructor(process: Process, measures: Measures, deadline: number | undefined, connecting: number | undefined) {
    this.#process = process
    this.#measures = measures
    this.#deadline = deadline
    this.#connectDeadline = process.kernel.clock.now + (connecting || defaultConnectTimeout)
  }

  get left(): number | undefined {
    const ends = [this.#deadline, this.#connectDeadline].filter(end => end !== undefined)
    return ends.length === 0 ? undefined : Math.max(0, Math.min(...ends) - this.#process.kernel.clock.now)
  }

  /** Whether it is the time for connecting that ends first, not that for the whole transfer. */
  get isForConnecting(): boolean {
    return (this.#connectDeadline ?? Number.POSITIVE_INFINITY) < (this.#deadline ?? Number.POSITIVE_INFINITY)
  }

  over(what: string): CurlError {
    return new CurlError(28, `${what} after ${this.#measures.elapsed + 1} milliseconds`)
  }
}

/** curl gives up connecting after five minutes when nothing else is said. */
const defaultConnectTimeout = 300_000
const foreverish = 1e9

/** What makes two requests share a connection. */
export function keyOf(url: CurlUrl): string {
  return `${url.scheme}://${url.host}:${url.port}`
}

const bindErrors = { EADDRINUSE: 98, EADDRNOTAVAIL: 99, EACCES: 13 } as const

const verifyCodes: Readonly<Record<string, number>> = {
  'certificate is not yet valid': 9,
  'certificate has expired': 10,
  'self-signed certificate': 18,
  'self-signed certificate in certificate chain': 19,
  'unable to get local issuer certificate': 20,
}

const messageSizes: Readonly<Record<string, number>> = {
  'Encrypted Extensions (8)': 25,
  'Certificate (11)': 1052,
  'CERT verify (15)': 264,
  'Finished (20)': 52,
}

const moreDetails = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`

/** `CN=x` as OpenSSL prints it for curl: `CN=x`, parts joined by `; `. */
function spaced(name: string): string {
  return name.replace(/,\s*/g, '; ')
}

/** `Mar  2 09:00:00 2026 GMT`. */
function certificateDate(time: number): string {
  const [, day = '', month = '', year = '', clock = ''] = new Date(time).toUTCString().split(/,? /)
  return `${month} ${String(Number(day)).padStart(2)} ${clock} ${year} GMT`
}
