import type { Client } from '../../client.ts'
import { type EndpointSlice, endpointSlice } from '../../kinds/endpointSlice.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { type Service, service } from '../../kinds/service.ts'
import type { MeshEndpoint, Workload } from './settings.ts'

/** A Service, and its addresses by the name of each port. */
export interface RegisteredService {
  readonly service: Service
  readonly host: string
  endpoints(portName: string | undefined): readonly MeshEndpoint[]
}

/** The Services of a cluster and its pods by address, as they are at one moment. */
export interface ServiceRegistry {
  readonly services: readonly RegisteredService[]
  readonly pods: ReadonlyMap<string, Pod>
}

/** How one kind of mesh sees pods. */
export interface PodView {
  /** Whether a proxy stands in front of a pod. */
  isMeshed(pod: Pod): boolean
  workloadOf(pod: Pod): Workload
}

/** Reads Services with their addresses, and the pods behind them. */
export function readServices(client: Client, view: PodView): ServiceRegistry {
  const pods = new Map<string, Pod>()
  for (const each of client.list(pod)) {
    const { phase, podIP } = each.status ?? {}
    if (podIP && phase !== 'Succeeded' && phase !== 'Failed' && !each.spec.hostNetwork) pods.set(podIP, each)
  }
  const slices = new Map<string, EndpointSlice[]>()
  for (const slice of client.list(endpointSlice)) {
    const key = `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}`
    const same = slices.get(key)
    if (same) same.push(slice)
    else slices.set(key, [slice])
  }
  return { services: client.list(service).map(each => register(each, slices, pods, view)), pods }
}

function register(
  found: Service,
  slices: ReadonlyMap<string, readonly EndpointSlice[]>,
  pods: ReadonlyMap<string, Pod>,
  view: PodView,
): RegisteredService {
  const { name, namespace } = found.metadata
  const own = slices.get(`${namespace}/${name}`) ?? []
  return {
    service: found,
    host: `${name}.${namespace}.svc.cluster.local`,
    endpoints: portName =>
      own.flatMap(slice => {
        const port = slice.ports?.find(each => (each.name ?? '') === (portName ?? ''))
        if (port?.port === undefined) return []
        return slice.endpoints
          .filter(({ conditions }) => conditions?.ready !== false)
          .flatMap(({ addresses }) => addresses.map(address => endpointAt(address, port.port!, pods, view)))
      }),
  }
}

function endpointAt(address: string, port: number, pods: ReadonlyMap<string, Pod>, view: PodView): MeshEndpoint {
  const found = pods.get(address)
  if (!found) return { address, port, isMeshed: false }
  return { address, port, isMeshed: view.isMeshed(found) }
}

/** The workloads of all pods, by address. */
export function workloadsOf(pods: ReadonlyMap<string, Pod>, view: PodView): Record<string, Workload> {
  return Object.fromEntries([...pods].map(([address, found]) => [address, view.workloadOf(found)]))
}

/** The name of what owns a pod: of a Deployment rather than of its ReplicaSet. */
export function workloadName({ metadata }: Pod): string {
  const owner = metadata.ownerReferences?.[0]
  if (owner) return owner.kind === 'ReplicaSet' ? owner.name.replace(/-[a-z0-9]+$/, '') : owner.name
  return metadata.name ?? metadata.generateName?.replace(/-$/, '') ?? ''
}
