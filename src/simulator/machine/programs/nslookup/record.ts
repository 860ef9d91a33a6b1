import type { DnsRecord } from '../../../network/dns.ts'
import { dnsContentText } from '../../dnsText.ts'

/** A record as nslookup shows it; `target` writes the names that records lead to. */
export function recordLine(record: DnsRecord, target: (name: string) => string = name => name): string {
  const name = withoutDot(record.name)
  const text = dnsContentText(record)
  switch (record.content.kind) {
    case 'A':
    case 'AAAA':
      return `Name:\t${name}\nAddress: ${text}`
    case 'CNAME':
      return `${name}\tcanonical name = ${target(text)}`
    case 'PTR':
      return `${name}\tname = ${target(text)}`
    case 'NS':
      return `${name}\tnameserver = ${target(text)}`
    case 'MX':
      return `${name}\tmail exchanger = ${target(text)}`
    case 'SRV':
      return `${name}\tservice = ${target(text)}`
    case 'TXT':
      return `${name}\ttext = ${text}`
    case 'SOA': {
      const { server, mailbox, serial, refresh, retry, expire, minimum } = record.content
      const first = `\torigin = ${withoutDot(server)}\n\tmail addr = ${withoutDot(mailbox)}\n\tserial = ${serial}\n`
      return `${name}\n${first}\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}`
    }
    default:
      return `${name}\trdata_${record.type} = ${text}`
  }
}

/** A name without the dot at its end; the root keeps it. */
export function withoutDot(name: string): string {
  return name.length > 1 ? name.replace(/\.$/, '') : name
}
