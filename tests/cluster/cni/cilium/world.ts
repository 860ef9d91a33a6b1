import { type CiliumEndpoint, findKinds } from '../../../../src/simulator/cluster/cni/cilium/objects.ts'
import { type NetworkPolicy, networkPolicy } from '../../../../src/simulator/cluster/kinds/networkPolicy.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../../src/simulator/cluster/kinds/service.ts'
import { saveTable } from '../../../../src/simulator/network/netfilter/format.ts'
import { formatRoute } from '../../../../src/simulator/network/routes.ts'
import { print } from '../../../network/print.ts'
import { TestCluster } from '../../fixture.ts'

const nodes = ['control-plane', 'node1', 'node2'] as const

/** A cluster with Cilium: two pods on node1, one on node2, web servers behind a Service. */
export class CiliumWorld {
  readonly lab: TestCluster

  private constructor(lab: TestCluster) {
    this.lab = lab
  }

  static async boot(backend: 'vxlan' | 'native' = 'vxlan'): Promise<CiliumWorld> {
    const world = new CiliumWorld(await TestCluster.boot({ cni: { plugin: 'cilium', backend } }))
    world.createPod('client', 'node1', { app: 'client' }, 'nicolaka/netshoot:v0.13')
    world.createPod('near', 'node1', { app: 'web' })
    world.createPod('far', 'node2', { app: 'web' })
    await world.lab.advance(8)
    return world
  }

  createPod(name: string, nodeName: string, labels: Record<string, string>, image = 'nginx:1.27', ports = [80]): void {
    const command = image.startsWith('nginx') ? {} : { command: ['sleep', 'infinity'] }
    const containerPorts = ports.map(containerPort => ({ name: 'http', containerPort }))
    this.lab.client.create(pod, {
      metadata: { name, namespace: 'default', labels },
      spec: { nodeName, containers: [{ name: 'c', image, ports: containerPorts, ...command }] },
    })
  }

  createService(name: string, more: object = {}): string {
    const spec = { selector: { app: name }, ports: [{ port: 80 }], ...more }
    return this.lab.client.create(service, { metadata: { name, namespace: 'default' }, spec }).spec.clusterIP!
  }

  createPolicy(name: string, spec: NetworkPolicy['spec']): void {
    this.lab.client.create(networkPolicy, { metadata: { name, namespace: 'default' }, spec })
  }

  deletePolicy(name: string): void {
    this.lab.client.delete(networkPolicy, name, 'default')
  }

  address(name: string): string {
    return this.lab.pod(name).status.podIP!
  }

  network(machine: string) {
    return this.lab.cluster.machines.get(machine)!.network
  }

  /** What Cilium says of a pod. */
  endpoint(name: string): CiliumEndpoint | undefined {
    return this.lab.client.get(findKinds(this.lab.client)!.endpoint, name, 'default')
  }

  /** The number that stands for a pod's labels. */
  identity(name: string): number {
    return this.endpoint(name)!.status!.identity!.id
  }

  /** The node's end of a pod's cable. */
  cable(name: string): string {
    const place = this.lab.pod(name).spec.nodeName!
    const routes = this.network(place).interfaces.filter(device => device.name.startsWith('lxc'))
    const found = routes.find(device => {
      const peer = (device as unknown as { peer?: { addresses: readonly { address: number }[] } }).peer
      return peer?.addresses.some(({ address }) => text(address) === this.address(name))
    })
    return found!.name
  }

  routes(machine: string): string[] {
    const list = this.network(machine).routes.list()
    return list.map(route => this.plain(formatRoute(route).trim()))
  }

  rules(machine: string): string {
    const { netfilter } = this.network(machine)
    return (['nat', 'filter', 'mangle', 'raw'] as const).map(name => saveTable(netfilter.table(name))).join('\n')
  }

  /** What passes an interface from now on, printed like tcpdump with names for what differs from run to run. */
  capture(machine: string, name: string, keep: RegExp = /\[S\.?\]|\[R/): string[] {
    const lines: string[] = []
    this.network(machine)
      .interface(name)!
      .capture(frame => {
        const line = this.plain(print(frame))
        if (keep.test(line)) lines.push(line)
      })
    return lines
  }

  /** Puts names in place of addresses, and PORT in place of ports that are chosen by chance. */
  plain(line: string): string {
    let plain = line
    for (const name of ['client', 'near', 'far']) plain = plain.replaceAll(this.address(name), name)
    for (const node of nodes) {
      const router = this.network(node).interface('cilium_host')?.addresses[0]?.address
      if (router !== undefined) plain = plain.replaceAll(text(router), `router(${node})`)
    }
    return plain.replace(/\.(3[2-9]|[45]\d|6[0-5])\d{3}\b/g, '.PORT')
  }

  /** The status code of a request, or what curl says instead. */
  async get(from: string, url: string): Promise<string> {
    const ran = await this.lab.exec(from, ['curl', '-sS', '-o', '/dev/null', '-m', '2', '-w', '%{http_code}', url])
    return ran.output.replace(/^(?:000)?curl: /, '').trim()
  }
}

function text(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.')
}
