import { bytesOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import type { Process, Program } from '../program.ts'
import { CurlError } from './curl/curlError.ts'
import type { Upload } from './curl/exchange.ts'
import { CurlLog } from './curl/log.ts'
import { Measures } from './curl/measures.ts'
import { type CurlArguments, CurlUsage, curlOptions, NotSimulated, parseCurlArguments } from './curl/options.ts'
import { Output } from './curl/output.ts'
import { fromFile, postData } from './curl/postData.ts'
import { ProgressMeter } from './curl/progress.ts'
import { Transfers } from './curl/transfer.ts'
import { type CurlUrl, expandUrl, parseCurlUrl, UrlError } from './curl/url.ts'
import { writeOut } from './curl/writeOut.ts'

const version = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.15 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13
Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u8
Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtmpe rtmps rtmpt rtmpte rtmpts rtsp scp sftp smb smbs smtp smtps telnet tftp
Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd
`

const hint = "curl: try 'curl --help' or 'curl --manual' for more information\n"

/** Options that `curl --help` lists without a category. */
const important = ['d', 'f', 'h', 'i', 'o', 'O', 's', 'T', 'u', 'A', 'v', 'V']

/** Transfers URLs. */
export const curl: Program = {
  name: 'curl',
  summary: 'transfer a URL',
  usage: '[options...] <url>',
  options: curlOptions,
  async run(process) {
    try {
      const options = parseCurlArguments(process.argv.slice(1))
      if (options.has('help')) return await help(process)
      if (options.has('version')) {
        await process.write(version)
        return 0
      }
      if (process.argv.length === 1) throw new CurlUsage('')
      if (options.urls.length === 0) throw new CurlUsage('no URL specified!')
      return await transferAll(process, options)
    } catch (error) {
      if (error instanceof CurlUsage) {
        await process.stderr.write((error.message === '' ? '' : `curl: ${error.message}\n`) + hint)
        return 2
      }
      if (error instanceof NotSimulated) return process.fail(`option ${error.message} is not simulated here`)
      throw error
    }
  },
}

async function transferAll(process: Process, options: CurlArguments): Promise<number> {
  const output = options.outputs[0]
  const showsBody = output === undefined && process.stdout.terminal !== undefined
  const log = new CurlLog(process, options.has('verbose'), showsBody)
  const transfers = new Transfers(process, options, log)
  let status = 0
  let number = 0
  try {
    await transfers.prepare()
  } catch (error) {
    if (error instanceof CurlError) return complain(process, options, error)
    throw error
  }
  for (const [order, text] of options.urls.entries()) {
    let urls: string[]
    try {
      urls = options.has('globoff') ? [text] : expandUrl(text)
    } catch (error) {
      if (!(error instanceof UrlError)) throw error
      status = await complain(process, options, new CurlError(error.status, error.message))
      continue
    }
    for (const url of urls) {
      const run = new Run(process, options, transfers, url, order, number++)
      status = await run.withRetries()
      if (status !== 0 && options.has('fail-early')) return status
    }
  }
  await transfers.writeCookies()
  return status
}

/** One URL of the command line: where it goes, what is said about it, whether it is tried again. */
class Run {
  readonly #process: Process
  readonly #options: CurlArguments
  readonly #transfers: Transfers
  readonly #text: string
  readonly #order: number
  readonly #number: number

  constructor(
    process: Process,
    options: CurlArguments,
    transfers: Transfers,
    text: string,
    order: number,
    number: number,
  ) {
    this.#process = process
    this.#options = options
    this.#transfers = transfers
    this.#text = text
    this.#order = order
    this.#number = number
  }

  /** Waits 1, 2, 4 … seconds between attempts, at most ten minutes (curl(1), --retry). */
  async withRetries(): Promise<number> {
    let left = this.#options.number('retry') ?? 0
    let pause = 1000
    const start = this.#process.kernel.clock.now
    const limit = this.#options.milliseconds('retry-max-time') || Number.POSITIVE_INFINITY
    for (;;) {
      const { status, problem } = await this.#once()
      if (!problem || left === 0) return status
      const delay = this.#options.milliseconds('retry-delay') || pause
      if (this.#process.kernel.clock.now - start + delay >= limit) return status
      if (!this.#options.has('silent')) {
        const seconds = Math.floor(delay / 1000)
        await this.#process.stderr.write(
          `Warning: Problem: ${problem}. Will retry in ${seconds} seconds. ${left} ${left === 1 ? 'retry' : 'retries'} \nWarning: left.\n`,
        )
      }
      await this.#process.sleep(delay)
      left--
      pause = Math.min(pause * 2, 600_000)
    }
  }

  async #once(): Promise<{ status: number; problem: string | undefined }> {
    const measures = new Measures(this.#process)
    const sink = new Output(this.#process, this.#options, this.#order, measures)
    const meter = new ProgressMeter(this.#process, this.#showsMeter(sink))
    let failure: CurlError | undefined
    try {
      const url = await this.#url()
      sink.open(url)
      await meter.show(measures, undefined)
      await this.#transfers.perform(url, await this.#upload(), sink, measures, meter)
      await sink.end()
      await meter.end()
      if (measures.status >= 400 && this.#options.has('fail-with-body'))
        failure = new CurlError(22, `The requested URL returned error: ${measures.status}`)
    } catch (error) {
      failure = asCurlError(error)
    } finally {
      sink.close()
    }
    if (failure) await complain(this.#process, this.#options, failure)
    await this.#writeOut(measures, failure)
    return { status: failure?.status ?? 0, problem: this.#problem(failure, measures) }
  }

  async #url(): Promise<CurlUrl> {
    const data = this.#options.has('get') ? await postData(this.#process, this.#options) : undefined
    const text = this.#text
    const joint = text.includes('?') ? '&' : '?'
    const bare = text.replace(/#.*$/, '')
    const whole =
      data === undefined ? text : `${/\/\/[^/]*$/.test(bare) || !bare.includes('/') ? `${bare}/` : bare}${joint}${data}`
    return parseCurlUrl(whole, this.#options.has('path-as-is'))
  }

  async #upload(): Promise<Upload | undefined> {
    const file = this.#options.get('upload-file')
    if (file !== undefined) {
      const text = file === '-' ? await this.#process.readAll() : this.#process.files.readText(this.#process.path(file))
      return { bytes: bytesOf(text), contentType: undefined }
    }
    if (this.#options.has('get')) return undefined
    const json = this.#options.all('json')
    if (json.length > 0) {
      let text = ''
      for (const each of json) text += await fromFile(this.#process, each, false)
      return { bytes: bytesOf(text), contentType: 'application/json' }
    }
    const data = await postData(this.#process, this.#options)
    return data === undefined ? undefined : { bytes: bytesOf(data), contentType: 'application/x-www-form-urlencoded' }
  }

  #showsMeter(sink: Output): boolean {
    if (this.#options.has('silent') || this.#options.has('no-progress-meter')) return false
    return !sink.isTerminal
  }

  async #writeOut(measures: Measures, failure: CurlError | undefined): Promise<void> {
    let format = this.#options.get('write-out')
    if (format === undefined) return
    if (format === '@-') format = await this.#process.readAll()
    else if (format.startsWith('@')) format = this.#process.files.readText(this.#process.path(format.slice(1)))
    const end = {
      status: failure?.status ?? 0,
      message: failure?.message.split('\n')[0] ?? '',
      url: this.#text,
      number: this.#number,
    }
    for (const piece of writeOut(format, measures, end)) {
      await (piece.to === 'stdout' ? this.#process.stdout : this.#process.stderr).write(piece.text)
    }
  }

  /** What makes another attempt worth while. */
  #problem(failure: CurlError | undefined, measures: Measures): string | undefined {
    if (failure && this.#options.has('retry-all-errors')) return '(retrying all errors)'
    if (failure?.status === 28 || failure?.status === 6) return 'timeout'
    if (failure?.status === 7 && this.#options.has('retry-connrefused')) return 'connection refused'
    if ([408, 429, 500, 502, 503, 504].includes(measures.status)) return 'HTTP error'
    return undefined
  }
}

async function complain(process: Process, options: CurlArguments, error: CurlError): Promise<number> {
  if (!options.has('silent') || options.has('show-error'))
    await process.stderr.write(`curl: (${error.status}) ${error.message}\n`)
  return error.status
}

function asCurlError(error: unknown): CurlError {
  if (error instanceof CurlError) return error
  if (error instanceof UrlError) return new CurlError(error.status, error.message)
  if (error instanceof FileError) return new CurlError(26, `Failed to open/read local data from file/application`)
  throw error
}

async function help(process: Process): Promise<number> {
  const at = process.argv.findIndex(word => word === '--help' || /^-[a-zA-Z]*h$/.test(word))
  const category = process.argv[at + 1]
  const shown = curlOptions.filter(
    option => category === 'all' || important.includes('short' in option ? option.short : ''),
  )
  let text = 'Usage: curl [options...] <url>\n'
  const flags = (option: (typeof curlOptions)[number]) =>
    `${'short' in option ? `-${option.short}, ` : '    '}--${option.long}${'value' in option ? ` <${option.value}>` : ''}`
  const width = Math.max(...shown.map(option => flags(option).length))
  for (const option of shown) text += ` ${flags(option).padEnd(width + 1)} ${option.help}\n`
  if (category !== 'all')
    text +=
      '\nThis is not the full help, this menu is stripped into categories.\n' +
      'Use "--help category" to get an overview of all categories.\n' +
      'For all options use the manual or "--help all".\n'
  await process.write(text)
  return 0
}
