import { Clock } from '../../../simulator/clock.ts'
import { ApiServer } from '../../../simulator/cluster/apiserver/apiServer.ts'
import { startControllers } from '../../../simulator/cluster/controllers/registry.ts'
import { type EndpointSlice, endpointSlice } from '../../../simulator/cluster/kinds/endpointSlice.ts'
import { type Endpoints, endpoints } from '../../../simulator/cluster/kinds/endpoints.ts'
import { namespace } from '../../../simulator/cluster/kinds/namespace.ts'
import { pod } from '../../../simulator/cluster/kinds/pod.ts'
import { service } from '../../../simulator/cluster/kinds/service.ts'
import { Random } from '../../../simulator/random.ts'
import { type Area, compare, type Outcome } from '../area.ts'

const file = 'services/endpoints-controller/cases.json'
const place = 'test'
const epoch = Date.parse('2026-03-02T09:00:00Z')

interface SetUp {
  readonly name: string
  readonly services: readonly object[]
  readonly pods: readonly PodFixture[]
  readonly endpoints?: readonly Endpoints[]
  readonly endpointSlices?: readonly EndpointSlice[]
}

interface PodFixture {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly podIP?: string
  readonly nodeName?: string
  readonly hostname?: string
  readonly subdomain?: string
  readonly restartPolicy?: string
  readonly ports?: readonly object[]
  readonly ready: boolean
  readonly phase: string
  readonly deletionTimestamp?: unknown
}

/** Services with pods in every state, and the Endpoints and EndpointSlices that the controllers make of them. */
export const endpointsController: Area = {
  name: 'services/endpoints-controller',
  needs: [file],
  *cases(corpora) {
    for (const setUp of corpora.json<{ cases: SetUp[] }>(file).cases)
      yield { name: setUp.name, run: () => compareSetUp(setUp) }
  },
}

function compareSetUp({ services, pods, endpoints: wanted = [], endpointSlices: wantedSlices = [] }: SetUp): Outcome {
  const clock = new Clock()
  const random = new Random('conformance')
  const apiServer = new ApiServer({ clock, random, epoch })
  const client = apiServer.client('conformance')
  const pass = (milliseconds: number) => clock.advance(milliseconds)
  for (const name of ['default', 'kube-system', place])
    client.create(namespace, { metadata: { name }, spec: { finalizers: ['kubernetes'] } })
  startControllers({ clock, random, epoch, rootCertificate: '', client: user => apiServer.client(user) })
  pass(200)
  for (const { name, labels, podIP, nodeName, ready, phase, deletionTimestamp, ports = [], ...rest } of pods) {
    client.create(pod, {
      metadata: { name, namespace: place, ...(labels && { labels }) },
      spec: { ...rest, ...(nodeName && { nodeName }), containers: [{ name: 'c', image: 'x', ports }] },
    } as never)
    const created = client.get(pod, name, place)!
    const addresses = podIP ? { podIP, podIPs: [{ ip: podIP }] } : {}
    const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-03-02T09:00:00Z' }
    client.updateStatus(pod, { ...created, status: { phase, ...addresses, conditions: [condition] } } as never)
    if (deletionTimestamp) client.delete(pod, name, place)
  }
  for (const each of services) {
    const draft = each as { metadata: object }
    client.create(service, { ...draft, metadata: { ...draft.metadata, namespace: place } } as never)
  }
  pass(2000)
  const made = client.list(endpointSlice, { namespace: place })
  const isEmptyIpv6 = ({ addressType, endpoints }: EndpointSlice) => addressType === 'IPv6' && !endpoints?.length
  const isExternal = services.some(each => (each as { spec: { type?: string } }).spec.type === 'ExternalName')
  const release = isExternal
    ? 'Services of type ExternalName get no endpoints since 1.23'
    : made.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.terminating))
      ? 'slices tell of pods that end since 1.22'
      : wantedSlices.some(isEmptyIpv6)
        ? 'Services name their address families since 1.21: no empty slice for the other one'
        : undefined
  const result = compare(
    isExternal
      ? { endpoints: [], slices: [] }
      : { endpoints: shownEndpoints(wanted), slices: shownSlices(wantedSlices.filter(each => !isEmptyIpv6(each))) },
    {
      endpoints: shownEndpoints(client.list(endpoints, { namespace: place })),
      slices: shownSlices(made.map(withoutEnding)),
    },
  )
  return result === undefined && release !== undefined ? { release } : result
}

function withoutEnding(slice: EndpointSlice): EndpointSlice {
  return { ...slice, endpoints: (slice.endpoints ?? []).filter(({ conditions }) => !conditions?.terminating) }
}

/** Endpoints without what differs from run to run, in a fixed order. */
function shownEndpoints(list: readonly Endpoints[]): string[] {
  type Address = { ip: string; hostname?: string; nodeName?: string; targetRef?: { name?: string } }
  const address = ({ ip, hostname = '', nodeName = '', targetRef }: Address) =>
    [ip, hostname, nodeName, targetRef?.name ?? ''].join(' ')
  return list
    .map(({ metadata, subsets }) => {
      const shown = (subsets ?? []).map(({ addresses, notReadyAddresses, ports }) => ({
        ready: (addresses ?? []).map(each => address(each as Address)).sort(),
        notReady: (notReadyAddresses ?? []).map(each => address(each as Address)).sort(),
        ports: portsOf(ports),
      }))
      return JSON.stringify([metadata.name, shown.map(each => JSON.stringify(each)).sort()])
    })
    .sort()
}

function shownSlices(list: readonly EndpointSlice[]): string[] {
  return list
    .map(({ metadata, addressType, endpoints, ports }) => {
      const shown = (endpoints ?? []).map(({ addresses, hostname = '', nodeName = '', conditions, targetRef }) =>
        [addresses.join(), hostname, nodeName, conditions?.ready, targetRef?.name].join(' '),
      )
      return JSON.stringify([
        metadata.labels?.['kubernetes.io/service-name'],
        addressType,
        shown.sort(),
        portsOf(ports),
      ])
    })
    .sort()
}

function portsOf(ports: readonly { name?: string; port?: number; protocol?: string }[] | undefined): string[] {
  return (ports ?? []).map(({ name = '', port = '', protocol = '' }) => `${name} ${port} ${protocol}`).sort()
}
