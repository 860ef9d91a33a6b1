import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { type Certificate, decodeCertificates, matchingName, verifyChain } from '../../certificate.ts'
import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import type { TcpStream } from '../../tcp.ts'
import { connectTls, TlsError, type TlsStream } from '../../tls.ts'
import { CurlError } from './curlError.ts'
import type { CurlLog } from './log.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import type { Patience } from './patience.ts'
import type { CurlUrl } from './url.ts'

/** Where Debian keeps the authorities that everybody trusts. */
const defaultRoots = '/etc/ssl/certs/ca-certificates.crt'

/** Makes connections secret, and looks at the server's certificate. */
export class Security {
  readonly #process: Process
  readonly #arguments: CurlArguments
  readonly #log: CurlLog

  constructor(process: Process, options: CurlArguments, log: CurlLog) {
    this.#process = process
    this.#arguments = options
    this.#log = log
  }

  /** Speaks TLS on a fresh connection; throws `CurlError` when the certificate is not good enough. */
  async begin(tcp: TcpStream, url: CurlUrl, measures: Measures, patience: Patience): Promise<TlsStream> {
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
      // Alert 112: the server has nothing for the name (RFC 6066).
      if (error instanceof TlsError && error.received[1] === 112)
        throw new CurlError(35, 'error:0A000458:SSL routines::tlsv1 unrecognized name')
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
