import type { Process, Program } from '../../machine/program.ts'
import { openUdp } from '../../machine/udp.ts'
import { parseIpv4 } from '../../network/address.ts'
import { type DnsMessage, decodeDns, dnsCodes, dnsTypes, encodeDns } from '../../network/dns.ts'

const ttl = 300
const timeToForget = 900

/** Makes a name server for the world outside of the cluster, which knows a few addresses and nothing else. */
export function createUpstreamDns(addresses: Readonly<Record<string, string>>): Program {
  return {
    name: 'dnsmasq',
    summary: 'answer for names outside of the cluster',
    async run(process: Process) {
      const port = openUdp(process, { port: 53 })
      for (;;) {
        const event = await port.next()
        if (!event || 'code' in event) continue
        const request = decodeDns(event.bytes)
        if (request && !request.isResponse)
          port.send(encodeDns(answerFor(request, addresses)), event.source.address, event.source.port)
      }
    },
  }
}

function answerFor(request: DnsMessage, addresses: Readonly<Record<string, string>>): DnsMessage {
  const { name = '.', type = 0 } = request.questions[0] ?? {}
  const known = addresses[name.toLowerCase().replace(/\.$/, '')]
  const address = known === undefined ? undefined : parseIpv4(known)
  const answers =
    address !== undefined && type === dnsTypes.A
      ? [{ name, type, class: 1, ttl, content: { kind: 'A' as const, address } }]
      : []
  const soa = {
    name: '.',
    type: dnsTypes.SOA,
    class: 1,
    ttl: timeToForget,
    content: {
      kind: 'SOA' as const,
      server: 'a.root-servers.net.',
      mailbox: 'nstld.verisign-grs.com.',
      serial: 2026030200,
      refresh: 1800,
      retry: 900,
      expire: 604_800,
      minimum: 86_400,
    },
  }
  return {
    ...request,
    isResponse: true,
    recursionAvailable: true,
    code: known === undefined ? dnsCodes.NXDOMAIN : dnsCodes.NOERROR,
    answers,
    authorities: answers.length > 0 ? [] : [soa],
    additionals: request.additionals.filter(record => record.type === dnsTypes.OPT),
  }
}
