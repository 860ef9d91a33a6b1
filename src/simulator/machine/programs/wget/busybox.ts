import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { ByteDecoder, bytesOf } from '../../bytes.ts'
import { HttpError, HttpHeaders } from '../../http.ts'
import { type HttpReply, requestHttp } from '../../httpClient.ts'
import type { Process, Writable } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import { TlsError } from '../../tls.ts'
import type { WgetPlan } from './gnu.ts'
import { parseWgetUrl, resolveLocation, type WgetUrl } from './url.ts'

/** BusyBox' words for the end of everything. */
class Failure extends Error {}

/** wget as BusyBox has it. */
export class BusyboxWget {
  readonly #process: Process
  readonly #plan: WgetPlan

  constructor(process: Process, plan: WgetPlan) {
    this.#process = process
    this.#plan = plan
  }

  async run(): Promise<number> {
    try {
      for (const text of this.#plan.urls) await this.#fetch(text)
      return 0
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return this.#process.fail(error.message)
    }
  }

  async #say(text: string): Promise<void> {
    if (!this.#plan.isQuiet) await this.#process.stderr.write(text)
  }

  async #fetch(text: string): Promise<void> {
    let url = parseWgetUrl(text)
    if (!url) throw new Failure(`not an http or ftp url: ${text}`)
    for (let redirects = 0; ; redirects++) {
      if (redirects > 5) throw new Failure('too many redirections')
      const reply = await this.#open(url)
      const { head } = reply
      if (this.#plan.showsServer) {
        await this.#process.stderr.write(`  HTTP/${head.version} ${head.status} ${head.reason}\n`)
        for (const [name, value] of head.headers) await this.#process.stderr.write(`  ${name}: ${value}\n`)
        await this.#process.stderr.write('  \n')
      }
      const location = head.headers.get('location')
      if (location !== undefined && head.status >= 300 && head.status < 400) {
        reply.close()
        url = resolveLocation(url, location)
        if (!url) throw new Failure(`not an http or ftp url: ${location}`)
        continue
      }
      if (head.status !== 200 && head.status !== 204 && head.status !== 206) {
        reply.close()
        throw new Failure(`server returned error: HTTP/${head.version} ${head.status} ${head.reason}`)
      }
      try {
        if (this.#plan.isSpider) await this.#say('remote file exists\n')
        else await this.#save(url, reply)
      } finally {
        reply.close()
      }
      return
    }
  }

  async #open(url: WgetUrl): Promise<HttpReply> {
    let address = parseIpv4(url.host)
    if (address === undefined) {
      try {
        address = (await resolveHost(this.#process, url.host)).addresses[0]!
      } catch (error) {
        if (!(error instanceof ResolveError)) throw error
        throw new Failure(`bad address '${url.host}'`)
      }
    }
    await this.#say(`Connecting to ${url.host} (${formatIpv4(address)}:${url.port})\n`)
    try {
      return await requestHttp(this.#process, {
        address,
        port: url.port,
        ...(url.isSecure ? { tls: { serverName: parseIpv4(url.host) === undefined ? url.host : undefined } } : {}),
        method: this.#plan.isSpider ? 'HEAD' : this.#plan.method,
        target: url.target,
        headers: this.#headers(url),
        ...(this.#plan.body === undefined ? {} : { body: bytesOf(this.#plan.body) }),
        // BusyBox waits 900 seconds for the network when nothing else is said.
        timeout: this.#plan.timeout ?? 900_000,
      })
    } catch (error) {
      if (error instanceof PatienceOver) throw new Failure('download timed out')
      if (error instanceof SocketError)
        throw new Failure(`can't connect to remote host (${formatIpv4(address)}): ${socketErrorTexts[error.code]}`)
      if (error instanceof HttpError) throw new Failure('error getting response')
      if (error instanceof TlsError) throw new Failure('error getting response')
      throw error
    }
  }

  #headers(url: WgetUrl): HttpHeaders {
    const isDefaultPort = url.port === (url.isSecure ? 443 : 80)
    const headers = new HttpHeaders({
      Host: isDefaultPort ? url.host : `${url.host}:${url.port}`,
      'User-Agent': this.#plan.userAgent ?? 'Wget',
      Connection: 'close',
    })
    if (url.login !== undefined) headers.append('Authorization', `Basic ${btoa(url.login)}`)
    for (const line of this.#plan.headers) {
      const colon = line.indexOf(':')
      if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1).trim())
    }
    if (this.#plan.body !== undefined) {
      if (!headers.has('content-type')) headers.append('Content-Type', 'application/x-www-form-urlencoded')
      headers.append('Content-Length', String(bytesOf(this.#plan.body).length))
    }
    return headers
  }

  async #save(url: WgetUrl, reply: HttpReply): Promise<void> {
    const { output } = this.#plan
    const isStdout = output === '-'
    const file = output ?? (this.#plan.prefix === undefined ? url.file : `${this.#plan.prefix}/${url.file}`)
    if (output === undefined && this.#process.files.exists(this.#process.path(file)))
      throw new Failure(`can't open '${file}': File exists`)
    const writer: Writable | undefined = isStdout ? undefined : this.#process.openWrite(file)
    await this.#say(isStdout ? 'writing to stdout\n' : `saving to '${file}'\n`)
    const decoder = new ByteDecoder()
    let size = 0
    const put = (text: string) => (text === '' ? Promise.resolve() : (writer ?? this.#process.stdout).write(text))
    try {
      for await (const piece of reply.body) {
        size += piece.length
        await put(decoder.push(piece))
      }
      await put(decoder.end())
    } catch (error) {
      if (error instanceof PatienceOver) throw new Failure('download timed out')
      if (error instanceof SocketError || error instanceof HttpError) throw new Failure('connection closed prematurely')
      throw error
    } finally {
      writer?.close()
    }
    const name = (isStdout ? '-' : file.replace(/^.*\//, '')).slice(0, 20).padEnd(20)
    await this.#say(`${name} 100% |${'*'.repeat(32)}| ${amount(size)}  0:00:00 ETA\n`)
    await this.#say(isStdout ? 'written to stdout\n' : `'${file}' saved\n`)
  }
}

/** Five columns: `  615`, `12345`, ` 120k`. */
function amount(size: number): string {
  if (size < 100_000) return String(size).padStart(5)
  if (size < 100_000 * 1024) return `${Math.floor(size / 1024)}k`.padStart(5)
  return `${Math.floor(size / 1_048_576)}M`.padStart(5)
}
