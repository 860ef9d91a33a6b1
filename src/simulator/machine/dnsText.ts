import { formatIpv4 } from '../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsCodes, dnsTypes } from '../network/dns.ts'

/** The name of a type of records: `A`, `SRV`, `TYPE64`. */
export function dnsTypeName(type: number): string {
  return Object.entries(dnsTypes).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`
}

/** The number of a type by its name; undefined when there is no such type. */
export function dnsTypeNumber(name: string): number | undefined {
  const upper = name.toUpperCase()
  const generic = /^TYPE(\d+)$/.exec(upper)
  if (generic) return Number(generic[1])
  return (dnsTypes as Readonly<Record<string, number>>)[upper]
}

/** The name of an answer's code: `NOERROR`, `NXDOMAIN`. */
export function dnsCodeName(code: number): string {
  return Object.entries(dnsCodes).find(([, number]) => number === code)?.[0] ?? `RESERVED${code}`
}

/** What a record says, as zone files and `dig` write it. */
export function dnsContentText({ content }: DnsRecord): string {
  switch (content.kind) {
    case 'A':
      return formatIpv4(content.address)
    case 'AAAA':
      return content.address
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return content.name
    case 'MX':
      return `${content.preference} ${content.name}`
    case 'TXT':
      return content.texts.map(text => `"${text.replace(/["\\]/g, '\\$&')}"`).join(' ')
    case 'SRV':
      return `${content.priority} ${content.weight} ${content.port} ${content.name}`
    case 'SOA': {
      const { server, mailbox, serial, refresh, retry, expire, minimum } = content
      return `${server} ${mailbox} ${serial} ${refresh} ${retry} ${expire} ${minimum}`
    }
    case 'OPT':
    case 'other':
      return ''
  }
}

/** A DNS message as tcpdump writes it, without the length. */
export function dnsText(message: DnsMessage, verbosity: number): string {
  return message.isResponse ? answerText(message, verbosity) : questionText(message)
}

function questionText(message: DnsMessage): string {
  const flags = (message.recursionDesired ? '+' : '') + (message.checkingDisabled ? '%' : '')
  const counts =
    (message.questions.length === 1 ? '' : ` [${message.questions.length}q]`) +
    (message.answers.length === 0 ? '' : ` [${message.answers.length}a]`) +
    (message.authorities.length === 0 ? '' : ` [${message.authorities.length}n]`) +
    (message.additionals.length === 0 ? '' : ` [${message.additionals.length}au]`)
  const questions = message.questions.map(({ name, type }) => ` ${tcpdumpType(type)}? ${name}`).join('')
  return `${message.id}${flags}${counts}${questions}`
}

function answerText(message: DnsMessage, verbosity: number): string {
  const codes: Readonly<Record<number, string>> = {
    1: ' FormErr',
    2: ' ServFail',
    3: ' NXDomain',
    4: ' NotImp',
    5: ' Refused',
  }
  const code = codes[message.code] ?? ''
  const flags =
    (message.isAuthoritative ? '*' : '') +
    (message.recursionAvailable ? '' : '-') +
    (message.isTruncated ? '|' : '') +
    (message.authenticData ? '$' : '')
  const question = message.questions[0]
  const asked = verbosity > 0 && question ? ` q: ${tcpdumpType(question.type)}? ${question.name}` : ''
  const counts = ` ${message.answers.length}/${message.authorities.length}/${message.additionals.length}`
  const list = (records: readonly DnsRecord[]) => records.map(each => recordText(each, verbosity)).join(',')
  let text = `${message.id}${code}${flags}${asked}${counts}${list(message.answers)}`
  if (verbosity > 0 && message.authorities.length > 0) text += ` ns:${list(message.authorities)}`
  if (verbosity > 0 && message.additionals.length > 0) text += ` ar:${list(message.additionals)}`
  return text
}

function recordText(record: DnsRecord, verbosity: number): string {
  const { content } = record
  if (content.kind === 'OPT') return ` . OPT UDPsize=${record.class}`
  const front = verbosity > 0 ? ` ${record.name} [${relativeTime(record.ttl)}]` : ''
  const type = ` ${tcpdumpType(record.type)}`
  switch (content.kind) {
    case 'SRV':
      return `${front}${type} ${content.name}:${content.port} ${content.priority} ${content.weight}`
    case 'SOA':
      return (
        front +
        type +
        (verbosity > 0
          ? ` ${content.server} ${content.mailbox} ${content.serial} ${content.refresh} ${content.retry} ${content.expire} ${content.minimum}`
          : '')
      )
    case 'MX':
      return `${front}${type} ${content.name} ${content.preference}`
    default:
      return `${front}${type} ${dnsContentText(record)}`
  }
}

function tcpdumpType(type: number): string {
  const name = dnsTypeName(type)
  return name.startsWith('TYPE') ? `Type${type}` : name
}

/** `30s`, `5m`, `1h5m`: tcpdump's short form of a duration. */
function relativeTime(seconds: number): string {
  if (seconds === 0) return '0s'
  const units: readonly [string, number][] = [
    ['w', 604800],
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ]
  let left = seconds
  let text = ''
  for (const [unit, size] of units) {
    if (left >= size) text += `${Math.floor(left / size)}${unit}`
    left %= size
  }
  return text
}
