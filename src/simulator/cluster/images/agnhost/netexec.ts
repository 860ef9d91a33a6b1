import { bytesOf, textOf } from '../../../machine/bytes.ts'
import { glogLine } from '../../../machine/glog.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { serveSctp } from '../../../machine/sctp.ts'
import { TextSink } from '../../../machine/streams.ts'
import { openUdp } from '../../../machine/udp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { dial } from './dial.ts'
import { readFlags, type Subcommand } from './subcommand.ts'

/** Answers over HTTP and UDP: who it is, who asked, what it was told. */
export const netexec: Subcommand = {
  name: 'netexec',
  summary: 'Creates HTTP(S), UDP, and (optionally) SCTP servers with various endpoints',
  async run(process, words) {
    const { flags } = readFlags(words, {
      'http-port': '8080',
      'http-override': '',
      'udp-port': '8081',
      'udp-listen-addresses': '',
      'sctp-port': '-1',
      'tls-cert-file': '',
      'tls-private-key-file': '',
      'delay-shutdown': '0',
    })
    const log = (text: string) => process.stderr.write(glogLine(process, 'log.go:244', text))
    if (flags['tls-cert-file'] !== '') {
      await process.stderr.write('agnhost netexec with TLS is not simulated here\n')
      return 1
    }
    if (Number(flags['sctp-port']) > 0) {
      const taken = await listenSctp(process, Number(flags['sctp-port']), log)
      if (taken !== undefined) return taken
    }
    if (Number(flags['udp-port']) > 0) {
      const taken = await serveUdp(process, Number(flags['udp-port']), log)
      if (taken !== undefined) return taken
    }
    const server = new Netexec(process, log, flags['http-override'])
    await log(`Started HTTP server on port ${flags['http-port']}`)
    try {
      serveHttp(process, Number(flags['http-port']), request => server.answer(request), { isDualStack: true })
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      await log(`listen tcp :${flags['http-port']}: bind: ${bindReason(error)}`)
      return 1
    }
    await untilAsked(process)
    if (Number(flags['delay-shutdown']) > 0) await process.sleep(Number(flags['delay-shutdown']) * 1000)
    return 0
  },
}

/** What netexec answers at each of its paths. */
class Netexec {
  readonly #process: Process
  readonly #log: (text: string) => Promise<void>
  readonly #override: string
  readonly #startedAt: number

  constructor(process: Process, log: (text: string) => Promise<void>, override: string) {
    this.#process = process
    this.#log = log
    this.#override = override
    this.#startedAt = process.kernel.clock.now
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const [asked = '/', text = ''] = request.target.split('?')
    const query = parseQuery(text)
    const path = this.#override || asked
    switch (path) {
      case '/':
        await this.#log(`GET /`)
        return plain(`NOW: ${this.#now()}`)
      case '/hostname':
      case '/hostName':
        await this.#log(`GET ${path}`)
        return plain(this.#process.machine.hostname)
      case '/clientip':
        await this.#log('GET /clientip')
        return plain(`${formatIpv4(request.remote.address)}:${request.remote.port}`)
      case '/echo':
        await this.#log(`GET /echo?msg=${query.get('msg') ?? ''}`)
        return this.#echo(query)
      case '/header': {
        const key = query.get('key') ?? ''
        await this.#log(`GET /header?key=${key}`)
        return plain(request.headers.get(key) ?? '')
      }
      case '/healthz':
        return plain('')
      case '/dial':
        await this.#log(`GET ${request.target}`)
        return plain(await dial(this.#process, query))
      case '/shell':
        return this.#shell(query)
      case '/exit':
        return this.#exit(query)
      case '/redirect': {
        const location = query.get('location') ?? ''
        const code = Number(query.get('code') ?? 302)
        await this.#log(`redirect to ${location} with code ${code}`)
        return { status: code, headers: { Location: location }, body: '' }
      }
      case '/shutdown':
        this.#process.kernel.clock.after(1, () => this.#process.kill('SIGTERM'))
        return plain('')
      case '/upload':
        return { status: 501, body: '{"error":"upload is not simulated here"}' }
    }
    return {
      status: 404,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
      body: '404 page not found\n',
    }
  }

  #echo(query: ReadonlyMap<string, string>): HttpAnswer {
    const code = Number(query.get('code') || 200)
    return { ...plain(query.get('msg') ?? ''), status: Number.isInteger(code) && code >= 100 ? code : 200 }
  }

  async #shell(query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const command = query.get('shellCommand') ?? query.get('cmd') ?? ''
    await this.#log(`GET /shell?cmd=${command}`)
    let output = ''
    const sink = new TextSink(text => {
      output += text
    })
    const status = await this.#process.call(['/bin/sh', '-c', command], { stdout: sink, stderr: sink })
    const answer = { ...(output === '' ? {} : { output }), ...(status === 0 ? {} : { error: `exit status ${status}` }) }
    return plain(JSON.stringify(answer))
  }

  #exit(query: ReadonlyMap<string, string>): HttpAnswer {
    this.#process.kernel.clock.after(Number(query.get('wait') ?? 0) * 1000 + 1, () => this.#process.kill('SIGKILL'))
    return plain('')
  }

  /** The time as Go prints it, with the seconds since the start. */
  #now(): string {
    const { machine, kernel } = this.#process
    const time = new Date(machine.now()).toISOString().replace('T', ' ').replace('Z', '000000')
    return `${time} +0000 UTC m=+${((kernel.clock.now - this.#startedAt) / 1000).toFixed(9)}`
  }
}

async function serveUdp(
  process: Process,
  port: number,
  log: (text: string) => Promise<void>,
): Promise<number | undefined> {
  try {
    const socket = openUdp(process, { port, isDualStack: true })
    await log(`Started UDP server on port  ${port}`)
    process.thread(async () => {
      for (;;) {
        const datagram = await socket.next()
        if (!datagram || 'code' in datagram) continue
        const { source } = datagram
        const text = textOf(datagram.bytes).trim()
        const answer = udpAnswer(process, text, source)
        await log(`UDP: Sending response "${answer}" to ${formatIpv4(source.address)}:${source.port}`)
        if (answer !== undefined) socket.send(bytesOf(answer), source.address, source.port)
      }
    })
    return undefined
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    await log(`listen udp :${port}: bind: ${bindReason(error)}`)
    return 1
  }
}

async function listenSctp(
  process: Process,
  port: number,
  log: (text: string) => Promise<void>,
): Promise<number | undefined> {
  try {
    serveSctp(process, port, association => {
      association.onMessage = bytes => {
        const answer = udpAnswer(process, textOf(bytes).trim(), association.remote)
        if (answer !== undefined) association.send(bytesOf(answer))
      }
    })
    await log(`Started SCTP server on port  ${port}`)
    return undefined
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    await log(`listen sctp :${port}: bind: ${bindReason(error)}`)
    return 1
  }
}

function udpAnswer(process: Process, text: string, source: { address: number; port: number }): string | undefined {
  const [word = '', ...rest] = text.split(' ')
  if (word.toLowerCase() === 'hostname') return process.machine.hostname
  if (word === 'clientip') return `${formatIpv4(source.address)}:${source.port}`
  return word.toLowerCase() === 'echo' ? rest.join(' ') : undefined
}

function plain(body: string): HttpAnswer {
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

function parseQuery(text: string): Map<string, string> {
  const pairs = text.split('&').filter(pair => pair !== '')
  return new Map(
    pairs.map(pair => {
      const [key = '', ...value] = pair.split('=')
      return [decode(key), decode(value.join('='))]
    }),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function bindReason(error: SocketError): string {
  return error.code === 'EADDRINUSE'
    ? 'address already in use'
    : error.code === 'EACCES'
      ? 'permission denied'
      : 'cannot assign requested address'
}
