import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import { endpointSlice } from '../../../simulator/cluster/kinds/endpointSlice.ts'
import type { Kind } from '../../../simulator/cluster/kinds/kind.ts'
import { namespace } from '../../../simulator/cluster/kinds/namespace.ts'
import { pod } from '../../../simulator/cluster/kinds/pod.ts'
import { service } from '../../../simulator/cluster/kinds/service.ts'
import { parseIpv4 } from '../../../simulator/network/address.ts'
import { dnsCodes, dnsTypes } from '../../../simulator/network/dns.ts'
import { type Area, compare } from '../area.ts'
import { askCoreDns, recordText, writtenRecords } from './dnsQuestion.ts'
import { FixtureClient } from './fixtureClient.ts'

const file = 'services/dns/coredns-handler-cases.json'

interface Query {
  readonly qname: string
  readonly qtype: keyof typeof dnsTypes
  readonly rcode: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
}

/** Objects as CoreDNS' own tests hold them. */
interface Fixtures {
  readonly services: Readonly<Record<string, readonly ServiceFixture[]>>
  readonly endpoints: Readonly<Record<string, readonly EndpointsFixture[]>>
  readonly pods?: Readonly<Record<string, readonly PodFixture[]>>
}

interface ServiceFixture {
  readonly Name: string
  readonly Namespace: string
  readonly Type?: string
  readonly ExternalName?: string
  readonly ClusterIPs?: readonly string[]
  readonly Ports?: readonly PortFixture[]
}

interface EndpointsFixture {
  readonly Name: string
  readonly Namespace: string
  readonly Index: { readonly args: readonly string[] }
  readonly Subsets: readonly {
    readonly Addresses: readonly { readonly IP: string; readonly Hostname?: string }[] | null
    readonly Ports?: readonly PortFixture[] | null
  }[]
}

interface PodFixture {
  readonly Name?: string
  readonly Namespace: string
  readonly PodIP: string
}

interface PortFixture {
  readonly Name?: string
  readonly Protocol?: string
  readonly Port: number
}

/** Questions to CoreDNS with its plugin kubernetes: codes and records, whatever their order and TTL. */
export const coreDns: Area = {
  name: 'services/dns',
  needs: [file],
  *cases(corpora) {
    const { fixtures, ...tables } = corpora.json<{ fixtures: Fixtures } & Record<string, unknown>>(file)
    const client = new FixtureClient(objectsOf(fixtures))
    for (const [table, queries] of tablesIn(tables, '')) {
      const mode = /disabled|verified|insecure/.exec(table)?.[0] ?? 'verified'
      for (const query of queries)
        yield { name: `${table}: ${query.qtype} ${query.qname}`, run: () => compareQuery(query, client, mode) }
    }
  },
}

/** Lists of queries, however deep they stand, with the path to each. */
function* tablesIn(value: unknown, path: string): Generator<[string, readonly Query[]]> {
  if (Array.isArray(value)) {
    if (value.some(item => item && typeof item === 'object' && 'qname' in item)) yield [path, value as Query[]]
  } else if (value && typeof value === 'object')
    for (const [key, part] of Object.entries(value)) yield* tablesIn(part, path ? `${path}/${key}` : key)
}

function compareQuery(query: Query, client: FixtureClient, mode: string): string | undefined {
  const options = [`pods ${mode}`, 'namespaces testns kube-system']
  const reply = askCoreDns(client, options, { name: query.qname, type: dnsTypes[query.qtype] }, name =>
    // The one name that CoreDNS' tests ask their upstream for.
    name === 'ext.interwebs.test.' ? [{ kind: 'A', address: parseIpv4('1.2.3.4')! }] : [],
  )
  if (!reply) return '    ! no answer'
  return compare(
    {
      code: codes[query.rcode] ?? query.rcode,
      answer: writtenRecords(query.answer),
      authority: writtenRecords(query.authority),
      additional: writtenRecords(query.additional),
    },
    {
      code: reply.code,
      answer: reply.answers.map(recordText).sort(),
      authority: reply.authorities.map(recordText).sort(),
      additional: reply.additionals.map(recordText).sort(),
    },
  )
}

const codes: Readonly<Record<string, number>> = {
  Success: dnsCodes.NOERROR,
  NameError: dnsCodes.NXDOMAIN,
  ServerFailure: dnsCodes.SERVFAIL,
  Refused: dnsCodes.REFUSED,
}

function objectsOf({ services, endpoints, pods = {} }: Fixtures): Map<Kind, KubernetesObject[]> {
  const ports = (list: readonly PortFixture[] | null | undefined) =>
    (list ?? [])
      .filter(({ Port }) => Port !== -1)
      .map(({ Name, Protocol = 'TCP', Port }) => ({ name: Name, protocol: Protocol.toUpperCase(), port: Port }))
  const found = Object.values(services).flat()
  const made = {
    services: found.map(({ Name, Namespace, Type, ExternalName, ClusterIPs = [], Ports }) => {
      const clusterIPs = ClusterIPs.map(address => address.replace('ClusterIPNone', 'None'))
      const type = Type?.replace('ServiceType', '') ?? 'ClusterIP'
      const spec = { type, externalName: ExternalName, clusterIP: clusterIPs[0], clusterIPs, ports: ports(Ports) }
      return { metadata: { name: Name, namespace: Namespace }, spec, status: {} }
    }),
    slices: Object.values(endpoints)
      .flat()
      .flatMap(({ Name, Namespace, Index, Subsets }) =>
        Subsets.map(({ Addresses, Ports }) => ({
          metadata: {
            name: Name,
            namespace: Namespace,
            labels: { 'kubernetes.io/service-name': Index.args[0]! },
          },
          addressType: 'IPv4',
          endpoints: (Addresses ?? []).map(({ IP, Hostname }) => ({
            addresses: [IP],
            hostname: Hostname,
            conditions: { ready: true },
          })),
          ports: ports(Ports),
        })),
      ),
    pods: Object.values(pods)
      .flat()
      .map(({ Name = 'pod', Namespace, PodIP }) => ({
        metadata: { name: Name, namespace: Namespace },
        spec: {},
        status: { podIP: PodIP },
      })),
    namespaces: [...new Set(['testns', 'kube-system', ...found.map(({ Namespace }) => Namespace)])].map(name => ({
      metadata: { name },
    })),
  }
  const lists: readonly [Kind, unknown][] = [
    [service as unknown as Kind, made.services],
    [endpointSlice as unknown as Kind, made.slices],
    [pod as unknown as Kind, made.pods],
    [namespace as unknown as Kind, made.namespaces],
  ]
  return new Map(lists as [Kind, KubernetesObject[]][])
}
