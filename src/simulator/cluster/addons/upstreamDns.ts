import type { Process, Program } from '../../machine/program.ts'
import { openUdp } from '../../machine/udp.ts'
import { type DnsMessage, type DnsRecord, decodeDns, dnsCodes, dnsTypes, encodeDns } from '../../network/dns.ts'

const timeToForget = 900
const longestChain = 8

const soa: DnsRecord = {
  name: '.',
  type: dnsTypes.SOA,
  class: 1,
  ttl: timeToForget,
  content: {
    kind: 'SOA',
    server: 'a.root-servers.net.',
    mailbox: 'nstld.verisign-grs.com.',
    serial: 2026030200,
    refresh: 1800,
    retry: 900,
    expire: 604_800,
    minimum: 86_400,
  },
}

/** Makes a name server for the world outside of the cluster, which knows some records and nothing else. */
export function createUpstreamDns(records: ReadonlyMap<string, readonly DnsRecord[]>): Program {
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
          port.send(encodeDns(answerFor(request, records)), event.source.address, event.source.port)
      }
    },
  }
}

function answerFor(request: DnsMessage, records: ReadonlyMap<string, readonly DnsRecord[]>): DnsMessage {
  const { name = '.', type = 0 } = request.questions[0] ?? {}
  const answers: DnsRecord[] = []
  let owner = name
  let isKnown = false
  // An alias is followed to what it stands for.
  for (let step = 0; step < longestChain; step++) {
    const own = records.get(owner.toLowerCase())
    isKnown = own !== undefined || hasNamesBelow(owner, records)
    const found = (own ?? []).filter(record => record.type === type)
    const alias = own?.find(record => record.content.kind === 'CNAME')
    const asked = step === 0 ? found.map(record => ({ ...record, name })) : found
    answers.push(...asked)
    if (found.length > 0 || alias?.content.kind !== 'CNAME') break
    answers.push(step === 0 ? { ...alias, name } : alias)
    owner = alias.content.name
  }
  const isFound = answers.some(record => record.type === type)
  return {
    ...request,
    isResponse: true,
    recursionAvailable: true,
    code: isKnown ? dnsCodes.NOERROR : dnsCodes.NXDOMAIN,
    answers,
    authorities: isFound ? [] : [soa],
    additionals: request.additionals.filter(record => record.type === dnsTypes.OPT),
  }
}

/** A name without records of its own exists when there are names below it. */
function hasNamesBelow(name: string, records: ReadonlyMap<string, readonly DnsRecord[]>): boolean {
  const end = `.${name.toLowerCase()}`
  return [...records.keys()].some(each => each.endsWith(end))
}
