import { parseIpv4 } from '../../../network/address.ts'
import { type DnsRecord, dnsTypes } from '../../../network/dns.ts'
import { sites } from './sites.ts'

/** What the world's name servers know, as lines of a zone file: owner, type, data. */
const written: readonly (readonly [owner: string, type: 'A' | 'CNAME' | 'MX' | 'TXT' | 'NS' | 'PTR', data: string])[] =
  [
    ...sites.flatMap(({ name, address, aliases }) => [
      [name, 'A', address] as const,
      ...aliases.map(alias => [alias, 'CNAME', name] as const),
      [`${address.split('.').reverse().join('.')}.in-addr.arpa`, 'PTR', name] as const,
      [name, 'NS', `ns1.${name}`] as const,
      [`ns1.${name}`, 'A', '198.51.100.53'] as const,
    ]),
    ['example.com', 'MX', '10 mail.example.com'],
    ['example.com', 'TXT', 'v=spf1 mx -all'],
    ['mail.example.com', 'A', '203.0.113.25'],
    ['example.org', 'MX', '10 mail.example.com'],
    ['example.org', 'TXT', 'v=spf1 include:example.com -all'],
    ['example.net', 'TXT', 'v=spf1 -all'],
  ]

const timeToLive = 300

/** The records of the world outside of the cluster, by the name that owns them. */
export const zone: ReadonlyMap<string, readonly DnsRecord[]> = groupByOwner(written.map(readLine))

function readLine([owner, type, data]: (typeof written)[number]): DnsRecord {
  return { name: `${owner}.`, type: dnsTypes[type], class: 1, ttl: timeToLive, content: contentOf(type, data) }
}

function contentOf(type: (typeof written)[number][1], data: string): DnsRecord['content'] {
  switch (type) {
    case 'A':
      return { kind: 'A', address: parseIpv4(data)! }
    case 'MX': {
      const [preference = '', name = ''] = data.split(' ')
      return { kind: 'MX', preference: Number(preference), name: `${name}.` }
    }
    case 'TXT':
      return { kind: 'TXT', texts: [data] }
    default:
      return { kind: type, name: `${data}.` }
  }
}

function groupByOwner(records: readonly DnsRecord[]): Map<string, DnsRecord[]> {
  const byOwner = new Map<string, DnsRecord[]>()
  for (const record of records) byOwner.set(record.name, [...(byOwner.get(record.name) ?? []), record])
  return byOwner
}
