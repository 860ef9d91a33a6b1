import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { ByteDecoder, bytesOf } from '../../bytes.ts'
import { HttpError, HttpHeaders, type HttpResponseHead } from '../../http.ts'
import { type HttpReply, requestHttp } from '../../httpClient.ts'
import type { Process, Writable } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import { TlsError } from '../../tls.ts'
import { parseWgetUrl, resolveLocation, type WgetUrl } from './url.ts'

/** What the command line asks for. */
export interface WgetPlan {
  readonly urls: readonly string[]
  readonly isQuiet: boolean
  readonly isBrief: boolean
  readonly output: string | undefined
  readonly prefix: string | undefined
  readonly showsServer: boolean
  readonly isSpider: boolean
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly tries: number
  readonly headers: readonly string[]
  readonly userAgent: string | undefined
  readonly method: string
  readonly body: string | undefined
  readonly login: string | undefined
  readonly maxRedirects: number
}

/** What keeps a file from being fetched, and whether another attempt could help. */
class Failure extends Error {
  readonly status: number
  readonly mayRetry: boolean
  constructor(status: number, mayRetry: boolean) {
    super('')
    this.status = status
    this.mayRetry = mayRetry
  }
}

/** wget as GNU has it. */
export class GnuWget {
  readonly #process: Process
  readonly #plan: WgetPlan
  #output: Writable | undefined

  constructor(process: Process, plan: WgetPlan) {
    this.#process = process
    this.#plan = plan
  }

  async run(): Promise<number> {
    let status = 0
    for (const text of this.#plan.urls) status = (await this.#fetch(text)) || status
    this.#output?.close()
    return status
  }

  async #say(text: string): Promise<void> {
    if (!this.#plan.isQuiet && !this.#plan.isBrief) await this.#process.stderr.write(text)
  }

  async #fetch(text: string): Promise<number> {
    let url = parseWgetUrl(text)
    if (!url) {
      await this.#process.stderr.write(`${text}: Unsupported scheme ‘${text.replace(/:.*/, '')}’.\n`)
      return 1
    }
    if (this.#plan.isSpider) await this.#say('Spider mode enabled. Check if remote file exists.\n')
    let redirects = 0
    for (let attempt = 1; ; ) {
      try {
        const next: WgetUrl | undefined = await this.#attempt(url, attempt)
        if (!next) return 0
        if (++redirects > this.#plan.maxRedirects) {
          await this.#say(`${this.#plan.maxRedirects} redirections exceeded.\n`)
          return 8
        }
        url = next
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        if (!error.mayRetry) return error.status
        if (attempt >= this.#plan.tries) {
          await this.#say('Giving up.\n\n')
          return error.status
        }
        await this.#say('Retrying.\n\n')
        // It waits a second longer before each further attempt, up to ten (retr.c).
        await this.#process.sleep(Math.min(attempt, 10) * 1000)
        attempt++
      }
    }
  }

  /** Gives the place to go on with when the server sends somewhere else. */
  async #attempt(url: WgetUrl, attempt: number): Promise<WgetUrl | undefined> {
    const again = attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : ''
    await this.#say(`--${stamp(this.#process)}--  ${again}${url.text}\n`)
    const address = await this.#resolve(url)
    const reply = await this.#connect(url, address)
    try {
      const { head } = reply
      await this.#say(`${head.status} ${head.reason}\n`)
      if (this.#plan.showsServer) await this.#process.stderr.write(serverLines(head))
      const location = head.headers.get('location')
      if (location !== undefined && [301, 302, 303, 307, 308].includes(head.status)) {
        await this.#say(`Location: ${location} [following]\n`)
        return resolveLocation(url, location)
      }
      if (head.status >= 400) {
        if (this.#plan.isSpider) await this.#say(`Remote file does not exist -- broken link!!!\n\n`)
        else {
          const line = `${stamp(this.#process)} ERROR ${head.status}: ${head.reason || '(no description)'}.\n`
          if (this.#plan.isBrief) await this.#process.stderr.write(`${url.text}:\n${line}`)
          else await this.#say(`${line}\n`)
        }
        throw new Failure(8, false)
      }
      if (this.#plan.isSpider) await this.#tellSpider(head)
      else await this.#save(url, reply)
      return undefined
    } finally {
      reply.close()
    }
  }

  async #resolve(url: WgetUrl): Promise<number> {
    const address = parseIpv4(url.host)
    if (address !== undefined) return address
    await this.#say(`Resolving ${url.host} (${url.host})... `)
    try {
      const { addresses } = await resolveHost(this.#process, url.host)
      await this.#say(`${addresses.map(formatIpv4).join(', ')}\n`)
      return addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      await this.#say(`failed: ${error.message}.\n`)
      if (!this.#plan.isQuiet) await this.#process.stderr.write(`wget: unable to resolve host address ‘${url.host}’\n`)
      throw new Failure(4, false)
    }
  }

  async #connect(url: WgetUrl, address: number): Promise<HttpReply> {
    const ip = formatIpv4(address)
    const named = url.host === ip ? `${ip}:${url.port}` : `${url.host} (${url.host})|${ip}|:${url.port}`
    await this.#say(`Connecting to ${named}... `)
    try {
      const reply = await requestHttp(this.#process, {
        address,
        port: url.port,
        ...(url.isSecure ? { tls: { serverName: parseIpv4(url.host) === undefined ? url.host : undefined } } : {}),
        method: this.#plan.isSpider ? 'HEAD' : this.#plan.method,
        target: url.target,
        headers: this.#headers(url),
        ...(this.#plan.body === undefined ? {} : { body: bytesOf(this.#plan.body) }),
        timeout: this.#plan.timeout,
      })
      await this.#say('connected.\nHTTP request sent, awaiting response... ')
      return reply
    } catch (error) {
      throw await this.#refused(error)
    }
  }

  async #refused(error: unknown): Promise<unknown> {
    if (error instanceof PatienceOver) {
      await this.#say('failed: Connection timed out.\n')
      return new Failure(4, true)
    }
    if (error instanceof SocketError) {
      await this.#say(`failed: ${socketErrorTexts[error.code]}.\n`)
      // A refusal or a missing route will not go away by itself (host.c, connect.c).
      return new Failure(4, error.code === 'ETIMEDOUT' || error.code === 'ECONNRESET')
    }
    if (error instanceof TlsError) {
      await this.#say('connected.\nUnable to establish SSL connection.\n')
      return new Failure(4, false)
    }
    if (error instanceof HttpError) {
      await this.#say('connected.\nHTTP request sent, awaiting response... No data received.\n')
      return new Failure(4, true)
    }
    return error
  }

  #headers(url: WgetUrl): HttpHeaders {
    const isDefaultPort = url.port === (url.isSecure ? 443 : 80)
    const headers = new HttpHeaders({
      Host: isDefaultPort ? url.host : `${url.host}:${url.port}`,
      'User-Agent': this.#plan.userAgent ?? 'Wget/1.21.3',
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      Connection: 'Keep-Alive',
    })
    const login = this.#plan.login ?? url.login
    if (login !== undefined) headers.append('Authorization', `Basic ${btoa(login)}`)
    if (this.#plan.body !== undefined) {
      headers.append('Content-Type', 'application/x-www-form-urlencoded')
      headers.append('Content-Length', String(bytesOf(this.#plan.body).length))
    }
    for (const line of this.#plan.headers) {
      const colon = line.indexOf(':')
      if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1).trim())
    }
    return headers
  }

  async #tellSpider(head: HttpResponseHead): Promise<void> {
    await this.#say(`${lengthLine(head)}\n`)
    const isPage = (head.headers.get('content-type') ?? '').startsWith('text/html')
    await this.#say(
      isPage
        ? 'Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n'
        : 'Remote file exists.\n\n',
    )
  }

  async #save(url: WgetUrl, reply: HttpReply): Promise<void> {
    const { output } = this.#plan
    const file = output ?? this.#freeName(url.file)
    const shown = output === '-' ? 'STDOUT' : file
    await this.#say(`${lengthLine(reply.head)}\nSaving to: ‘${shown}’\n\n`)
    if (output !== '-') this.#output ??= this.#process.openWrite(file)
    const total = reply.head.headers.get('content-length')
    const decoder = new ByteDecoder()
    let size = 0
    try {
      for await (const piece of reply.body) {
        size += piece.length
        await this.#put(decoder.push(piece))
      }
    } catch (error) {
      if (!(error instanceof SocketError || error instanceof PatienceOver || error instanceof HttpError)) throw error
      await this.#say(`${stamp(this.#process)} - Read error at byte ${size}/${total ?? size}. `)
      throw new Failure(4, true)
    }
    await this.#put(decoder.end())
    if (output === undefined) {
      this.#output?.close()
      this.#output = undefined
    }
    await this.#tellSaved(url, shown, size, total, output === '-')
  }

  async #put(text: string): Promise<void> {
    if (text === '') return
    if (this.#plan.output === '-') await this.#process.write(text)
    else await this.#output!.write(text)
  }

  async #tellSaved(
    url: WgetUrl,
    file: string,
    size: number,
    total: string | undefined,
    isStdout: boolean,
  ): Promise<void> {
    const speed = `${(0.1 + this.#process.kernel.random.fraction() * 80).toFixed(1)} MB/s`
    const progress = `${' '.repeat(5)}0K${' '.repeat(50)}`
    await this.#say(`${progress}${total === undefined ? '' : ' 100%'} ${speed.replace(' MB/s', 'M')}=0s\n\n`)
    const sizes = total === undefined ? String(size) : `${size}/${total}`
    const when = stamp(this.#process)
    await this.#say(`${when} (${speed}) - ${isStdout ? 'written to stdout' : `‘${file}’ saved`} [${sizes}]\n\n`)
    if (this.#plan.isBrief && !this.#plan.isQuiet)
      await this.#process.stderr.write(`${when} URL:${url.text} [${sizes}] -> "${isStdout ? '-' : file}" [1]\n`)
  }

  /** A file that exists is not overwritten: `index.html.1`. */
  #freeName(file: string): string {
    const path = this.#plan.prefix === undefined ? file : `${this.#plan.prefix}/${file}`
    if (this.#plan.prefix !== undefined)
      this.#process.files.mkdir(this.#process.path(this.#plan.prefix), { parents: true })
    if (!this.#process.files.exists(this.#process.path(path))) return path
    for (let i = 1; ; i++) if (!this.#process.files.exists(this.#process.path(`${path}.${i}`))) return `${path}.${i}`
  }
}

function lengthLine(head: HttpResponseHead): string {
  const length = head.headers.get('content-length')
  const type = head.headers.get('content-type')?.replace(/;.*/, '')
  const kind = type === undefined ? '' : ` [${type}]`
  if (length === undefined) return `Length: unspecified${kind}`
  const size = Number(length)
  const short = size >= 1_048_576 ? ` (${amount(size / 1_048_576)}M)` : size >= 1024 ? ` (${amount(size / 1024)}K)` : ''
  return `Length: ${length}${short}${kind}`
}

function amount(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value))
}

function serverLines(head: HttpResponseHead): string {
  let text = `  HTTP/${head.version} ${head.status} ${head.reason}\n`
  for (const [name, value] of head.headers) text += `  ${name}: ${value}\n`
  return text
}

/** `2026-03-02 09:00:00`. */
function stamp(process: Process): string {
  return new Date(process.machine.now()).toISOString().slice(0, 19).replace('T', ' ')
}
