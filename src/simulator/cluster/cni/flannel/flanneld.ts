import { glogLine } from '../../../machine/glog.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { contains, formatIpv4, formatPrefix, type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { type Node, node } from '../../kinds/node.ts'
import { pod } from '../../kinds/pod.ts'
import type { PluginControl } from '../plugin.ts'
import { type Backend, createBackend, isBackend } from './backend.ts'
import { rulesAround, writeMasqueradeRules } from './rules.ts'

const annotation = 'flannel.alpha.coreos.com'
// --iptables-resync
const resyncTime = 5_000

/** Gives its node a part of the pod network: joins it to the other nodes and writes down the range for the CNI plugin. */
export function flanneld(control: PluginControl): Program {
  return {
    name: 'flanneld',
    summary: 'join a node to the pod network',
    async run(process) {
      const flannel = new Flanneld(process, control)
      return flannel.run()
    },
  }
}

class Flanneld {
  readonly #process: Process
  readonly #control: PluginControl
  readonly #client: Client
  readonly #lines: string[] = []
  #wake: () => void = () => {}

  constructor(process: Process, control: PluginControl) {
    this.#process = process
    this.#control = control
    this.#client = control.client('system:serviceaccount:kube-flannel:flannel')
  }

  async run(): Promise<number> {
    const process = this.#process
    let isAsked = false
    process.onSignal('SIGTERM', () => {
      isAsked = true
      this.#wake()
    })
    const name = this.#nodeName()
    if (name === undefined) {
      this.#log('main.go:252', 'Failed to create SubnetManager: error retrieving pod spec', 'E')
      return this.#end(1)
    }
    const settings = this.#settings()
    if (typeof settings === 'string') {
      this.#log('main.go:252', settings, 'E')
      return this.#end(1)
    }
    const own = this.#client.get(node, name)
    const subnet = parsePrefix(own?.spec.podCIDR ?? '')
    if (!subnet) {
      this.#log(
        'main.go:359',
        `Error registering network: failed to acquire lease: node "${name}" pod cidr not assigned`,
        'E',
      )
      return this.#end(1)
    }
    if (!contains(settings.network, subnet.address)) {
      const [all, part] = [settings.network, subnet].map(formatPrefix)
      this.#log(
        'main.go:359',
        `Error registering network: failed to acquire lease: subnet "${all}" specified in the flannel net config doesn't contain "${part}" PodCIDR of the "${name}" node`,
        'E',
      )
      return this.#end(1)
    }
    const route = process.network.routeTo(0x08080808)
    const outside = route?.interface
    const address = outside?.addresses[0]
    if (!outside || !address) {
      this.#log(
        'main.go:252',
        'Failed to find any valid interface to use: failed to get default interface: unable to find default route',
        'E',
      )
      return this.#end(1)
    }
    this.#log('match.go:211', `Using interface with name ${outside.name} and address ${formatIpv4(address.address)}`)
    const backend = createBackend(settings.backend, process.network, outside, address.address, subnet)
    this.#log('kube.go:636', `List of node(${name}) annotations`)
    this.#register(name, backend, address.address)
    writeMasqueradeRules(process.network, settings.network, subnet)
    this.#log('main.go:421', 'Changing default FORWARD chain policy to ACCEPT')
    this.#writeSubnet(settings.network, subnet, backend.mtu)
    this.#log('main.go:458', 'Wrote subnet file to /run/flannel/subnet.env')
    this.#log('main.go:462', 'Running backend.')
    const stop = this.#client.watch(node, change => {
      if (change.object.metadata.name === name) return
      this.#meet(backend, change.type === 'DELETED' ? undefined : change.object, change.previous ?? change.object)
    })
    const endResync = this.#keepRules(settings.network, subnet)
    const forget = process.onExit(() => {
      stop()
      endResync()
    })
    try {
      while (!isAsked) {
        await this.#flush()
        await process.wait<void>(wake => {
          this.#wake = wake
        })
      }
      this.#log('main.go:524', 'shutdownHandler sent cancel signal...')
    } finally {
      forget()
      stop()
      endResync()
    }
    return this.#end(0)
  }

  /** Looks after the rules every few seconds; the answer ends it. */
  #keepRules(network: Prefix, subnet: Prefix): () => void {
    const { clock } = this.#control
    const host = this.#process.network
    let seen = rulesAround(host)
    const look = () => {
      const now = rulesAround(host)
      if (now.length !== seen.length || now.some((rule, index) => rule !== seen[index])) {
        if (writeMasqueradeRules(host, network, subnet))
          this.#log('iptables.go:125', 'Some iptables rules are missing; deleting and recreating rules')
        seen = rulesAround(host)
      }
      timer = clock.after(resyncTime, look)
    }
    let timer = clock.after(resyncTime, look)
    return () => timer.cancel()
  }

  /** The node on which the pod of this process stands. */
  #nodeName(): string | undefined {
    const { env } = this.#process
    const [name, namespace] = [env.get('POD_NAME'), env.get('POD_NAMESPACE')]
    if (name === undefined || namespace === undefined) return undefined
    return this.#client.get(pod, name, namespace)?.spec.nodeName
  }

  #settings(): { network: Prefix; backend: string } | string {
    const file = '/etc/kube-flannel/net-conf.json'
    const { files } = this.#process
    if (!files.exists(file))
      return `Failed to create SubnetManager: failed to read net conf: open ${file}: no such file or directory`
    try {
      const content = JSON.parse(files.readText(file)) as { Network?: string; Backend?: { Type?: string } }
      const network = parsePrefix(content.Network ?? '')
      if (!network)
        return 'Failed to create SubnetManager: error parsing subnet config: please define a correct Network parameter in the flannel config'
      const backend = content.Backend?.Type ?? 'udp'
      if (!isBackend(backend))
        return `Error fetching backend: unknown backend type ${backend}: it is not simulated here`
      return { network, backend }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      return `Failed to create SubnetManager: error parsing subnet config: ${error.message}`
    }
  }

  /** Tells the other nodes, by annotations of the Node, how this one can be reached. */
  #register(name: string, backend: Backend, address: number): void {
    const wanted = {
      [`${annotation}/backend-data`]: backend.facts,
      [`${annotation}/backend-type`]: backend.type,
      [`${annotation}/kube-subnet-manager`]: 'true',
      [`${annotation}/public-ip`]: formatIpv4(address),
    }
    const own = this.#client.get(node, name)!
    const isKnown = Object.entries(wanted).every(([key, value]) => own.metadata.annotations?.[key] === value)
    if (!isKnown) this.#client.patch(node, name, undefined, { metadata: { annotations: wanted } })
    const before = this.#client.get(node, name)!
    if (before.status.conditions?.some(each => each.type === 'NetworkUnavailable' && each.status === 'False')) return
    const now = new Date(this.#control.epoch + this.#control.clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
    const condition = {
      type: 'NetworkUnavailable',
      status: 'False',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: 'FlannelIsUp',
      message: 'Flannel is running on this node',
    }
    const others = (before.status.conditions ?? []).filter(each => each.type !== condition.type)
    this.#client.updateStatus(node, { ...before, status: { ...before.status, conditions: [condition, ...others] } })
  }

  #writeSubnet(network: Prefix, subnet: Prefix, mtu: number): void {
    const { files } = this.#process
    files.mkdir('/run/flannel', { parents: true })
    const gateway = formatPrefix({ address: subnet.address + 1, length: subnet.length })
    files.writeText(
      '/run/flannel/subnet.env',
      `FLANNEL_NETWORK=${formatPrefix(network)}\nFLANNEL_SUBNET=${gateway}\nFLANNEL_MTU=${mtu}\nFLANNEL_IPMASQ=true\n`,
    )
  }

  /** Learns of another node, or that it is gone. */
  #meet(backend: Backend, now: Node | undefined, before: Node): void {
    const peer = peerOf(now)
    const old = peerOf(before)
    if (peer && !backend.knows(peer)) {
      if (old && backend.knows(old)) backend.remove(old)
      backend.add(peer)
      this.#log(
        'subnet.go:152',
        `Batch elem [0] is { lease.Event{Type:0, Lease:lease.Lease{Subnet:${formatPrefix(peer.subnet)}}} }`,
      )
    } else if (!peer && old && backend.knows(old)) backend.remove(old)
  }

  #log(place: string, text: string, level: 'I' | 'W' | 'E' = 'I'): void {
    this.#lines.push(glogLine(this.#process, place, text, level))
    this.#wake()
  }

  async #flush(): Promise<void> {
    if (this.#lines.length > 0) await this.#process.stderr.write(this.#lines.splice(0).join(''))
  }

  async #end(status: number): Promise<number> {
    await this.#flush()
    return status
  }
}

/** What a node's annotations say about the way to it. */
function peerOf(of: Node | undefined) {
  const annotations = of?.metadata.annotations ?? {}
  const subnet = parsePrefix(of?.spec.podCIDR ?? '')
  const address = parseIpv4(annotations[`${annotation}/public-ip`] ?? '')
  if (!subnet || address === undefined) return undefined
  return { subnet, address, facts: annotations[`${annotation}/backend-data`] ?? '' }
}
