import { parseIpv4 } from '../../../network/address.ts'
import { dnsTypes } from '../../../network/dns.ts'
import { absolute, type Directive } from './corefile.ts'
import { isIpv6 } from './kubernetesRecords.ts'
import { type DnsPlugin, type DnsSurroundings, questionOf, record, replyTo, zoneOf } from './plugin.ts'

/** Answers from lines like those of /etc/hosts, in a file or in the Corefile itself. */
export function hostsPlugin({ args, block }: Directive, { readFile }: DnsSurroundings): DnsPlugin {
  const isFile = args[0]?.startsWith('/') === true
  const zones = (isFile ? args.slice(1) : args).map(absolute)
  const inline = block.filter(({ name }) => parseIpv4(name) !== undefined || isIpv6(name))
  const lines = inline.map(({ name, args: names }) => [name, ...names])
  if (isFile || inline.length === 0)
    for (const line of (readFile(isFile ? args[0]! : '/etc/hosts') ?? '').split('\n')) {
      const words = line.replace(/#.*/, '').trim().split(/\s+/)
      if (words.length > 1) lines.push(words)
    }
  const ttl = Number(block.find(({ name }) => name === 'ttl')?.args[0] ?? 3600)
  const through = block.find(({ name }) => name === 'fallthrough')
  const fallthrough = through ? (through.args.length > 0 ? through.args.map(absolute) : ['.']) : []

  return {
    answer(request, reply, next) {
      const { name, type } = questionOf(request)
      if (zones.length > 0 && zoneOf(name, zones) === undefined) return next(request, reply)
      const addresses = lines.filter(([, ...names]) => names.some(one => absolute(one) === name.toLowerCase()))
      if (addresses.length === 0)
        return zoneOf(name, fallthrough) !== undefined
          ? next(request, reply)
          : reply(replyTo(request, { isAuthoritative: true, code: 3 }))
      const answers = addresses.flatMap(([host = '']) => {
        const address = parseIpv4(host)
        if (type === dnsTypes.A && address !== undefined) return [record(name, type, ttl, { kind: 'A', address })]
        if (type === dnsTypes.AAAA && isIpv6(host)) return [record(name, type, ttl, { kind: 'AAAA', address: host })]
        return []
      })
      reply(replyTo(request, { isAuthoritative: true, answers }))
    },
  }
}
