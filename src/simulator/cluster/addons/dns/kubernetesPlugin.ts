import { parseIpv4 } from '../../../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsCodes, dnsTypes } from '../../../network/dns.ts'
import type { Directive } from './corefile.ts'
import { absolute } from './corefile.ts'
import { isAddress, isIpv6, KubernetesRecords, type KubernetesSettings, type Target } from './kubernetesRecords.ts'
import { type Answering, type DnsPlugin, type DnsSurroundings, questionOf, record, replyTo, zoneOf } from './plugin.ts'

const versionTtl = 28_800
// A name that leads to a name that leads to a name …: plugin/backend_lookup.go
const longestChain = 7

/** Answers for the names of the cluster; other names that these lead to are looked up in the whole server. */
export function kubernetesPlugin(directive: Directive, { client, now }: DnsSurroundings, lookup: Answering): DnsPlugin {
  const { zones, ttl, fallthrough, settings } = readSettings(directive)
  const records = new KubernetesRecords(client, settings)
  // Simplified: the serial is the time at which the server began, not that of the last change of a Service.
  const serial = Math.floor(now() / 1000)

  return {
    answer(request, reply, next) {
      const { name, type } = questionOf(request)
      const matched = zoneOf(name, zones)
      if (matched === undefined) return next(request, reply)
      const zone = name.slice(name.length - matched.length)
      const respond = (answers: readonly DnsRecord[], additionals: readonly DnsRecord[] = []) =>
        reply(
          replyTo(request, {
            isAuthoritative: true,
            answers,
            additionals,
            authorities: answers.length > 0 ? [] : [soa(zone)],
          }),
        )
      const noName = () => {
        if (zoneOf(name, fallthrough) !== undefined) return next(request, reply)
        reply(replyTo(request, { isAuthoritative: true, code: dnsCodes.NXDOMAIN, authorities: [soa(zone)] }))
      }

      switch (type) {
        case dnsTypes.A:
        case dnsTypes.AAAA:
          return resolve(name, type, zone, [], request, found => (found ? respond(found) : noName()))
        case dnsTypes.PTR: {
          const address = addressOf(name)
          const names = address === undefined ? undefined : records.reverse(address, clusterZone(zones))
          if (names === undefined) return findIn(name, zone) ? respond([]) : noName()
          if (names.length === 0) return noName()
          return respond(names.map(target => record(name, type, ttl, { kind: 'PTR', name: target })))
        }
        case dnsTypes.CNAME: {
          const found = findIn(name, zone)
          if (!found) return noName()
          const alias = found.find(({ host }) => !isAddress(host))
          return respond(alias ? [cname(name, alias.host)] : [])
        }
        case dnsTypes.SRV: {
          const found = findIn(name, zone)
          if (!found) return noName()
          const { answers, additionals } = services(
            name,
            found.filter(({ host }) => isAddress(host)),
          )
          return respond(answers, additionals)
        }
        case dnsTypes.TXT: {
          if (name.toLowerCase() === `dns-version.${matched}`)
            return respond([record(name, type, versionTtl, { kind: 'TXT', texts: ['1.1.0'] })])
          return findIn(name, zone) ? respond([]) : noName()
        }
        case dnsTypes.SOA:
          if (name.toLowerCase() === matched) return respond([soa(zone)])
      }
      if (type === dnsTypes.NS && name.toLowerCase() === matched) {
        const server = `kube-dns.kube-system.svc.${zone}`
        const targets = findIn(server, zone) ?? []
        return respond(
          [record(zone, type, ttl, { kind: 'NS', name: server })],
          [...new Set(targets.map(({ host }) => host))].map(host => address(server, host)),
        )
      }
      return findIn(name, zone) ? respond([]) : noName()
    },
  }

  function findIn(name: string, zone: string): readonly Target[] | undefined {
    if (addressOf(name) !== undefined || zone.toLowerCase().endsWith('arpa.')) return undefined
    return records.find(name, zone)
  }

  /** Addresses of a name; aliases are followed, inside the zone and outside. Undefined when there is no such name. */
  function resolve(
    name: string,
    type: number,
    zone: string,
    chain: readonly string[],
    request: DnsMessage,
    done: (found: readonly DnsRecord[] | undefined) => void,
  ): void {
    const targets = findIn(name, zone)
    if (!targets) return done(undefined)
    const alias = targets.find(({ host }) => !isAddress(host))
    if (!alias) {
      const hosts = [...new Set(targets.map(({ host }) => host))]
      return done(hosts.filter(host => isIpv6(host) === (type === dnsTypes.AAAA)).map(host => address(name, host)))
    }
    const target = absolute(alias.host)
    if (target === name.toLowerCase() || chain.length > longestChain || chain.includes(target)) return done([])
    const first = cname(name, alias.host)
    if (zoneOf(target, [zone.toLowerCase()]) !== undefined)
      return resolve(target, type, zone, [...chain, target], request, found =>
        done(found && found.length > 0 ? [first, ...found] : []),
      )
    const question = { name: target, type, class: 1 }
    lookup({ ...request, questions: [question] }, answer => done(answer ? [first, ...answer.answers] : []))
  }

  /** Every target once per port, all with the same weight, and the addresses of the targets. */
  function services(name: string, targets: readonly Target[]) {
    const weight = Math.max(1, Math.floor(100 / Math.max(1, targets.length)))
    const answers = new Map<string, DnsRecord>()
    const additionals = new Map<string, DnsRecord>()
    for (const { host, port, name: target } of targets) {
      if (port === -1) continue
      const content = { kind: 'SRV' as const, priority: 0, weight, port, name: target }
      answers.set(`${target}:${port}`, record(name, dnsTypes.SRV, ttl, content))
      additionals.set(`${target} ${host}`, address(target, host))
    }
    return { answers: [...answers.values()], additionals: [...additionals.values()] }
  }

  function address(name: string, host: string): DnsRecord {
    return isIpv6(host)
      ? record(name, dnsTypes.AAAA, ttl, { kind: 'AAAA', address: host })
      : record(name, dnsTypes.A, ttl, { kind: 'A', address: parseIpv4(host)! })
  }

  function cname(name: string, target: string): DnsRecord {
    return record(name, dnsTypes.CNAME, ttl, { kind: 'CNAME', name: target.endsWith('.') ? target : `${target}.` })
  }

  function soa(zone: string): DnsRecord {
    return record(zone, dnsTypes.SOA, ttl, {
      kind: 'SOA',
      server: `ns.dns.${zone}`,
      mailbox: `hostmaster.${zone}`,
      serial,
      refresh: 7200,
      retry: 1800,
      expire: 86_400,
      minimum: ttl,
    })
  }
}

/** The zone in which Services have their names; the others are for the way back from an address. */
function clusterZone(zones: readonly string[]): string {
  return zones.find(zone => !zone.endsWith('arpa.')) ?? 'cluster.local.'
}

/** The address that a name under `in-addr.arpa.` or `ip6.arpa.` stands for. */
function addressOf(name: string): string | undefined {
  const lower = name.toLowerCase()
  const ipv4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.$/.exec(lower)
  if (ipv4) return ipv4.slice(1).reverse().join('.')
  const ipv6 = /^((?:[0-9a-f]\.){32})ip6\.arpa\.$/.exec(lower)
  if (!ipv6) return undefined
  const digits = ipv6[1]!.replaceAll('.', '').split('').reverse().join('')
  return (digits.match(/.{4}/g) ?? []).map(group => group.replace(/^0{1,3}/, '')).join(':')
}

function readSettings({ args, block }: Directive) {
  const option = (name: string) => block.find(directive => directive.name === name)
  const zones = args.map(absolute)
  const pods = option('pods')?.args[0] ?? 'disabled'
  const through = option('fallthrough')
  const settings: KubernetesSettings = {
    pods: pods as KubernetesSettings['pods'],
    namespaces: new Set(option('namespaces')?.args),
    usesPodNames: option('endpoint_pod_names') !== undefined,
    hidesEmpty: option('ignore')?.args[0] === 'empty_service',
  }
  return {
    zones: zones.length > 0 ? zones : ['.'],
    ttl: Number(option('ttl')?.args[0] ?? 5),
    fallthrough: through ? (through.args.length > 0 ? through.args.map(absolute) : ['.']) : [],
    settings,
  }
}
