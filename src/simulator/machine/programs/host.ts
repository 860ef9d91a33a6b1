import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsTypes } from '../../network/dns.ts'
import { askDns, DnsFailure } from '../dnsClient.ts'
import { dnsCodeName, dnsContentText, dnsTypeName, dnsTypeNumber } from '../dnsText.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, reverseName, searchList } from '../resolver.ts'

/** Asks for a name's addresses, mail servers and aliases in one line each. */
export const host = defineProgram({
  name: 'host',
  summary: 'DNS lookup utility',
  usage: '[-t type] [-W time] [-R number] hostname [server]',
  options: [
    { short: '4', help: 'use IPv4 query transport only' },
    { short: 't', value: 'type', help: 'specifies the query type' },
    { short: 'R', value: 'number', help: 'specifies number of retries for UDP packets' },
    { short: 'r', help: 'disables recursive processing' },
    { short: 'T', help: 'enables TCP/IP mode' },
    { short: 'W', value: 'time', help: 'specifies how long to wait for a reply' },
  ],
  notSimulated: '-6 -a -A -c -C -d -i -l -m -N -p -s -U -v -V -w',
  async run(process, args) {
    const [name, serverName] = args.operands
    if (name === undefined) {
      await process.stderr.write('Usage: host [-t type] [-W time] [-R number] [-rT] hostname [server]\n')
      return 1
    }
    const typeName = args.get('t')
    const type = typeName === undefined ? undefined : dnsTypeNumber(typeName)
    if (typeName !== undefined && type === undefined) return process.fail(`invalid type: ${typeName}\n`, 2)
    const settings = readResolverSettings(process)
    let server = settings.servers[0]!
    if (serverName !== undefined) {
      try {
        server = (await resolveHost(process, serverName, 4)).addresses[0]!
      } catch (error) {
        if (!(error instanceof ResolveError)) throw error
        return process.fail(`couldn't get address for '${serverName}': not found`)
      }
      await process.write(`Using domain server:\nName: ${serverName}\nAddress: ${formatIpv4(server)}#53\nAliases: \n\n`)
    }
    const inquiry = new Inquiry(process, server, {
      timeout: Number(args.get('W') ?? settings.timeout / 1000) * 1000,
      tries: Number(args.get('R') ?? 1) + 1,
      isTcp: args.has('T'),
      isRecursive: !args.has('r'),
    })
    const address = parseIpv4(name)
    if (address !== undefined && type === undefined) return inquiry.run([reverseName(address)], [dnsTypes.PTR])
    const types = type === undefined ? [dnsTypes.A, dnsTypes.AAAA, dnsTypes.MX] : [type]
    return inquiry.run(searchList(name, settings), types)
  },
})

interface InquiryOptions {
  readonly timeout: number
  readonly tries: number
  readonly isTcp: boolean
  readonly isRecursive: boolean
}

class Inquiry {
  readonly #process: Process
  readonly #server: number
  readonly #options: InquiryOptions

  constructor(process: Process, server: number, options: InquiryOptions) {
    this.#process = process
    this.#server = server
    this.#options = options
  }

  /** Asks for the first type under each name until one exists, and for the other types under that name. */
  async run(names: readonly string[], types: readonly number[]): Promise<number> {
    const [first = 0, ...others] = types
    for (const [i, name] of names.entries()) {
      const message = await this.#ask(name, first)
      if (!message) return 1
      if (message.code === 3 && i < names.length - 1) continue
      if (message.code !== 0) {
        await this.#process.write(`Host ${clean(name)} not found: ${message.code}(${dnsCodeName(message.code)})\n`)
        return 1
      }
      let count = await this.#tell(message.answers)
      for (const type of others) {
        const more = await this.#ask(name, type)
        count += await this.#tell(more?.answers.filter(record => record.type !== dnsTypes.CNAME) ?? [])
      }
      if (count === 0 && others.length === 0)
        await this.#process.write(`${clean(name)} has no ${dnsTypeName(first)} record\n`)
      return 0
    }
    return 1
  }

  async #ask(name: string, type: number): Promise<DnsMessage | undefined> {
    const query = dnsQuery(this.#process.kernel.random.below(65536), name, type, {
      recursionDesired: this.#options.isRecursive,
    })
    for (let attempt = 0; attempt < this.#options.tries; attempt++) {
      try {
        const { timeout, isTcp } = this.#options
        return (await askDns(this.#process, this.#server, query, { port: 53, timeout, isTcp })).message
      } catch (error) {
        if (!(error instanceof DnsFailure)) throw error
        await this.#process.write(`;; communications error to ${formatIpv4(this.#server)}#53: ${error.message}\n`)
        if (error.message !== 'timed out') break
      }
    }
    await this.#process.write(';; no servers could be reached\n')
    return undefined
  }

  async #tell(records: readonly DnsRecord[]): Promise<number> {
    for (const record of records) await this.#process.write(`${lineOf(record)}\n`)
    return records.length
  }
}

function lineOf(record: DnsRecord): string {
  const name = clean(record.name)
  const text = dnsContentText(record)
  switch (record.content.kind) {
    case 'A':
      return `${name} has address ${text}`
    case 'AAAA':
      return `${name} has IPv6 address ${text}`
    case 'CNAME':
      return `${name} is an alias for ${text}`
    case 'PTR':
      return `${name} domain name pointer ${text}`
    case 'MX':
      return `${name} mail is handled by ${text}`
    case 'NS':
      return `${name} name server ${text}`
    case 'TXT':
      return `${name} descriptive text ${text}`
    default:
      return `${name} has ${dnsTypeName(record.type)} record ${text}`
  }
}

function clean(name: string): string {
  return name.length > 1 ? name.replace(/\.$/, '') : name
}
