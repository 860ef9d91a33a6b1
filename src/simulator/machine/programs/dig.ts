import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsTypes } from '../../network/dns.ts'
import { askDns, type DnsAnswer, DnsFailure } from '../dnsClient.ts'
import { dnsCodeName, dnsContentText, dnsTypeName, dnsTypeNumber } from '../dnsText.ts'
import type { Option, Process, Program } from '../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, reverseName, searchList } from '../resolver.ts'

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

/** What `+word` and `+noword` switch on and off. */
interface Flags {
  short: boolean
  cmd: boolean
  comments: boolean
  question: boolean
  answer: boolean
  authority: boolean
  additional: boolean
  stats: boolean
  search: boolean
  showsearch: boolean
  recurse: boolean
  tcp: boolean
  edns: boolean
  cookie: boolean
  dnssec: boolean
  ttlid: boolean
  class: boolean
  identify: boolean
  qr: boolean
  aaonly: boolean
  adflag: boolean
  cdflag: boolean
  multiline: boolean
}

interface Lookup {
  name: string
  type: number
  isTypeGiven: boolean
  flags: Flags
  tries: number
  /** Milliseconds. */
  timeout: number
  ndots: number | undefined
  domain: string | undefined
}

/** What ends `dig` at once: words on stderr and an exit status. */
class DigError extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

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

/** The command line: a server, options for all lookups, and the lookups. */
class CommandLine {
  readonly words: readonly string[]
  readonly lookups: Lookup[] = []
  server: string | undefined
  port = 53
  isVersionAsked = false
  readonly #process: Process
  #pending: Lookup

  constructor(process: Process) {
    this.#process = process
    this.words = process.argv.slice(1)
    this.#pending = this.#fresh(undefined)
    for (let i = 0; i < this.words.length; i++) i += this.#take(this.words[i]!, this.words[i + 1])
    if (this.lookups.length === 0) this.lookups.push({ ...this.#pending, name: '.', type: dnsTypes.NS })
  }

  #fresh(like: Lookup | undefined): Lookup {
    const settings = readResolverSettings(this.#process)
    return {
      name: '',
      type: dnsTypes.A,
      isTypeGiven: false,
      flags: like ? { ...like.flags } : defaultFlags(),
      tries: like?.tries ?? 3,
      timeout: like?.timeout ?? (settings.timeout || 5000),
      ndots: like?.ndots,
      domain: like?.domain,
    }
  }

  /** Gives how many further words were used. */
  #take(word: string, next: string | undefined): number {
    if (word.startsWith('@')) this.server = word.slice(1)
    else if (word.startsWith('+')) this.#plus(word.slice(1))
    else if (word.startsWith('-') && word.length > 1) return this.#dash(word, next)
    else {
      const type = dnsTypeNumber(word)
      const last = this.lookups.at(-1)
      if (/^(in|ch|hs)$/i.test(word)) return 0
      if (type !== undefined && last && !last.isTypeGiven) Object.assign(last, { type, isTypeGiven: true })
      else if (type !== undefined && !last) Object.assign(this.#pending, { type, isTypeGiven: true })
      else this.#ask(word)
    }
    return 0
  }

  /** Adds a lookup; what was said before any name holds for all. */
  #ask(name: string): void {
    const like = this.#pending
    const lookup = this.#fresh(like)
    if (this.lookups.length === 0 && like.isTypeGiven) Object.assign(lookup, { type: like.type, isTypeGiven: true })
    this.lookups.push({ ...lookup, name })
  }

  #dash(word: string, next: string | undefined): number {
    const letter = word[1]!
    const attached = word.slice(2)
    if (letter === '4') return 0
    if (letter === 'v') {
      this.isVersionAsked = true
      return 0
    }
    if (letter === 'h') throw new DigError(usage, 0)
    if (!'cpqtx'.includes(letter)) {
      if ('6abfikmruy'.includes(letter)) throw new DigError(`dig: option -${letter} is not simulated here`, 1)
      throw new DigError(`Invalid option: ${word}\n${usage}`, 1)
    }
    const value = attached !== '' ? attached : next
    if (value === undefined) throw new DigError(`Invalid option: ${word}\n${usage}`, 1)
    if (letter === 'p') this.port = Number(value)
    else if (letter === 'q') this.#ask(value)
    else if (letter === 'x') this.#reverse(value)
    else if (letter === 't') this.#type(value)
    return attached !== '' ? 0 : 1
  }

  #type(value: string): void {
    const type = dnsTypeNumber(value)
    // An unknown type is passed over with a warning.
    if (type === undefined) return
    const last = this.lookups.at(-1)
    Object.assign(last ?? this.#pending, { type, isTypeGiven: true })
  }

  #reverse(value: string): void {
    const address = parseIpv4(value)
    if (address === undefined) throw new DigError(`Invalid IP address ${value}`, 1)
    this.#ask(reverseName(address))
    Object.assign(this.lookups.at(-1)!, { type: dnsTypes.PTR, isTypeGiven: true })
  }

  #plus(word: string): void {
    const target = this.lookups.at(-1) ?? this.#pending
    const [key = '', value] = word.split('=')
    const isOn = !key.startsWith('no')
    const name = isOn ? key : key.slice(2)
    if (name === 'all') {
      for (const each of ['cmd', 'comments', 'question', 'answer', 'authority', 'additional', 'stats'] as const)
        target.flags[each] = isOn
      return
    }
    if (name === 'short') {
      target.flags.short = isOn
      if (isOn) for (const each of ['cmd', 'comments', 'stats'] as const) target.flags[each] = false
      return
    }
    const numeric = { time: 'timeout', timeout: 'timeout', tries: 'tries', retry: 'tries', ndots: 'ndots' }[name]
    if (numeric && value !== undefined && /^\d+$/.test(value)) {
      if (numeric === 'timeout') target.timeout = Math.max(1, Number(value)) * 1000
      else if (numeric === 'tries') target.tries = Math.max(1, Number(value) + (name === 'retry' ? 1 : 0))
      else Object.assign(target, { ndots: Number(value), flags: { ...target.flags, search: true } })
      return
    }
    if (name === 'domain' && value !== undefined) {
      target.domain = value
      target.flags.search = true
      return
    }
    if (name === 'bufsize' || name === 'ignore' || name === 'split' || name === 'fail' || name === 'badcookie') return
    const flag = flagCalled(name)
    if (!flag) throw new DigError(`Invalid option: +${word}\n${usage}`, 1)
    if (flag === 'missing') throw new DigError(`dig: option +${word} is not simulated here`, 1)
    target.flags[flag] = isOn
    if (flag === 'showsearch' && isOn) target.flags.search = true
  }
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

function defaultFlags(): Flags {
  return {
    short: false,
    cmd: true,
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
    search: false,
    showsearch: false,
    recurse: true,
    tcp: false,
    edns: true,
    cookie: true,
    dnssec: false,
    ttlid: true,
    class: true,
    identify: false,
    qr: false,
    aaonly: false,
    adflag: true,
    cdflag: false,
    multiline: false,
  }
}

/** Flags may be shortened; `missing` for those that only the real dig has. */
function flagCalled(name: string): keyof Flags | 'missing' | undefined {
  const flags = Object.keys(defaultFlags()) as (keyof Flags)[]
  const aliases: Readonly<Record<string, keyof Flags>> = { defname: 'search', vc: 'tcp', do: 'dnssec', cl: 'class' }
  const exact = flags.find(each => each === name) ?? aliases[name]
  if (exact) return exact
  if (
    /^(trace|nssearch|subnet|ednsopt|ednsflags|nsid|yaml|https|tls|idn|mapped|opcode|padding|expire|keepalive|crypto|rrcomments|ttlunits|unknownformat|zflag|besteffort|dns64prefix|expandaaaa|header-only|sit|topdown|sigchase|onesoa|multi|proxy)/.test(
      name,
    )
  )
    return 'missing'
  return name.length >= 3 ? flags.find(each => each.startsWith(name)) : undefined
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

function messageText(message: DnsMessage, flags: Flags, title: string): string {
  let text = flags.comments ? headText(message, title) : ''
  if (flags.comments) text += optText(message)
  if (flags.question) text += section('QUESTION', message.questions.map(questionLine), flags)
  const records = (list: readonly DnsRecord[]) =>
    list.filter(record => record.type !== dnsTypes.OPT).map(record => recordLine(record, flags))
  if (flags.answer) text += section('ANSWER', records(message.answers), flags)
  if (flags.authority) text += section('AUTHORITY', records(message.authorities), flags)
  if (flags.additional) text += section('ADDITIONAL', records(message.additionals), flags)
  return text
}

function headText(message: DnsMessage, title: string): string {
  const isLocal = message.questions.some(({ name }) => /(^|\.)local\.$/i.test(name))
  const bits: readonly [boolean, string][] = [
    [message.isResponse, 'qr'],
    [message.isAuthoritative, 'aa'],
    [message.isTruncated, 'tc'],
    [message.recursionDesired, 'rd'],
    [message.recursionAvailable, 'ra'],
    [message.authenticData, 'ad'],
    [message.checkingDisabled, 'cd'],
  ]
  const flags = bits.flatMap(([isSet, name]) => (isSet ? [` ${name}`] : [])).join('')
  const counts = `QUERY: ${message.questions.length}, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authorities.length}, ADDITIONAL: ${message.additionals.length}`
  const isRefused = message.isResponse && message.recursionDesired && !message.recursionAvailable
  return (
    `;; ${title}\n` +
    (isLocal
      ? ';; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n'
      : '') +
    `;; ->>HEADER<<- opcode: QUERY, status: ${dnsCodeName(message.code)}, id: ${message.id}\n` +
    `;; flags:${flags}; ${counts}\n` +
    `${isRefused ? ';; WARNING: recursion requested but not available\n' : ''}\n`
  )
}

function optText(message: DnsMessage): string {
  const opt = message.additionals.find(record => record.type === dnsTypes.OPT)
  if (opt?.content.kind !== 'OPT') return ''
  let text = `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:${opt.ttl & 0x8000 ? ' do' : ''}; udp: ${opt.class}\n`
  for (const { code, value } of opt.content.options) {
    if (code !== 10) continue
    const cookie = [...value].map(byte => byte.toString(16).padStart(2, '0')).join('')
    text += `; COOKIE: ${cookie}${message.isResponse ? (value.length === 8 ? ' (echoed)' : ' (good)') : ''}\n`
  }
  return text
}

function section(title: string, lines: readonly string[], flags: Flags): string {
  if (lines.length === 0) return ''
  if (!flags.comments) return `${lines.join('\n')}\n`
  return `;; ${title} SECTION:\n${lines.join('\n')}\n\n`
}

function questionLine({ name, type }: DnsMessage['questions'][number]): string {
  return `;${new Columns().put(name).put('IN', 32).put(dnsTypeName(type), 40).text}`
}

function recordLine(record: DnsRecord, flags: Flags): string {
  const columns = new Columns().put(record.name)
  let at = 24
  if (flags.ttlid) {
    columns.put(String(record.ttl), at)
    at += 8
  }
  if (flags.class) {
    columns.put('IN', at)
    at += 8
  }
  return columns.put(dnsTypeName(record.type), at).put(dnsContentText(record), at + 8).text
}

/** Words at columns that tabs lead to; where a word is too long, a blank stands (lib/dns/masterdump.c). */
class Columns {
  text = ''
  #column = 0

  put(word: string, column?: number): this {
    if (column !== undefined) {
      const to = Math.max(column, this.#column + 1)
      const tabs = Math.max(0, Math.floor(to / 8) - Math.floor(this.#column / 8))
      const from = tabs > 0 ? Math.floor(to / 8) * 8 : this.#column
      this.text += '\t'.repeat(tabs) + ' '.repeat(to - from)
      this.#column = to
    }
    this.text += word
    this.#column += word.length
    return this
  }
}

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options`
