import { createCoreDns } from '../../../simulator/cluster/addons/dns/coreDns.ts'
import type { DnsSurroundings } from '../../../simulator/cluster/addons/dns/plugin.ts'
import { formatIpv4 } from '../../../simulator/network/address.ts'
import {
  type DnsMessage,
  type DnsRecord,
  decodeDns,
  dnsQuery,
  dnsTypeName,
  encodeDns,
} from '../../../simulator/network/dns.ts'
import { Random } from '../../../simulator/random.ts'
import type { FixtureClient } from './fixtureClient.ts'

/** What names outside the cluster stand for. */
export type Outside = (name: string, type: number) => DnsRecord['content'][]

/** What a CoreDNS with these objects and options of its plugin kubernetes answers. */
export function askCoreDns(
  client: FixtureClient,
  options: readonly string[],
  question: { readonly name: string; readonly type: number },
  outside: Outside,
): DnsMessage | undefined {
  const server = createCoreDns(corefile(options), surroundings(client, outside))
  let reply: DnsMessage | undefined
  const from = { address: '10.240.0.1:40212', protocol: 'tcp' as const }
  server.answer(encodeDns(dnsQuery(7, absolute(question.name), question.type)), 53, from, bytes => {
    reply = decodeDns(bytes)
  })
  return reply
}

function corefile(options: readonly string[]): string {
  return `.:53 {
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        ${options.join('\n        ')}
    }
    forward . 192.0.2.53
}`
}

function surroundings(client: FixtureClient, outside: Outside): DnsSurroundings {
  return {
    client,
    random: new Random(1),
    now: () => 0,
    ask(_, question, receive) {
      const { name = '', type = 0 } = question.questions[0] ?? {}
      const answers = outside(name, type).map(content => ({ name, type, class: 1, ttl: 5, content }))
      receive({ ...question, isResponse: true, answers })
    },
    readFile: () => undefined,
    log: () => {},
  }
}

function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`
}

/** A record without its TTL: `web.default. A 10.0.0.1`. */
export function recordText({ name, type, content }: DnsRecord): string {
  const shown = () => {
    switch (content.kind) {
      case 'A':
        return formatIpv4(content.address)
      case 'AAAA':
        return content.address
      case 'SRV':
        return `${content.priority} ${content.weight} ${content.port} ${content.name}`
      case 'TXT':
        return content.texts.join(' ')
      case 'SOA':
        return `${content.server} ${content.mailbox}`
      default:
        return 'name' in content ? content.name : ''
    }
  }
  return plain(`${name} ${dnsTypeName(type)} ${shown()}`)
}

/** Records as zone files write them, in the form of `recordText`. */
export function writtenRecords(records: readonly string[] | undefined): string[] {
  return (records ?? [])
    .map(record => {
      const [name = '', , , type = '', ...rest] = record.split(/\s+/)
      const kept = type === 'SOA' ? rest.slice(0, 2) : rest
      return plain(`${absolute(name)} ${type} ${kept.join(' ').replaceAll('"', '')}`)
    })
    .sort()
}

/** IPv6 addresses in their short form. */
function plain(text: string): string {
  return text.replace(/(?<= )(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$/, address =>
    address.replace(/\b0(?::0)+\b/, ':').replace(/:{3,}/, '::'),
  )
}
