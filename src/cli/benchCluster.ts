import { Clock } from '../simulator/clock.ts'
import { Cluster } from '../simulator/cluster/cluster.ts'
import { type ClusterDefinition, referenceCluster } from '../simulator/cluster/definition.ts'
import type { EndpointSlice } from '../simulator/cluster/kinds/endpointSlice.ts'
import { endpointSlice } from '../simulator/cluster/kinds/endpointSlice.ts'
import { pod } from '../simulator/cluster/kinds/pod.ts'
import { service } from '../simulator/cluster/kinds/service.ts'
import { Kernel } from '../simulator/machine/kernel.ts'
import { formatIpv4, parseIpv4 } from '../simulator/network/address.ts'
import type { NetworkNamespace } from '../simulator/network/namespace.ts'
import { Network } from '../simulator/network/network.ts'
import { Random } from '../simulator/random.ts'
import { Workstation } from '../simulator/workstation.ts'

const epoch = Date.UTC(2026, 2, 2, 8, 30)

/** A cluster without a lab around it, whose parts a measurement can reach. */
export class BenchCluster {
  readonly kernel: Kernel
  readonly network: Network
  readonly cluster: Cluster

  private constructor(kernel: Kernel, network: Network, cluster: Cluster) {
    this.kernel = kernel
    this.network = network
    this.cluster = cluster
  }

  static async boot(changes: Partial<ClusterDefinition> = {}, seed = 1): Promise<BenchCluster> {
    const random = new Random(seed)
    const kernel = new Kernel(new Clock(), random)
    const network = new Network(kernel.clock, random.fork('network'))
    const { machine: workstation } = new Workstation(kernel, network, epoch)
    const definition = { ...referenceCluster, ...changes }
    return new BenchCluster(kernel, network, await Cluster.boot({ kernel, network, workstation, definition, epoch }))
  }

  get client() {
    return this.cluster.client
  }

  advance(milliseconds: number): Promise<void> {
    return this.kernel.advance(milliseconds)
  }

  /** A pod on a node; the answer is its network namespace. */
  async pod(name: string, nodeName: string, labels: Record<string, string> = {}): Promise<NetworkNamespace> {
    const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10' }]
    this.client.create(pod, { metadata: { name, namespace: 'default', labels }, spec: { nodeName, containers } })
    await this.advance(10_000)
    const address = parseIpv4(this.client.get(pod, name, 'default')?.status.podIP ?? '')
    const found = this.network.namespaces.find(
      each => address !== undefined && each.machine === nodeName && each.name !== nodeName && each.isLocal(address),
    )
    if (!found) throw new Error(`pod ${name} has no network`)
    return found
  }

  /** Makes a Service that leads to some addresses; the answer is its own. */
  service(name: string, port: number, protocol: 'TCP' | 'UDP', addresses: readonly string[]): number {
    const ports = [{ port, protocol, targetPort: port }]
    const made = this.client.create(service, { metadata: { name, namespace: 'default' }, spec: { ports } })
    this.client.create(endpointSlice, sliceOf(name, port, protocol, addresses))
    return parseIpv4(made.spec.clusterIP!)!
  }

  /** Makes many Services with ten endpoints each, which lead nowhere. */
  crowd(count: number): void {
    for (let i = 0; i < count; i++) {
      const addresses = Array.from({ length: 10 }, (_, at) => formatIpv4(parseIpv4('10.200.0.0')! + i * 10 + at))
      this.service(`crowd-${i}`, 80, 'TCP', addresses)
    }
  }
}

function sliceOf(name: string, port: number, protocol: 'TCP' | 'UDP', addresses: readonly string[]): EndpointSlice {
  return {
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: addresses.map(address => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ port, protocol, name: '' }],
  } as unknown as EndpointSlice
}
