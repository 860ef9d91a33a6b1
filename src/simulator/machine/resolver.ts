import { formatIpv4, parseIpv4 } from '../network/address.ts'
import { type DnsMessage, type DnsRecord, decodeDns, dnsCodes, dnsTypes, encodeDns } from '../network/dns.ts'
import { SocketError } from '../network/socketError.ts'
import { FileError } from './fileError.ts'
import type { Process } from './program.ts'
import { openUdp, type UdpPort } from './udp.ts'

/** What /etc/resolv.conf says. */
export interface ResolverSettings {
  readonly servers: readonly number[]
  readonly search: readonly string[]
  readonly ndots: number
  /** Milliseconds before a question is asked again. */
  readonly timeout: number
  readonly attempts: number
}

/** What a name stands for. */
export interface HostEntry {
  /** The full name: the last one of a chain of aliases. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly addresses: readonly number[]
}

/** Why a name was not resolved, by getaddrinfo's names. */
export type ResolveErrorCode = 'EAI_NONAME' | 'EAI_AGAIN' | 'EAI_NODATA' | 'EAI_FAIL'

/** The words of getaddrinfo in glibc. */
const glibcTexts: Readonly<Record<ResolveErrorCode, string>> = {
  EAI_NONAME: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_NODATA: 'No address associated with hostname',
  EAI_FAIL: 'Non-recoverable failure in name resolution',
}

/** The words of getaddrinfo in musl. */
const muslTexts: Readonly<Record<ResolveErrorCode, string>> = {
  EAI_NONAME: 'Name does not resolve',
  EAI_AGAIN: 'Try again',
  EAI_NODATA: 'Name has no usable address',
  EAI_FAIL: 'Unrecoverable error',
}

/** A name that was not resolved; the message is the C library's. */
export class ResolveError extends Error {
  readonly code: ResolveErrorCode
  constructor(code: ResolveErrorCode, isMusl: boolean) {
    super((isMusl ? muslTexts : glibcTexts)[code])
    this.code = code
  }
}

/** Whether the machine's C library is musl, as in Alpine: it asks all servers at once and stops searching earlier. */
export function usesMusl(process: Process): boolean {
  return process.files.exists('/etc/alpine-release')
}

/** Reads /etc/resolv.conf with the C library's defaults: the machine itself, ndots 1, 5 seconds, twice. */
export function readResolverSettings(process: Process): ResolverSettings {
  const servers: number[] = []
  let search: string[] = []
  const options = new Map<string, number>()
  for (const line of readLines(process, '/etc/resolv.conf')) {
    const [key, ...words] = line.trim().split(/\s+/)
    if (key === 'nameserver' && servers.length < 3) {
      const address = parseIpv4(words[0] ?? '')
      // Simplified: name servers with IPv6 addresses are passed over.
      if (address !== undefined) servers.push(address)
    } else if (key === 'search') search = words
    else if (key === 'domain') search = words.slice(0, 1)
    else if (key === 'options') {
      for (const word of words) {
        const [name = '', value] = word.split(':')
        options.set(name, value === undefined ? 1 : Number(value))
      }
    }
  }
  return {
    servers: servers.length > 0 ? servers : [0x7f000001],
    search: search.map(domain => domain.replace(/\.$/, '')),
    ndots: Math.min(options.get('ndots') ?? 1, 15),
    timeout: Math.min(options.get('timeout') ?? 5, 30) * 1000,
    attempts: Math.min(options.get('attempts') ?? 2, 5),
  }
}

/** Looks a name up as `getaddrinfo` does: addresses in text, then the sources that /etc/nsswitch.conf names. */
export async function resolveHost(process: Process, name: string, family: 4 | 6 | 'any' = 'any'): Promise<HostEntry> {
  const isMusl = usesMusl(process)
  const address = parseAddress(name)
  if (address !== undefined) {
    if (family === 6) throw new ResolveError('EAI_NONAME', isMusl)
    return { name, aliases: [], addresses: [address] }
  }
  // Simplified: there is no IPv6, so a name with nothing but IPv6 addresses has none.
  if (name.includes(':') || !isHostName(name)) throw new ResolveError('EAI_NONAME', isMusl)
  for (const source of hostSources(process, isMusl)) {
    const entry = source === 'files' ? findInHosts(process, name) : await searchDns(process, name, family, isMusl)
    if (entry && family !== 6) return entry
    if (source === 'dns') break
  }
  throw new ResolveError('EAI_NONAME', isMusl)
}

/** The name that belongs to an address, from /etc/hosts and then the DNS. */
export async function resolveAddress(process: Process, address: number): Promise<HostEntry | undefined> {
  for (const source of hostSources(process, usesMusl(process))) {
    if (source === 'files') {
      const entry = hostsEntries(process).find(each => each.addresses.includes(address))
      if (entry) return entry
      continue
    }
    const question = { name: reverseName(address), type: dnsTypes.PTR }
    const answers = await askServers(process, readResolverSettings(process), [question])
    if (typeof answers === 'string') continue
    const names = answers.flatMap(answer =>
      answer.answers.flatMap(({ content }) => (content.kind === 'PTR' ? [content.name.replace(/\.$/, '')] : [])),
    )
    if (names[0]) return { name: names[0], aliases: names.slice(1), addresses: [address] }
  }
  return undefined
}

/** The entry of /etc/hosts that has a name. */
function findInHosts(process: Process, name: string): HostEntry | undefined {
  const wanted = name.toLowerCase().replace(/\.$/, '')
  const entries = hostsEntries(process).filter(entry =>
    [entry.name, ...entry.aliases].some(each => each.toLowerCase() === wanted),
  )
  const first = entries[0]
  return first && { ...first, addresses: entries.flatMap(entry => entry.addresses) }
}

/** `1.2.3.4` as `4.3.2.1.in-addr.arpa.`. */
export function reverseName(address: number): string {
  return `${[0, 8, 16, 24].map(shift => (address >>> shift) & 255).join('.')}.in-addr.arpa.`
}

/** A question, ready to be sent. */
export function dnsQuery(id: number, name: string, type: number, changes: Partial<DnsMessage> = {}): DnsMessage {
  return {
    id,
    isResponse: false,
    opcode: 0,
    isAuthoritative: false,
    isTruncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: false,
    code: 0,
    questions: [{ name, type, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
    ...changes,
  }
}

/** The names that are tried for one name, in order; the C libraries differ in when they stop (resolv.conf(5)). */
export function searchList(name: string, settings: ResolverSettings, isMusl = false): string[] {
  if (name.endsWith('.')) return [name]
  const dots = name.split('.').length - 1
  const searched = settings.search.filter(domain => domain !== '').map(domain => `${name}.${domain}.`)
  if (isMusl) return dots >= settings.ndots ? [`${name}.`] : [...searched, `${name}.`]
  return dots >= settings.ndots ? [`${name}.`, ...searched] : [...searched, `${name}.`]
}

/** Waits for an answer with the right id; undefined after the time-out. Throws `SocketError` for ICMP errors. */
export async function receiveAnswer(
  process: Process,
  port: UdpPort,
  ids: readonly number[],
  timeout: number,
): Promise<{ readonly message: DnsMessage; readonly length: number } | undefined> {
  const end = process.kernel.clock.now + timeout
  for (;;) {
    const left = end - process.kernel.clock.now
    if (left <= 0) return undefined
    const datagram = await port.receive(left)
    if (!datagram) return undefined
    const message = decodeDns(datagram.bytes)
    if (message?.isResponse && ids.includes(message.id)) return { message, length: datagram.bytes.length }
  }
}

async function searchDns(
  process: Process,
  name: string,
  family: 4 | 6 | 'any',
  isMusl: boolean,
): Promise<HostEntry | undefined> {
  const settings = readResolverSettings(process)
  const types = family === 4 ? [dnsTypes.A] : family === 6 ? [dnsTypes.AAAA] : [dnsTypes.A, dnsTypes.AAAA]
  let failure: ResolveErrorCode = 'EAI_NONAME'
  const candidates = searchList(name, settings, isMusl)
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i]!
    const questions = types.map(type => ({ name: candidate, type }))
    const answers = await askServers(process, settings, questions, isMusl)
    if (typeof answers === 'string') {
      if (isMusl || answers === 'refused') throw new ResolveError('EAI_AGAIN', isMusl)
      // After a time-out glibc leaves the search path and asks for the name as it stands (resolv/res_query.c).
      failure = 'EAI_AGAIN'
      i = Math.max(i, candidates.length - 2)
      continue
    }
    const entry = entryOf(candidate, answers)
    if (entry) return entry
    if (answers.some(answer => answer.code === dnsCodes.SERVFAIL)) failure = 'EAI_AGAIN'
    else if (failure === 'EAI_NONAME' && answers.some(answer => answer.code === dnsCodes.NOERROR))
      failure = 'EAI_NODATA'
    // musl takes an existing name without addresses for the final answer; glibc searches on.
    if (isMusl && failure !== 'EAI_NONAME') break
  }
  throw new ResolveError(failure, isMusl)
}

interface Question {
  readonly name: string
  readonly type: number
}

/** Asks the configured servers until one has answered all questions, or says how they failed. */
async function askServers(
  process: Process,
  settings: ResolverSettings,
  questions: readonly Question[],
  isMusl = false,
): Promise<DnsMessage[] | 'refused' | 'silent'> {
  const queries: DnsMessage[] = []
  for (const { name, type } of questions) {
    let id = process.kernel.random.below(65536)
    // Answers are told apart by their ids.
    while (queries.some(query => query.id === id)) id = (id + 1) % 65536
    queries.push(dnsQuery(id, name, type))
  }
  let failure: 'refused' | 'silent' = 'silent'
  let last: DnsMessage[] | undefined
  for (let attempt = 0; attempt < settings.attempts; attempt++) {
    for (const [order, server] of settings.servers.entries()) {
      const answers = await askServer(process, server, queries, patience(settings, order, isMusl))
      if (answers === 'refused') failure = 'refused'
      if (typeof answers === 'string') continue
      if (answers.every(answer => answer.code !== dnsCodes.SERVFAIL)) return answers
      last = answers
    }
    if (last) return last
  }
  return isMusl ? 'silent' : failure
}

/** How long one server is waited for: glibc doubles it for each further server and shares it between them. */
function patience(settings: ResolverSettings, order: number, isMusl: boolean): number {
  if (isMusl) return Math.floor(settings.timeout / settings.attempts)
  if (order === 0) return settings.timeout
  return Math.floor((settings.timeout * 2 ** order) / settings.servers.length)
}

async function askServer(
  process: Process,
  server: number,
  queries: readonly DnsMessage[],
  timeout: number,
): Promise<DnsMessage[] | 'refused' | 'silent'> {
  const end = process.kernel.clock.now + timeout
  const answers = new Map<number, DnsMessage>()
  const port = openUdp(process)
  try {
    for (const query of queries) port.send(encodeDns(query), server, 53)
    while (answers.size < queries.length) {
      const ids = queries.map(query => query.id).filter(id => !answers.has(id))
      const answer = await receiveAnswer(process, port, ids, end - process.kernel.clock.now)
      if (!answer) return 'silent'
      answers.set(answer.message.id, answer.message)
    }
    return queries.map(query => answers.get(query.id)!)
  } catch (error) {
    if (error instanceof SocketError) return error.code === 'ECONNREFUSED' ? 'refused' : 'silent'
    throw error
  } finally {
    port.close()
  }
}

/** The addresses in answers, following aliases from the name that was asked for. */
function entryOf(asked: string, answers: readonly DnsMessage[]): HostEntry | undefined {
  const records = answers.flatMap(answer => answer.answers)
  const aliases: string[] = []
  let name = asked
  for (let alias = aliasOf(records, name); alias !== undefined; alias = aliasOf(records, name)) {
    aliases.push(name)
    name = alias
    if (aliases.length > 16) return undefined
  }
  const addresses = records.flatMap(({ content }) => (content.kind === 'A' ? [content.address] : []))
  if (addresses.length === 0) return undefined
  const clean = (text: string) => text.replace(/\.$/, '')
  return { name: clean(name), aliases: aliases.map(clean), addresses: [...new Set(addresses)] }
}

function aliasOf(records: readonly DnsRecord[], name: string): string | undefined {
  const record = records.find(each => each.content.kind === 'CNAME' && each.name.toLowerCase() === name.toLowerCase())
  return record?.content.kind === 'CNAME' ? record.content.name : undefined
}

function hostSources(process: Process, isMusl: boolean): ('files' | 'dns')[] {
  if (isMusl) return ['files', 'dns']
  const line = readLines(process, '/etc/nsswitch.conf').find(each => /^\s*hosts:/.test(each))
  if (!line) return ['files', 'dns']
  const words = line.replace(/#.*/, '').trim().split(/\s+/).slice(1)
  return words.filter((word): word is 'files' | 'dns' => word === 'files' || word === 'dns')
}

function hostsEntries(process: Process): HostEntry[] {
  return readLines(process, '/etc/hosts').flatMap(line => {
    const [text = '', name, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    const address = parseIpv4(text)
    return address === undefined || name === undefined ? [] : [{ name, aliases, addresses: [address] }]
  })
}

function readLines(process: Process, path: string): string[] {
  try {
    return process.files.readText(path).split('\n')
  } catch (error) {
    if (error instanceof FileError) return []
    throw error
  }
}

/** Addresses as inet_aton reads them: `10.1` is 10.0.0.1. */
function parseAddress(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every(part => /^(0x[\da-f]+|\d+)$/i.test(part))) return undefined
  const numbers = parts.map(part => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = numbers.pop()!
  if (numbers.some(number => !(number <= 255)) || !(last < 256 ** (4 - numbers.length))) return undefined
  return numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last)
}

function isHostName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 254 &&
    name
      .replace(/\.$/, '')
      .split('.')
      .every(part => /^[^\s.]{1,63}$/.test(part))
  )
}

/** An address that is written in numbers; undefined for names. */
export function numericAddress(text: string): number | undefined {
  return parseIpv4(text)
}

/** An address in numbers, as text: the other way round. */
export function addressText(address: number): string {
  return formatIpv4(address)
}
