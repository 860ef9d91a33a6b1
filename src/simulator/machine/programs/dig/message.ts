import { type DnsMessage, type DnsRecord, dnsTypes } from '../../../network/dns.ts'
import { dnsCodeName, dnsContentText, dnsTypeName } from '../../dnsText.ts'
import type { Flags } from './flags.ts'

/** A message as dig shows it, section by section. */
export function messageText(message: DnsMessage, flags: Flags, title: string): string {
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
