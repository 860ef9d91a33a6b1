import type { Process } from '../../../machine/program.ts'
import { formatIpv4, formatPrefix, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { type Node, node } from '../../kinds/node.ts'
import { Ipam } from './ipam.ts'
import { ipipDevice, isOn, vxlanDevice } from './nodeRoutes.ts'
import { findCalicoKind, type IpPool, type Mode } from './resources.ts'
import { calicoVersion, nodeAnnotations } from './settings.ts'

/** What calico-node finds out about itself before its agents start. */
export interface NodeIdentity {
  readonly name: string
  readonly address: number
  /** The interface that leads to the other nodes. */
  readonly outside: string
  readonly pools: readonly IpPool[]
  /** Bytes that fit into a packet of a pod. */
  readonly mtu: number
}

/** Prepares a node, and the cluster when it is the first: pools, tunnels, annotations; or says what is wrong. */
export function startNode(process: Process, client: Client, now: string): NodeIdentity | string {
  const { env, network, files } = process
  const name = env.get('NODENAME') ?? process.machine.hostname
  const own = client.get(node, name)
  if (!own) return `ERROR: Unable to access node configuration: resource does not exist: Node(${name})`
  const outside = network.routeTo(0x08080808)?.interface
  const address = outside?.addresses[0]
  if (!outside || !address)
    return "Couldn't autodetect an IPv4 address. If auto-detecting, choose a different autodetection method. Otherwise provide an explicit address."
  ensureCluster(process, client)
  ensurePool(process, client)
  const ipam = Ipam.open(client)!
  const pools = ipam.pools()
  const overlap = pools.find(({ spec }) => parsePrefix(spec.cidr) === undefined)
  if (overlap) return `Invalid CIDR in IP pool ${overlap.metadata.name}: ${overlap.spec.cidr}`
  const annotations: Record<string, string> = { [nodeAnnotations.address]: formatPrefix(address) }
  const isVxlan = pools.some(({ spec }) => isOn(spec.vxlanMode))
  const isIpip = pools.some(({ spec }) => isOn(spec.ipipMode))
  const mtu = outside.mtu - (isVxlan ? 50 : isIpip ? 20 : 0)
  if (isIpip) {
    const tunnel = tunnelAddress(ipam, name, 'ipip', pools)
    const device = network.interface(ipipDevice) ?? network.addIpip(ipipDevice, address.address)
    device.mtu = mtu
    device.up()
    if (tunnel !== undefined) {
      device.addAddress({ address: tunnel, length: 32 })
      annotations[nodeAnnotations.ipipAddress] = formatIpv4(tunnel)
    }
  }
  if (isVxlan) {
    const tunnel = tunnelAddress(ipam, name, 'vxlan', pools)
    const device =
      network.interface(vxlanDevice) ??
      network.addVxlan(vxlanDevice, {
        id: 4096,
        local: address.address,
        underlay: outside.name,
        port: 4789,
        isLearning: false,
      })
    device.mtu = mtu
    device.up()
    annotations[nodeAnnotations.vxlanMac] = device.mac
    if (tunnel !== undefined) {
      device.addAddress({ address: tunnel, length: 32 })
      annotations[nodeAnnotations.vxlanAddress] = formatIpv4(tunnel)
    }
  }
  files.mkdir('/var/lib/calico', { parents: true })
  files.writeText('/var/lib/calico/nodename', name)
  files.writeText('/var/lib/calico/mtu', String(mtu))
  tell(client, name, annotations)
  markAvailable(client, client.get(node, name)!, now)
  return { name, address: address.address, outside: outside.name, pools, mtu }
}

/** What is stored once for the whole cluster. */
function ensureCluster(process: Process, client: Client): void {
  const information = findCalicoKind(client, 'ClusterInformation')!
  if (!client.get(information, 'default'))
    client.create(information, {
      metadata: { name: 'default' },
      spec: {
        calicoVersion,
        clusterGUID: process.kernel.random.fork('calico cluster').hex(32),
        clusterType: process.env.get('CLUSTER_TYPE') ?? 'k8s',
        datastoreReady: true,
      },
    })
  const felix = findCalicoKind(client, 'FelixConfiguration')!
  if (!client.get(felix, 'default'))
    client.create(felix, {
      metadata: { name: 'default' },
      spec: { bpfConnectTimeLoadBalancing: 'TCP', logSeverityScreen: 'Info' },
    })
}

/** The first node makes a pool of the range that kubeadm was told, unless its environment names another one. */
function ensurePool(process: Process, client: Client): void {
  const pools = findCalicoKind(client, 'IPPool')!
  const { env } = process
  if (env.get('NO_DEFAULT_POOLS') === 'true' || client.list(pools).length > 0) return
  client.create(pools, {
    metadata: { name: 'default-ipv4-ippool' },
    spec: {
      allowedUses: ['Workload', 'Tunnel'],
      assignmentMode: 'Automatic',
      blockSize: Number(env.get('CALICO_IPV4POOL_BLOCK_SIZE') ?? 26),
      cidr: env.get('CALICO_IPV4POOL_CIDR') ?? kubeadmRange(client) ?? '192.168.0.0/16',
      ipipMode: (env.get('CALICO_IPV4POOL_IPIP') ?? 'Never') as Mode,
      natOutgoing: env.get('CALICO_IPV4POOL_NAT_OUTGOING') !== 'false',
      nodeSelector: 'all()',
      vxlanMode: (env.get('CALICO_IPV4POOL_VXLAN') ?? 'Never') as Mode,
    },
  })
}

function kubeadmRange(client: Client): string | undefined {
  const text = client.get(configMap, 'kubeadm-config', 'kube-system')?.data?.['ClusterConfiguration']
  return text === undefined ? undefined : /podSubnet: *"?([\d./]+)/.exec(text)?.[1]
}

/** The end of a tunnel has an address out of the node's own block: the same after each start. */
function tunnelAddress(ipam: Ipam, node: string, type: 'ipip' | 'vxlan', pools: readonly IpPool[]): number | undefined {
  const handle = `${type}-tunnel-addr-${node}`
  const fitting = pools.filter(({ spec }) => isOn(type === 'ipip' ? spec.ipipMode : spec.vxlanMode))
  const [known] = ipam.addressesOf(handle)
  return known ?? ipam.assign({ node, handle, facts: { type: `${type}TunnelAddress` } }, fitting)
}

function tell(client: Client, name: string, annotations: Readonly<Record<string, string>>): void {
  const found = client.get(node, name)!.metadata.annotations ?? {}
  if (Object.entries(annotations).every(([key, value]) => found[key] === value)) return
  client.patch(node, name, undefined, { metadata: { annotations } })
}

function markAvailable(client: Client, own: Node, now: string): void {
  if (own.status.conditions?.some(each => each.type === 'NetworkUnavailable' && each.reason === 'CalicoIsUp')) return
  const condition = {
    type: 'NetworkUnavailable',
    status: 'False',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason: 'CalicoIsUp',
    message: 'Calico is running on this node',
  }
  const others = (own.status.conditions ?? []).filter(each => each.type !== condition.type)
  client.updateStatus(node, { ...own, status: { ...own.status, conditions: [condition, ...others] } })
}
