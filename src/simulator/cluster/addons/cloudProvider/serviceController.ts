import type { Timer } from '../../../clock.ts'
import { glogLine } from '../../../machine/glog.ts'
import type { Machine } from '../../../machine/machine.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { createRecorder, type EventRecorder } from '../../eventRecorder.ts'
import { type Node, node } from '../../kinds/node.ts'
import { type Service, service } from '../../kinds/service.ts'
import { LoadBalancer, loadBalancerHost } from './loadBalancer.ts'

/** Keeps a Service from going before its load balancer has gone. */
export const finalizer = 'service.kubernetes.io/load-balancer-cleanup'

const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'
const reaction = 100
/** A cloud takes its time. */
const provisioningTime = 15_000
const deletionTime = 3_000

/** What the cloud has been asked for, for one Service. */
interface Ensured {
  readonly wish: string
  readonly hosts: string
}

/** What a cloud provider's controller works with. */
export interface CloudParts {
  readonly client: Client
  /** Puts a machine on the LAN; `host` is the number at the end of its address. */
  machine(name: string, host: number): Machine
}

/** The program that gets load balancers for Services from the cloud. Source: k8s.io/cloud-provider/controllers/service. */
export function createCloudController({ client, machine }: CloudParts): Program {
  // The cloud outlives the controller's process.
  const cloud: { balancer?: LoadBalancer } = {}
  const balancer = () => {
    cloud.balancer ??= new LoadBalancer(machine('load-balancer', loadBalancerHost))
    return cloud.balancer
  }
  return {
    name: 'cloud-controller-manager',
    summary: 'get load balancers for Services from the cloud',
    appetite: { processor: 2, memory: 26_000_000 },
    async run(process) {
      await process.stderr.write(glogLine(process, 'controller.go:231', '"Starting service controller"'))
      new ServiceController(process, client, balancer)
      await untilAsked(process)
      return 0
    },
  }
}

class ServiceController {
  readonly #process: Process
  readonly #client: Client
  readonly #balancer: () => LoadBalancer
  readonly #record: EventRecorder
  readonly #ensured = new Map<string, Ensured>()
  readonly #working = new Map<string, Timer>()
  #next: Timer | undefined

  constructor(process: Process, client: Client, balancer: () => LoadBalancer) {
    this.#process = process
    this.#client = client
    this.#balancer = balancer
    const { clock } = process.kernel
    const epoch = process.machine.now() - clock.now
    this.#record = createRecorder({ client, clock, epoch, component: 'service-controller' })
    const ends = [
      client.watch(service, () => this.#later()),
      client.watch(node, ({ object, previous }) => {
        if (!previous || takesTraffic(object) !== takesTraffic(previous)) this.#later()
      }),
    ]
    process.onExit(() => {
      for (const end of ends) end()
      this.#next?.cancel()
      for (const timer of this.#working.values()) timer.cancel()
    })
  }

  #later(): void {
    this.#next ??= this.#process.kernel.clock.after(reaction, () => {
      this.#next = undefined
      for (const each of this.#client.list(service)) this.#reconcile(each)
    })
  }

  #reconcile(found: Service): void {
    const key = keyOf(found)
    if (this.#working.has(key)) return
    const { finalizers = [], deletionTimestamp } = found.metadata
    const isWanted = found.spec.type === 'LoadBalancer' && found.spec.loadBalancerClass === undefined
    if (!isWanted || deletionTimestamp) {
      if (finalizers.includes(finalizer)) this.#remove(found)
      return
    }
    const hosts = this.#hosts()
    const wish = JSON.stringify([found.spec.ports, found.spec.externalTrafficPolicy, found.spec.healthCheckNodePort])
    const before = this.#ensured.get(key)
    if (before?.wish === wish && before.hosts === hosts.join()) return
    if (before?.wish === wish) {
      this.#ensured.set(key, { wish, hosts: hosts.join() })
      this.#serve(found, addressOf(found)!, hosts)
      this.#record(found, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts')
      return
    }
    this.#record(found, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer')
    this.#log(`"Ensuring load balancer for service" service="${key}"`)
    if (!finalizers.includes(finalizer)) this.#writeFinalizers(found, [...finalizers, finalizer])
    this.#after(key, before ? reaction : provisioningTime, () => this.#ensure(key, wish))
  }

  #ensure(key: string, wish: string): void {
    const found = this.#current(key)
    if (!found || found.metadata.deletionTimestamp) return this.#later()
    const address = addressOf(found) ?? this.#freeAddress(found)
    if (address === undefined) {
      const message = 'Error syncing load balancer: failed to ensure load balancer: no address is left'
      this.#record(found, 'Warning', 'SyncLoadBalancerFailed', message)
      return
    }
    const hosts = this.#hosts()
    this.#serve(found, address, hosts)
    this.#ensured.set(key, { wish, hosts: hosts.join() })
    if (addressOf(found) === undefined) {
      const ingress = [{ ip: formatIpv4(address), ipMode: 'VIP' }]
      this.#client.updateStatus(service, { ...found, status: { ...found.status, loadBalancer: { ingress } } })
    }
    this.#record(found, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer')
    this.#later()
  }

  #remove(found: Service): void {
    const key = keyOf(found)
    this.#record(found, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer')
    this.#after(key, deletionTime, () => {
      this.#balancer().remove(key)
      this.#ensured.delete(key)
      const current = this.#current(key)
      if (!current) return
      if (!current.metadata.deletionTimestamp)
        this.#client.updateStatus(service, { ...current, status: { ...current.status, loadBalancer: {} } })
      this.#record(current, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer')
      const latest = this.#current(key) ?? current
      this.#writeFinalizers(
        latest,
        (latest.metadata.finalizers ?? []).filter(each => each !== finalizer),
      )
    })
  }

  #serve(found: Service, address: number, hosts: readonly string[]): void {
    const { ports = [], healthCheckNodePort } = found.spec
    this.#balancer().set(keyOf(found), {
      address,
      ports: ports.map(({ protocol = 'TCP', port }) => ({ protocol: protocol.toLowerCase(), port })),
      nodes: hosts.map(host => parseIpv4(host)!),
      health: healthCheckNodePort
        ? { port: healthCheckNodePort, path: '/healthz' }
        : // Without a port of its own, the node's kube-proxy answers for all.
          { port: 10256, path: '/healthz' },
    })
  }

  /** The addresses of the nodes that take traffic from outside. */
  #hosts(): string[] {
    return this.#client
      .list(node)
      .filter(takesTraffic)
      .flatMap(({ status }) => status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? [])
  }

  #freeAddress({ spec }: Service): number | undefined {
    const taken = new Set(this.#client.list(service).map(addressOf))
    const wish = spec.loadBalancerIP === undefined ? undefined : parseIpv4(spec.loadBalancerIP)
    if (wish !== undefined && !taken.has(wish)) return wish
    return this.#balancer().addresses.find(address => !taken.has(address))
  }

  #writeFinalizers({ metadata: { name, namespace } }: Service, finalizers: readonly string[]): void {
    this.#client.patch(service, name, namespace, { metadata: { finalizers } })
  }

  #current(key: string): Service | undefined {
    const [namespace = '', name = ''] = key.split('/')
    return this.#client.get(service, name, namespace)
  }

  #after(key: string, delay: number, run: () => void): void {
    const timer = this.#process.kernel.clock.after(delay, () => {
      this.#working.delete(key)
      run()
    })
    this.#working.set(key, timer)
  }

  #log(text: string): void {
    this.#process.stderr.write(glogLine(this.#process, 'controller.go:400', text))
  }
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`
}

function addressOf({ status }: Service): number | undefined {
  const text = status?.loadBalancer?.ingress?.[0]?.ip
  return text === undefined ? undefined : parseIpv4(text)
}

function takesTraffic({ metadata, status }: Node): boolean {
  if (metadata.labels?.[excludeLabel] !== undefined || metadata.deletionTimestamp) return false
  return status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
}
