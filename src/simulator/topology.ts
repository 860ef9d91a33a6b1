import type { Client } from './cluster/client.ts'
import { endpointSlice } from './cluster/kinds/endpointSlice.ts'
import { type Node, node } from './cluster/kinds/node.ts'
import { type Pod, pod } from './cluster/kinds/pod.ts'
import { service } from './cluster/kinds/service.ts'
import type { Machine } from './machine/machine.ts'
import { formatIpv4, parseIpv4 } from './network/address.ts'
import type { NetworkNamespace } from './network/namespace.ts'
import { Veth } from './network/veth.ts'

export interface Topology {
  readonly machines: readonly TopologyMachine[]
  readonly services: readonly TopologyService[]
}

/** A machine on the LAN: the workstation, or a node with its pods. */
export interface TopologyMachine {
  readonly name: string
  readonly address: string
  readonly role: 'workstation' | 'control-plane' | 'node'
  readonly isReady: boolean
  readonly bridge: TopologyDevice | undefined
  readonly tunnel: TopologyDevice | undefined
  /** What packets between the pods and the wire have to pass: netfilter's rules, or programs at the interfaces. */
  readonly gate: 'netfilter' | 'eBPF'
  readonly pods: readonly TopologyPod[]
}

export interface TopologyDevice {
  readonly name: string
  readonly address: string
}

export interface TopologyPod {
  readonly namespace: string
  readonly name: string
  readonly address: string
  readonly isReady: boolean
  /** As `kubectl get pods` shows it. */
  readonly status: string
  /** The node's end of the pod's cable; empty for pods on the node's own network. */
  readonly cable: string
  readonly isHostNetwork: boolean
  readonly containers: readonly string[]
}

/** A Service has no place: it is an address and rules on every node. */
export interface TopologyService {
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly address: string
  /** `80/TCP`, `80:30081/TCP`. */
  readonly ports: readonly string[]
  /** `namespace/name` of the pods that are ready behind it. */
  readonly endpoints: readonly string[]
}

/** What the picture is drawn from. */
export interface TopologySource {
  readonly client: Client
  readonly nodes: ReadonlyMap<string, Machine>
  readonly workstation: Machine
}

/** Reads the picture of the network from the cluster's objects and the machines' interfaces. */
export function topologyOf({ client, nodes, workstation }: TopologySource): Topology {
  const machines = client.list(node).map(one => {
    const { name } = one.metadata
    const network = nodes.get(name)?.network
    return {
      name,
      address: one.status.addresses?.find(address => address.type === 'InternalIP')?.address ?? '',
      role: isControlPlane(one) ? ('control-plane' as const) : ('node' as const),
      isReady: one.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
      bridge: deviceOf(network, 'bridge'),
      tunnel: deviceOf(network, 'vxlan') ?? deviceOf(network, 'ipip'),
      gate: network?.interfaces.some(({ ingress }) => ingress !== undefined)
        ? ('eBPF' as const)
        : ('netfilter' as const),
      pods: client.onNode(pod, name).map(one => podPicture(one, network)),
    }
  })
  return { machines: [workstationPicture(workstation), ...machines], services: servicePictures(client) }
}

function workstationPicture({ name, network }: Machine): TopologyMachine {
  const address = network.interface('eth0')?.addresses[0]?.address
  return {
    name,
    address: address === undefined ? '' : formatIpv4(address),
    role: 'workstation',
    isReady: true,
    bridge: undefined,
    tunnel: undefined,
    gate: 'netfilter',
    pods: [],
  }
}

function isControlPlane(one: Node): boolean {
  return 'node-role.kubernetes.io/control-plane' in (one.metadata.labels ?? {})
}

/** The device of a kind that pods use: the one with an address, where there are several. */
function deviceOf(
  network: NetworkNamespace | undefined,
  kind: 'bridge' | 'vxlan' | 'ipip',
): TopologyDevice | undefined {
  const devices = network?.interfaces.filter(one => one.kind === kind) ?? []
  const device = devices.find(({ addresses }) => addresses.length > 0) ?? devices[0]
  if (!device) return undefined
  const address = device.addresses[0]
  return { name: device.name, address: address ? formatIpv4(address.address) : '' }
}

function podPicture(one: Pod, network: NetworkNamespace | undefined): TopologyPod {
  const address = one.status.podIP ?? ''
  return {
    namespace: one.metadata.namespace ?? '',
    name: one.metadata.name,
    address,
    isReady: one.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    status: String(statusColumn.value(one, 0)),
    cable: network && address ? cableTo(network, address) : '',
    isHostNetwork: one.spec.hostNetwork ?? false,
    containers: one.spec.containers.map(container => container.name),
  }
}

const statusColumn = pod.columns.find(column => column.name === 'Status') ?? { value: () => '' }

/** The node's end of the cable whose other end has an address. */
function cableTo(network: NetworkNamespace, address: string): string {
  const wanted = parseIpv4(address)
  const cable = network.interfaces.find(
    one => one instanceof Veth && one.peer.addresses.some(({ address }) => address === wanted),
  )
  return cable?.name ?? ''
}

function servicePictures(client: Client): TopologyService[] {
  return client.list(service).map(({ metadata: { namespace = '', name }, spec }) => ({
    namespace,
    name,
    type: spec.type ?? 'ClusterIP',
    address: spec.clusterIP ?? '',
    ports: (spec.ports ?? []).map(
      ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`,
    ),
    endpoints: client
      .list(endpointSlice, { namespace, labels: { 'kubernetes.io/service-name': name } })
      .flatMap(slice => slice.endpoints ?? [])
      .filter(endpoint => endpoint.conditions?.ready !== false)
      .map(({ targetRef }) => `${targetRef?.namespace}/${targetRef?.name}`),
  }))
}
