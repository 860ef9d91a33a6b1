import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import { endpointSlice } from '../../../simulator/cluster/kinds/endpointSlice.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'
import { namespace } from '../../../simulator/cluster/kinds/namespace.ts'
import { service } from '../../../simulator/cluster/kinds/service.ts'
import { parseIpv4 } from '../../../simulator/network/address.ts'
import { dnsCodes, dnsTypes } from '../../../simulator/network/dns.ts'
import { type Area, compare, type Outcome } from '../area.ts'
import { askCoreDns, recordText, writtenRecords } from './dnsQuestion.ts'
import { FixtureClient } from './fixtureClient.ts'

const file = 'services/dns/spec-records.json'

interface Example {
  readonly section: string
  readonly question: readonly string[]
  readonly answer: readonly string[]
}

/** A line of an answer: `kubernetes.default.svc.cluster.local. 4 IN A 10.3.0.1`. */
interface Line {
  readonly name: string
  readonly type: string
  readonly data: readonly string[]
}

interface Endpoint {
  readonly address: string
  readonly hostname: string | undefined
}

/** The examples of the specification of DNS in Kubernetes: for the objects that each supposes, CoreDNS answers like it. */
export const dnsRecords: Area = {
  name: 'services/dns-records',
  needs: [file],
  *cases(corpora) {
    for (const example of corpora.json<{ records: Example[] }>(file).records) {
      const [question = ''] = example.question
      yield { name: `${example.section}: ${question}`, run: () => compareExample(example, question) }
    }
  },
}

function compareExample({ section, answer }: Example, question: string): Outcome {
  const [name = '', , type = ''] = question.split(/\s+/)
  const lines = answer.map(readLine)
  const outside = lines.filter(line => !line.name.endsWith('.cluster.local.') && !line.name.endsWith('.arpa.'))
  const reply = askCoreDns(
    new FixtureClient(objectsOf(section, name, lines)),
    ['pods insecure'],
    { name, type: dnsTypes[type as keyof typeof dnsTypes] },
    asked =>
      outside
        .filter(line => line.name === asked)
        .map(({ type, data: [address = ''] }) =>
          type === 'A' ? { kind: 'A', address: parseIpv4(address)! } : { kind: 'AAAA', address },
        ),
  )
  if (!reply) return '    ! no answer'
  return compare(
    { code: dnsCodes.NOERROR, answer: withoutChoices(writtenRecords(answer)) },
    { code: reply.code, answer: withoutChoices(reply.answers.map(recordText).sort()) },
  )
}

function readLine(text: string): Line {
  const [name = '', , , type = '', ...data] = text.split(/\s+/)
  return { name, type, data }
}

/** What a server may choose: priorities and weights, and the names of endpoints that have none. */
function withoutChoices(records: readonly string[]): string[] {
  return records.map(record =>
    record.replace(/ SRV \d+ \d+ (\d+) (\d[\d-]*\.)?/, (_, port, own) => ` SRV ${port} ${own ? 'ID.' : ''}`),
  )
}

function objectsOf(section: string, question: string, lines: readonly Line[]): Map<Kind, KubernetesObject[]> {
  const ports = [{ name: 'https', protocol: 'TCP', port: 443 }]
  const metadata = (name: string) => ({ name, namespace: 'default' })
  const made = (name: string, spec: object) => ({ metadata: metadata(name), spec: { ports, ...spec }, status: {} })
  const addresses = { clusterIP: '10.3.0.1', clusterIPs: ['10.3.0.1', '2001:db8::1'] }
  const [, target = ''] =
    lines
      .find(line => line.type === 'CNAME')
      ?.data.join('')
      .match(/^(.*)\.$/) ?? []
  const services = [
    // The same addresses belong to the Service in one example and to an endpoint in another.
    ...(section.startsWith('2.3') ? [made('kubernetes', { type: 'ClusterIP', ...addresses })] : []),
    made('headless', { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] }),
    made('foo', { type: 'ExternalName', externalName: target }),
  ]
  const slices = (section.startsWith('2.4') ? endpointsOf(question, lines) : []).map(
    ({ address, hostname }, index) => ({
      metadata: { ...metadata(`headless-${index}`), labels: { 'kubernetes.io/service-name': 'headless' } },
      addressType: address.includes(':') ? 'IPv6' : 'IPv4',
      endpoints: [{ addresses: [address], hostname, conditions: { ready: true } }],
      ports,
    }),
  )
  return new Map([
    [service as unknown as Kind, services],
    [endpointSlice as unknown as Kind, slices],
    [namespace as unknown as Kind, [{ metadata: { name: 'default' } }]],
  ] as [Kind, KubernetesObject[]][])
}

/** The endpoints of the headless Service that an example tells of. */
function endpointsOf(question: string, lines: readonly Line[]): Endpoint[] {
  const ownName = (name: string) => /^([^.\d][^.]*)\.headless\./.exec(name)?.[1]
  return lines.map(({ type, data }, index) => {
    const last = data.at(-1) ?? ''
    if (type === 'SRV') return { address: `10.3.0.${index + 1}`, hostname: ownName(last) }
    if (type === 'PTR') return { address: addressOf(question), hostname: ownName(last) }
    return { address: last, hostname: ownName(question) }
  })
}

/** The address that a name for the way back stands for. */
function addressOf(name: string): string {
  const labels = name
    .replace(/\.(in-addr|ip6)\.arpa\.?$/, '')
    .split('.')
    .reverse()
  if (name.includes('in-addr')) return labels.join('.')
  const groups = labels.join('').match(/.{4}/g) ?? []
  return groups
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
    .replace(/\b0(?::0)+\b/, ':')
    .replace(/:{3,}/, '::')
}
