import { type ClusterDefinition, referenceCluster } from '../../simulator/cluster/definition.ts'
import { namespace as namespaceKind } from '../../simulator/cluster/kinds/namespace.ts'
import { networkPolicy } from '../../simulator/cluster/kinds/networkPolicy.ts'
import { node } from '../../simulator/cluster/kinds/node.ts'
import { pod as podKind } from '../../simulator/cluster/kinds/pod.ts'
import { service as serviceKind } from '../../simulator/cluster/kinds/service.ts'
import { parseIpv4 } from '../../simulator/network/address.ts'
import type { NetworkNamespace } from '../../simulator/network/namespace.ts'
import type { Route } from '../../simulator/network/routes.ts'
import { SocketError, type SocketErrorCode } from '../../simulator/network/socketError.ts'
import type { TraceRecord } from '../../simulator/network/trace.ts'
import { BenchCluster } from '../benchCluster.ts'
import {
  type DrawnFault,
  type DrawnLab,
  type DrawnPacket,
  type Ground,
  type GroundPod,
  internetAddress,
  nameOf,
  outsidePort,
  type Place,
} from './drawnLab.ts'
import { podObject, serviceSpec } from './manifest.ts'

const workstationAddress = '192.168.64.1'
/** How long controllers, kube-proxy and the plugin get to follow a change, and how long a packet is waited for. */
const syncTime = 3_000
const patience = 1_500
/** How long a pod may take to run. */
const longestStart = 120_000
const question = new TextEncoder().encode('echo kubehop')

/** What became of a packet. */
export interface Sent {
  readonly packet: DrawnPacket
  readonly flow: number
  /** An answer, the error that the socket got, or nothing in time. */
  readonly end: 'answered' | SocketErrorCode | 'silent'
  readonly records: readonly TraceRecord[]
}

/** A booted cluster on which labs are set up one after the other. */
export class Stage {
  readonly ground: Ground
  readonly bench: BenchCluster
  #addresses = new Map<string, string>()
  #undo: () => void = () => {}

  private constructor(ground: Ground, bench: BenchCluster) {
    this.ground = ground
    this.bench = bench
  }

  /** Boots the cluster of a ground, with all its pods running. */
  static async boot(ground: Ground): Promise<Stage> {
    const bench = await BenchCluster.boot(clusterOf(ground), ground.seed)
    const stage = new Stage(ground, bench)
    await stage.#startPods()
    bench.cluster.workstation.network.sockets.listenTcp({ port: outsidePort, onConnection: peer => peer.close() })
    return stage
  }

  get namespaces(): readonly NetworkNamespace[] {
    return this.bench.network.namespaces
  }

  /** Makes labels, Services, policies and the fault what a lab says, and waits until everyone has followed. */
  async set(lab: DrawnLab): Promise<void> {
    const { client } = this.bench
    for (const [name, labels] of Object.entries(lab.namespaces))
      client.patch(namespaceKind, name, undefined, { metadata: { labels: { team: null, ...labels } } })
    for (const pod of this.ground.pods) {
      const labels = { a: null, b: null, ...lab.pods[nameOf(pod)] }
      client.patch(podKind, pod.name, pod.namespace, { metadata: { labels } })
    }
    for (const drawn of lab.services)
      client.create(serviceKind, {
        metadata: { name: drawn.name, namespace: drawn.namespace },
        spec: serviceSpec(drawn),
      } as never)
    for (const { namespace, name, spec } of lab.policies)
      client.create(networkPolicy, { metadata: { name, namespace }, spec: structuredClone(spec) })
    await this.bench.advance(syncTime)
    for (const { connections } of this.namespaces) connections.flush()
    this.#undo = lab.fault ? this.#break(lab.fault) : () => {}
    this.bench.network.trace.clear()
  }

  /** Takes a lab away again. */
  async clear(lab: DrawnLab): Promise<void> {
    this.#undo()
    const { client } = this.bench
    for (const { name, namespace } of lab.services) client.delete(serviceKind, name, namespace)
    for (const { name, namespace } of lab.policies) client.delete(networkPolicy, name, namespace)
    await this.bench.advance(syncTime)
  }

  /** Sends all packets of a lab at once and waits for what comes back. */
  async send(packets: readonly DrawnPacket[]): Promise<Sent[]> {
    const sent = packets.map(packet => this.#send(packet))
    await this.bench.advance(patience)
    const { trace } = this.bench.network
    return sent.map(({ packet, flow, end, stop }) => {
      const records = [...trace.flow(flow)]
      stop()
      return { packet, flow, end: end(), records }
    })
  }

  /** Lets kube-proxy and the plugin look at everything again although nothing of theirs has changed. */
  async nudge(): Promise<void> {
    const { client } = this.bench
    const metadata = { annotations: { 'property/nudge': String(this.bench.kernel.clock.now) } }
    for (const { metadata: own } of client.list(serviceKind))
      client.patch(serviceKind, own.name, own.namespace, { metadata })
    for (const { metadata: own } of client.list(networkPolicy))
      client.patch(networkPolicy, own.name, own.namespace, { metadata })
    for (const { metadata: own } of client.list(node)) client.patch(node, own.name, undefined, { metadata })
    await this.bench.advance(syncTime)
  }

  /** What rules, sets and routes say at the moment, by network namespace. */
  tables(): Map<string, string> {
    return new Map(
      this.namespaces.map(each => [
        `${each.machine} ${each.name}`,
        [
          each.netfilter.save(),
          ...[...each.netfilter.nftables.values()].map(table =>
            JSON.stringify([table.chains.map(chainText), table.sets]),
          ),
          ...[...each.netfilter.sets].map(([name, set]) => `${name} ${JSON.stringify(set)}`),
          JSON.stringify(each.routes.list()),
        ].join('\n'),
      ]),
    )
  }

  /** The network of a pod, a node or the workstation. */
  networkOf(place: Place): NetworkNamespace {
    const name = place.kind === 'workstation' ? 'lab' : place.name
    return this.bench.cluster.positionOf({ kind: place.kind, name })!.network
  }

  /** The pod that has an address, and the address of a pod. */
  podAt(address: string): GroundPod | undefined {
    return this.ground.pods.find(pod => this.#addresses.get(nameOf(pod)) === address)
  }

  addressOf(pod: string): string {
    return this.#addresses.get(pod)!
  }

  async #startPods(): Promise<void> {
    const { client } = this.bench
    for (const name of new Set(this.ground.pods.map(({ namespace }) => namespace).concat('red', 'blue')))
      client.create(namespaceKind, { metadata: { name } } as never)
    await this.bench.advance(1_000)
    for (const drawn of this.ground.pods) client.create(podKind, podObject(drawn) as never)
    for (const drawn of this.ground.pods) this.#addresses.set(nameOf(drawn), await this.#addressOnceRunning(drawn))
  }

  async #addressOnceRunning(drawn: GroundPod): Promise<string> {
    for (let waited = 0; waited < longestStart; waited += 1_000) {
      const { status } = this.bench.client.get(podKind, drawn.name, drawn.namespace)!
      const isUp = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')
      if (status.phase === 'Running' && status.podIP && (isUp || !drawn.isReady)) return status.podIP
      await this.bench.advance(1_000)
    }
    throw new Error(`pod ${nameOf(drawn)} does not run: ${JSON.stringify(this.ground)}`)
  }

  #targetOf({ to }: DrawnPacket): { address: number; port: number } {
    switch (to.kind) {
      case 'pod':
        return { address: parseIpv4(this.addressOf(to.pod))!, port: to.port }
      case 'service': {
        const [namespace, name] = to.service.split('/')
        return {
          address: parseIpv4(this.bench.client.get(serviceKind, name!, namespace)!.spec.clusterIP!)!,
          port: to.port,
        }
      }
      case 'nodePort':
      case 'node':
        return { address: parseIpv4(`192.168.64.${10 + this.ground.nodes.indexOf(to.node)}`)!, port: to.port }
      case 'outside':
        return { address: parseIpv4(workstationAddress)!, port: to.port }
      case 'internet':
        return { address: parseIpv4(internetAddress)!, port: to.port }
    }
  }

  #send(packet: DrawnPacket): { packet: DrawnPacket; flow: number; end: () => Sent['end']; stop: () => void } {
    const { sockets, network } = this.networkOf(packet.from)
    const { address, port } = this.#targetOf(packet)
    let end: Sent['end'] = 'silent'
    const finish = (how: Sent['end']) => {
      if (end === 'silent') end = how
    }
    const result = (flow: number, stop: () => void) => ({ packet, flow, end: () => end, stop })
    if (packet.protocol === 'tcp') {
      const flow = network.nextFlow()
      const connection = sockets.connectTcp({ address, port, flow, onOpen: () => finish('answered'), onError: finish })
      return result(flow, () => connection.abort())
    }
    if (packet.protocol === 'sctp') {
      const flow = network.nextFlow()
      const association = sockets.sctp.connect({
        address,
        port,
        flow,
        onOpen: () => finish('answered'),
        onError: finish,
      })
      return result(flow, () => association.abort())
    }
    const flow = network.nextFlow() + 1
    const attempt = (call: () => void) => {
      try {
        call()
      } catch (error) {
        if (!(error instanceof SocketError)) throw error
        finish(error.code)
      }
    }
    const onError = ({ code }: { code: SocketErrorCode }) => finish(code)
    if (packet.protocol === 'udp') {
      const socket = sockets.bindUdp({ port: 0, onDatagram: () => finish('answered'), onError })
      attempt(() => socket.sendTo(question, address, port))
      return result(flow, () => socket.close())
    }
    const socket = sockets.openIcmp({ onReply: () => finish('answered'), onError })
    attempt(() => socket.sendEcho({ destination: address, sequence: 1 }))
    return result(flow, () => socket.close())
  }

  /** Breaks something; the answer mends it. */
  #break(fault: DrawnFault): () => void {
    const network = this.bench.cluster.nodes.get(fault.node)!.network
    if (fault.kind === 'forwardingOff') {
      network.sysctl.set('net.ipv4.ip_forward', '0')
      return () => network.sysctl.set('net.ipv4.ip_forward', '1')
    }
    const range = this.bench.client.get(node, fault.towards)!.spec.podCIDR!
    const [start] = range.split('/')
    const isIt = (route: Route) => route.table === 'main' && route.destination.address === parseIpv4(start!)
    const gone = network.routes.list().filter(isIt)
    network.routes.removeWhere(isIt)
    return () => {
      for (const route of gone) network.routes.add(route)
    }
  }
}

/** The cluster of a ground as a lab defines it. */
export function clusterOf({ plugin, backend, proxy, nodes }: Ground): ClusterDefinition {
  return {
    ...referenceCluster,
    nodes: nodes.map((name, index) => ({ name, address: `192.168.64.${10 + index}`, isControlPlane: index === 0 })),
    cni: { plugin, ...(backend === undefined ? {} : { backend }) },
    proxy,
  }
}

function chainText({
  name,
  base,
  rules,
}: {
  name: string
  base?: unknown
  rules: readonly { text: string }[]
}): unknown {
  return [name, base, rules.map(({ text }) => text)]
}
