import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { ByteReader, type ByteStream } from '../../byteStream.ts'
import type { Process } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import { connectTcp, type TcpStream } from '../../tcp.ts'
import { CurlError } from './curlError.ts'
import type { CurlLog } from './log.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import { Patience } from './patience.ts'
import { Security } from './security.ts'
import type { CurlUrl } from './url.ts'

/** An open connection that further requests to the same place may use. */
export interface OpenConnection {
  readonly number: number
  readonly key: string
  readonly tcp: TcpStream
  readonly stream: ByteStream
  readonly reader: ByteReader
}

/** Opens connections for one run of curl: names, TCP, TLS. */
export class Connector {
  readonly #process: Process
  readonly #arguments: CurlArguments
  readonly #log: CurlLog
  readonly #security: Security
  readonly #overrides = new Map<string, number[]>()
  #count = 0

  constructor(process: Process, options: CurlArguments, log: CurlLog) {
    this.#process = process
    this.#arguments = options
    this.#log = log
    this.#security = new Security(process, options, log)
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
      const stream = url.scheme === 'https' ? await this.#security.begin(tcp, url, measures, patience) : tcp
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
    const isReady = await this.#process.waitFor<true>(patience.left, wake => {
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
}

/** What makes two requests share a connection. */
export function keyOf(url: CurlUrl): string {
  return `${url.scheme}://${url.host}:${url.port}`
}

const bindErrors = { EADDRINUSE: 98, EADDRNOTAVAIL: 99, EACCES: 13 } as const
