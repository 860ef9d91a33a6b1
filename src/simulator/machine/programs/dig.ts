import { formatIpv4 } from '../../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsTypes } from '../../network/dns.ts'
import { askDns, type DnsAnswer, DnsFailure } from '../dnsClient.ts'
import { dnsContentText } from '../dnsText.ts'
import type { Option, Process, Program } from '../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, searchList } from '../resolver.ts'
import { CommandLine, DigError, type Lookup } from './dig/commandLine.ts'
import { messageText } from './dig/message.ts'

const version = '9.18.28-1~deb12u2-Debian'

const options: readonly Option[] = [
  { short: '4', help: 'use IPv4 only' },
  { short: 'c', value: 'class', help: 'the class of the question: IN' },
  { short: 'h', help: 'print help and exit' },
  { short: 'p', value: 'port', help: 'the port of the server' },
  { short: 'q', value: 'name', help: 'the name to ask for' },
  { short: 't', value: 'type', help: 'the type of the question' },
  { short: 'v', help: 'print version and exit' },
  { short: 'x', value: 'address', help: 'shortcut for reverse lookups' },
]

/** Asks a name server and shows its whole answer. */
export const dig: Program = {
  name: 'dig',
  summary: 'DNS lookup utility',
  usage: '[@global-server] [domain] [q-type] [q-class] {q-opt} {global-d-opt}',
  options,
  async run(process) {
    try {
      const command = new CommandLine(process)
      if (command.isVersionAsked) {
        await process.stderr.write(`DiG ${version}\n`)
        return 0
      }
      return await new Session(process, command).run()
    } catch (error) {
      if (!(error instanceof DigError)) throw error
      await process.stderr.write(`${error.message}\n`)
      return error.status
    }
  },
}

/** Sends the questions and prints what comes back. */
class Session {
  readonly #process: Process
  readonly #command: CommandLine
  #isHeadDue = true

  constructor(process: Process, command: CommandLine) {
    this.#process = process
    this.#command = command
  }

  async run(): Promise<number> {
    const servers = await this.#servers()
    let status = 0
    for (const lookup of this.#command.lookups) {
      const settings = readResolverSettings(this.#process)
      const search = lookup.domain === undefined ? settings.search : [lookup.domain]
      const names = lookup.flags.search
        ? searchList(lookup.name, { ...settings, search, ndots: lookup.ndots ?? settings.ndots })
        : [lookup.name.endsWith('.') ? lookup.name : `${lookup.name}.`]
      for (const [i, name] of names.entries()) {
        const found = await this.#look(lookup, name, servers, i === names.length - 1)
        if (found === 'failed') status = 9
        if (found !== 'try the next name') break
      }
    }
    return status
  }

  async #servers(): Promise<readonly { address: number; shown: string }[]> {
    const { server } = this.#command
    if (server === undefined)
      return readResolverSettings(this.#process).servers.map(address => ({ address, shown: formatIpv4(address) }))
    try {
      const { addresses } = await resolveHost(this.#process, server, 4)
      return addresses.map(address => ({ address, shown: server }))
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      throw new DigError(`dig: couldn't get address for '${server}': not found`, 10)
    }
  }

  async #look(
    lookup: Lookup,
    name: string,
    servers: readonly { address: number; shown: string }[],
    isLast: boolean,
  ): Promise<'done' | 'failed' | 'try the next name'> {
    const { flags } = lookup
    const query = questionOf(this.#process, lookup, name)
    for (let attempt = 0; attempt < lookup.tries; attempt++) {
      let isSilent = false
      for (const server of servers) {
        try {
          const exchange = { port: this.#command.port, timeout: lookup.timeout, isTcp: flags.tcp }
          const answer = await askDns(this.#process, server.address, query, exchange)
          const goesOn = answer.message.code === 3
          if (flags.search && goesOn && !isLast) {
            if (flags.showsearch) await this.#print(lookup, query, answer, server)
            return 'try the next name'
          }
          await this.#print(lookup, query, answer, server)
          return 'done'
        } catch (error) {
          if (!(error instanceof DnsFailure)) throw error
          if (error.message === 'timed out') isSilent = true
          const place = `${formatIpv4(server.address)}#${this.#command.port}`
          await this.#process.write(`;; communications error to ${place}: ${error.message}\n`)
        }
      }
      if (!isSilent) break
    }
    await this.#head(lookup)
    await this.#process.write(';; no servers could be reached\n')
    return 'failed'
  }

  /** The line that repeats the command, once. */
  async #head(lookup: Lookup): Promise<void> {
    if (!this.#isHeadDue) return
    this.#isHeadDue = false
    if (!lookup.flags.cmd || lookup.flags.short) return
    const found = this.#command.server === undefined ? '' : '; (1 server found)\n'
    await this.#process.write(
      `\n; <<>> DiG ${version} <<>> ${this.#command.words.join(' ')}\n${found};; global options: +cmd\n`,
    )
  }

  async #print(
    lookup: Lookup,
    query: DnsMessage,
    answer: DnsAnswer,
    server: { address: number; shown: string },
  ): Promise<void> {
    await this.#head(lookup)
    const { flags } = lookup
    const { message } = answer
    if (flags.short) {
      for (const record of message.answers)
        await this.#process.write(`${dnsContentText(record)}${this.#identity(lookup, server, answer)}\n`)
      return
    }
    let text = flags.qr ? messageText(query, flags, 'Sending:') : ''
    text += messageText(message, flags, 'Got answer:')
    if (flags.stats) text += this.#stats(lookup, answer, server)
    await this.#process.write(text)
  }

  #identity(lookup: Lookup, server: { address: number }, answer: DnsAnswer): string {
    return lookup.flags.identify ? ` from server ${formatIpv4(server.address)} in ${answer.time} ms.` : ''
  }

  #stats(lookup: Lookup, answer: DnsAnswer, server: { address: number; shown: string }): string {
    const [day = '', date = '', month = '', year = '', clock = ''] = new Date(this.#process.machine.now())
      .toUTCString()
      .split(/,? /)
    return (
      `;; Query time: ${answer.time} msec\n` +
      `;; SERVER: ${formatIpv4(server.address)}#${this.#command.port}(${server.shown}) (${lookup.flags.tcp ? 'TCP' : 'UDP'})\n` +
      `;; WHEN: ${day} ${month} ${date} ${clock} UTC ${year}\n` +
      `;; MSG SIZE  rcvd: ${answer.length}\n\n`
    )
  }
}

function questionOf(process: Process, lookup: Lookup, name: string): DnsMessage {
  const { random } = process.kernel
  const { flags } = lookup
  const cookie = Uint8Array.from({ length: 8 }, () => random.below(256))
  const opt: DnsRecord = {
    name: '.',
    type: dnsTypes.OPT,
    class: 1232,
    ttl: flags.dnssec ? 0x8000 : 0,
    content: { kind: 'OPT', options: flags.cookie ? [{ code: 10, value: cookie }] : [] },
  }
  return dnsQuery(random.below(65536), name, lookup.type, {
    recursionDesired: flags.recurse,
    authenticData: flags.adflag,
    checkingDisabled: flags.cdflag,
    isAuthoritative: flags.aaonly,
    additionals: flags.edns ? [opt] : [],
  })
}
