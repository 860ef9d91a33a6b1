import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { formatIpv4, formatPrefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { type Node, node as nodeKind } from '../../kinds/node.ts'
import type { PluginControl } from '../plugin.ts'
import { AgentLog } from './agentLog.ts'
import { Datapath } from './datapath.ts'
import { setUpNode } from './deviceSetup.ts'
import { EndpointKeeper } from './endpointKeeper.ts'
import { watchHostPorts } from './hostPorts.ts'
import { watchNodes } from './nodeWatch.ts'
import { type CiliumKinds, type CiliumNode, findKinds, missingKinds } from './objects.ts'
import { watchServices } from './serviceWatch.ts'

const loopback = 0x7f000001
/** Where the agent tells the kubelet how it is. */
const healthPort = 9879
const configurationFile = '/host/etc/cni/net.d/05-cilium.conflist'
const networkConfiguration = `
{
  "cniVersion": "0.3.1",
  "name": "cilium",
  "plugins": [
    {
       "type": "cilium-cni",
       "enable-debug": false,
       "log-file": "/var/run/cilium/cilium-cni.log"
    }
  ]
}
`

/** Runs on every node: keeps the maps in the kernel that its programs decide by. */
export function ciliumAgent(control: PluginControl): Program {
  return {
    name: 'cilium-agent',
    summary: 'keep the network of a node',
    appetite: { processor: 15, memory: 160_000_000 },
    run: process => new Agent(process, control).run(),
  }
}

class Agent {
  readonly #process: Process
  readonly #control: PluginControl
  readonly #client: Client
  readonly #log: AgentLog
  #isAsked = false
  #isReady = false
  #wake: () => void = () => {}

  constructor(process: Process, control: PluginControl) {
    this.#process = process
    this.#control = control
    this.#client = control.client('system:serviceaccount:kube-system:cilium')
    this.#log = new AgentLog(process, () => this.#wake())
    process.onSignal('SIGTERM', () => {
      this.#isAsked = true
      this.#wake()
    })
  }

  async run(): Promise<number> {
    const process = this.#process
    const nodeName = process.env.get('K8S_NODE_NAME')
    if (nodeName === undefined) {
      this.#log.add('Unable to determine the name of the node', 'error')
      await this.#log.flush()
      return 1
    }
    this.#log.add('Cilium 1.18.4')
    serveHttp(process, healthPort, () => ({ status: this.#isReady ? 200 : 503 }), { address: loopback })
    const kinds = await this.#untilKinds()
    const own = kinds && (await this.#untilRange(kinds, nodeName))
    if (!kinds || !own) return 0
    const datapath = this.#attach(own)
    const ends = this.#begin(kinds, datapath, own)
    process.onExit(() => {
      datapath.agent = undefined
      for (const end of ends) end()
    })
    this.#isReady = true
    this.#log.add('Daemon initialization completed')
    while (!this.#isAsked) {
      await this.#log.flush()
      await this.#sleepUntilWoken()
    }
    process.files.remove('/var/run/cilium/cilium.sock')
    await this.#log.flush()
    return 0
  }

  /** Waits until the operator has registered the kinds. */
  async #untilKinds(): Promise<CiliumKinds | undefined> {
    for (let asked = 0; !this.#isAsked; asked++) {
      const kinds = findKinds(this.#client)
      if (kinds) return kinds
      if (asked % 50 === 5)
        this.#log.add(
          `Still waiting for Cilium Operator to register the following CRDs: [${missingKinds(this.#client)}]`,
        )
      await this.#log.flush()
      await this.#process.sleep(1_000)
    }
    return undefined
  }

  /** Waits until the operator has given the node a range of addresses. */
  async #untilRange(kinds: CiliumKinds, nodeName: string): Promise<CiliumNode | undefined> {
    const found = this.#client.get(nodeKind, nodeName)
    const ip = found?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address
    if (!found || ip === undefined) return undefined
    if (!this.#client.get(kinds.node, nodeName))
      this.#client.create(kinds.node, {
        metadata: { name: nodeName, labels: { ...found.metadata.labels }, ownerReferences: [ownerOf(found)] },
        spec: { addresses: [{ ip, type: 'InternalIP' }], ipam: {} },
      })
    for (let asked = 0; !this.#isAsked; asked++) {
      const own = this.#client.get(kinds.node, nodeName)
      if (own?.spec.ipam?.podCIDRs?.length) return own
      if (asked % 50 === 5) this.#log.add('Waiting for IPs to become available in CRD-backed allocation pool')
      await this.#log.flush()
      await this.#process.sleep(200)
    }
    return undefined
  }

  #attach(own: CiliumNode): Datapath {
    const { network, kernel } = this.#process
    const known = Datapath.of(network)
    if (known) return known
    const range = parsePrefix(own.spec.ipam!.podCIDRs![0]!)!
    const nodeAddress = parseIpv4(own.spec.addresses!.find(({ type }) => type === 'InternalIP')!.ip)!
    const random = kernel.random.fork(`cilium ${own.metadata.name}`)
    const router = range.address + 2 + random.below(252)
    const outside =
      network.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === nodeAddress))?.name ??
      'eth0'
    const datapath = new Datapath({
      clock: kernel.clock,
      random,
      host: network,
      nodeName: own.metadata.name,
      nodeAddress,
      outside,
      range,
      router,
      isTunnelling: this.#setting('routing-mode') !== 'native',
      hostEndpoint: 1 + random.below(4095),
      hostLabels: hostLabelsOf(this.#client.get(nodeKind, own.metadata.name)),
    })
    datapath.allocated.set(router, 'router')
    this.#log.add(`Allocated router IP ${formatIpv4(router)} from ${formatPrefix(range)}`)
    return datapath
  }

  #begin(kinds: CiliumKinds, datapath: Datapath, own: CiliumNode): (() => void)[] {
    const { files } = this.#process
    setUpNode(datapath, this.#setting('ipv4-native-routing-cidr'))
    datapath.ipCache.clear()
    datapath.services.clear()
    const addresses = [
      { ip: formatIpv4(datapath.options.nodeAddress), type: 'InternalIP' as const },
      { ip: formatIpv4(datapath.options.router), type: 'CiliumInternalIP' as const },
    ]
    if (own.spec.addresses?.length !== addresses.length)
      this.#client.update(kinds.node, { ...own, spec: { ...own.spec, addresses } })
    const keeper = new EndpointKeeper({ client: this.#client, kinds, datapath, random: datapath.options.random })
    datapath.agent = keeper
    const ends = [
      watchNodes(this.#client, kinds, datapath),
      watchServices(this.#client, datapath),
      watchHostPorts(this.#client, datapath),
      () => keeper.stop(),
    ]
    files.writeText('/var/run/cilium/cilium.sock', '')
    files.writeText(configurationFile, networkConfiguration)
    this.#log.add(`Wrote CNI configuration file to ${configurationFile}`)
    this.#reportNode(own.metadata.name)
    return ends
  }

  /** Tells that the network is there, and lets pods come to the node. */
  #reportNode(name: string): void {
    const before = this.#client.get(nodeKind, name)!
    if (before.status.conditions?.some(each => each.type === 'NetworkUnavailable' && each.status === 'False')) return
    const now = new Date(this.#control.epoch + this.#control.clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
    const condition = {
      type: 'NetworkUnavailable',
      status: 'False',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: 'CiliumIsUp',
      message: 'Cilium is running on this node',
    }
    const others = (before.status.conditions ?? []).filter(each => each.type !== condition.type)
    this.#client.updateStatus(nodeKind, { ...before, status: { ...before.status, conditions: [condition, ...others] } })
  }

  #setting(name: string): string | undefined {
    const { files } = this.#process
    const path = `/tmp/cilium/config-map/${name}`
    return files.exists(path) ? files.readText(path) : undefined
  }

  #sleepUntilWoken(): Promise<void> {
    return this.#process.wait<void>(wake => {
      this.#wake = () => wake()
    })
  }
}

/** The labels of a node's own endpoint: those of the node that are no one else's business are left out. */
function hostLabelsOf(found: Node | undefined): string[] {
  const isControlPlane = found?.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined
  const own = isControlPlane ? ['k8s:node-role.kubernetes.io/control-plane', 'reserved:kube-apiserver'] : []
  return [...own, 'reserved:host'].sort()
}

function ownerOf({ metadata }: Node) {
  return { apiVersion: 'v1', kind: 'Node', name: metadata.name, uid: metadata.uid }
}
