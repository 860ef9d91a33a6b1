import { DnsReader, DnsWriter } from './dnsBytes.ts'

/** Types of DNS records by name. */
export const dnsTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  ANY: 255,
} as const

/** What name servers answer, by name. */
export const dnsCodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const

/** The class of all names on the Internet. */
const dnsInternet = 1

export interface DnsQuestion {
  /** With the final dot. */
  readonly name: string
  readonly type: number
  readonly class: number
}

/** What a record says, by type. */
export type DnsContent =
  | { readonly kind: 'A'; readonly address: number }
  /** As eight groups of hexadecimal digits. */
  | { readonly kind: 'AAAA'; readonly address: string }
  | { readonly kind: 'NS' | 'CNAME' | 'PTR'; readonly name: string }
  | { readonly kind: 'MX'; readonly preference: number; readonly name: string }
  | { readonly kind: 'TXT'; readonly texts: readonly string[] }
  | {
      readonly kind: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly name: string
    }
  | {
      readonly kind: 'SOA'
      readonly server: string
      readonly mailbox: string
      readonly serial: number
      readonly refresh: number
      readonly retry: number
      readonly expire: number
      readonly minimum: number
    }
  | { readonly kind: 'OPT'; readonly options: readonly { readonly code: number; readonly value: Uint8Array }[] }
  | { readonly kind: 'other'; readonly value: Uint8Array }

export interface DnsRecord {
  readonly name: string
  readonly type: number
  /** For OPT the size of datagrams that the sender takes. */
  readonly class: number
  /** For OPT the extended code, version and flags. */
  readonly ttl: number
  readonly content: DnsContent
}

export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly isAuthoritative: boolean
  readonly isTruncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  readonly authenticData: boolean
  readonly checkingDisabled: boolean
  readonly code: number
  readonly questions: readonly DnsQuestion[]
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

/** A question for a name server, as a resolver asks it. */
export function dnsQuery(id: number, name: string, type: number): DnsMessage {
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
    code: dnsCodes.NOERROR,
    questions: [{ name, type, class: dnsInternet }],
    answers: [],
    authorities: [],
    additionals: [],
  }
}

/** The name of a record type: `A`, `SRV`, `TYPE257`. */
export function dnsTypeName(type: number): string {
  return Object.entries(dnsTypes).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`
}

/**
 * A message as it runs on the wire. Names are compressed, or each written out in full, as name servers do when told not
 * to compress.
 */
export function encodeDns(message: DnsMessage, options: { readonly isCompressed?: boolean } = {}): Uint8Array {
  const writer = new DnsWriter(options.isCompressed ?? true)
  writer.number16(message.id)
  writer.number16(flagsOf(message))
  const sections = [message.answers, message.authorities, message.additionals]
  writer.number16(message.questions.length)
  for (const section of sections) writer.number16(section.length)
  for (const question of message.questions) {
    writer.name(question.name)
    writer.number16(question.type)
    writer.number16(question.class)
  }
  for (const section of sections) for (const record of section) writeRecord(writer, record)
  return writer.bytes()
}

/** Reads a message; undefined when it is malformed. */
export function decodeDns(bytes: Uint8Array): DnsMessage | undefined {
  try {
    return readMessage(new DnsReader(bytes))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function flagsOf(message: DnsMessage): number {
  return (
    (Number(message.isResponse) << 15) |
    (message.opcode << 11) |
    (Number(message.isAuthoritative) << 10) |
    (Number(message.isTruncated) << 9) |
    (Number(message.recursionDesired) << 8) |
    (Number(message.recursionAvailable) << 7) |
    (Number(message.authenticData) << 5) |
    (Number(message.checkingDisabled) << 4) |
    (message.code & 15)
  )
}

function readMessage(reader: DnsReader): DnsMessage {
  const id = reader.number16()
  const flags = reader.number16()
  const [questions = 0, answers = 0, authorities = 0, additionals = 0] = Array.from({ length: 4 }, () =>
    reader.number16(),
  )
  const records = (count: number) => Array.from({ length: count }, () => readRecord(reader))
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 15,
    isAuthoritative: (flags & 0x400) !== 0,
    isTruncated: (flags & 0x200) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    recursionAvailable: (flags & 0x80) !== 0,
    authenticData: (flags & 0x20) !== 0,
    checkingDisabled: (flags & 0x10) !== 0,
    code: flags & 15,
    questions: Array.from({ length: questions }, () => ({
      name: reader.name(),
      type: reader.number16(),
      class: reader.number16(),
    })),
    answers: records(answers),
    authorities: records(authorities),
    additionals: records(additionals),
  }
}

function writeRecord(writer: DnsWriter, record: DnsRecord): void {
  writer.name(record.name)
  writer.number16(record.type)
  writer.number16(record.class)
  writer.number32(record.ttl)
  writer.sized(() => writeContent(writer, record.content))
}

function writeContent(writer: DnsWriter, content: DnsContent): void {
  switch (content.kind) {
    case 'A':
      return writer.number32(content.address)
    case 'AAAA':
      for (const group of groupsOf(content.address)) writer.number16(group)
      return
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return writer.name(content.name)
    case 'MX':
      writer.number16(content.preference)
      return writer.name(content.name)
    case 'TXT':
      for (const text of content.texts) writer.text(text)
      return
    case 'SRV':
      writer.number16(content.priority)
      writer.number16(content.weight)
      writer.number16(content.port)
      // Never compressed (RFC 2782).
      return writer.name(content.name, false)
    case 'SOA':
      writer.name(content.server)
      writer.name(content.mailbox)
      for (const number of [content.serial, content.refresh, content.retry, content.expire, content.minimum])
        writer.number32(number)
      return
    case 'OPT':
      for (const { code, value } of content.options) {
        writer.number16(code)
        writer.sized(() => writer.raw(value))
      }
      return
    case 'other':
      return writer.raw(content.value)
  }
}

function readRecord(reader: DnsReader): DnsRecord {
  const name = reader.name()
  const type = reader.number16()
  const recordClass = reader.number16()
  const ttl = reader.number32()
  const end = reader.number16() + reader.at
  const content = readContent(reader, type, end)
  reader.at = end
  return { name, type, class: recordClass, ttl, content }
}

function readContent(reader: DnsReader, type: number, end: number): DnsContent {
  switch (type) {
    case dnsTypes.A:
      return { kind: 'A', address: reader.number32() }
    case dnsTypes.AAAA:
      return { kind: 'AAAA', address: Array.from({ length: 8 }, () => reader.number16().toString(16)).join(':') }
    case dnsTypes.NS:
      return { kind: 'NS', name: reader.name() }
    case dnsTypes.CNAME:
      return { kind: 'CNAME', name: reader.name() }
    case dnsTypes.PTR:
      return { kind: 'PTR', name: reader.name() }
    case dnsTypes.MX:
      return { kind: 'MX', preference: reader.number16(), name: reader.name() }
    case dnsTypes.TXT: {
      const texts: string[] = []
      while (reader.at < end) texts.push(reader.text())
      return { kind: 'TXT', texts }
    }
    case dnsTypes.SRV:
      return {
        kind: 'SRV',
        priority: reader.number16(),
        weight: reader.number16(),
        port: reader.number16(),
        name: reader.name(),
      }
    case dnsTypes.SOA:
      return {
        kind: 'SOA',
        server: reader.name(),
        mailbox: reader.name(),
        serial: reader.number32(),
        refresh: reader.number32(),
        retry: reader.number32(),
        expire: reader.number32(),
        minimum: reader.number32(),
      }
    case dnsTypes.OPT: {
      const options: { code: number; value: Uint8Array }[] = []
      while (reader.at < end) options.push({ code: reader.number16(), value: reader.raw(reader.number16()) })
      return { kind: 'OPT', options }
    }
    default:
      return { kind: 'other', value: reader.raw(end - reader.at) }
  }
}

/** The eight numbers of an IPv6 address; `::` stands for as many zeros as are missing. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const read = (part: string) => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16)))
  if (tail === undefined) return read(head)
  const [before, after] = [read(head), read(tail)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
