import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4, formatPrefix, parseIpv4 } from '../../../network/address.ts'
import { Random } from '../../../random.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { type Node, node as nodeKind } from '../../kinds/node.ts'
import type { PluginControl } from '../plugin.ts'
import { Addresses } from './addresses.ts'
import { Devices } from './devices.ts'
import { controlPort, podRange, shareOf, withLength } from './range.ts'
import { writeRouterRules } from './rules.ts'

const version = '2.8.1'
const annotation = 'kube-peers.weave.works/peers'

/** Another router of the mesh, by the name of its node. */
interface Peer {
  readonly node: string
  readonly address: number
}

/** Joins a node to the mesh: makes its interfaces, hands out its part of the range, and knows the other routers. */
export function router(control: PluginControl): Program {
  return {
    name: 'weaver',
    summary: 'join a node to the network of Weave Net',
    appetite: { processor: 4, memory: 60_000_000 },
    run: process => new Router(process, control).run(),
  }
}

class Router {
  readonly #process: Process
  readonly #control: PluginControl
  readonly #client: Client
  readonly #peers = new Map<string, Peer>()
  readonly #nodeName: string
  readonly #addresses: Addresses

  constructor(process: Process, control: PluginControl) {
    this.#process = process
    this.#control = control
    this.#client = control.client('system:serviceaccount:kube-system:weave-net')
    this.#nodeName = process.env.get('HOSTNAME') ?? process.machine.hostname
    this.#addresses = new Addresses((process.machine.parent ?? process.machine).files)
  }

  // Simplified: routers learn of each other from the Nodes, and exchange nothing among themselves but frames of pods; where
  // the tunnel is blocked they have no other way (sleeve).
  async run(): Promise<number> {
    const { network } = this.#process
    await this.#log(
      `Command line options: map[conn-limit:200 datapath:datapath docker-api: expect-npc:true ipalloc-init:consensus=${this.#client.list(nodeKind).length} ipalloc-range:${formatPrefix(podRange)} mtu:0 name:${nameOf(this.#nodeName)} nickname:${this.#nodeName} no-dns:true port:6783]`,
    )
    await this.#log(`weave  ${version}`)
    const outside = network.routeTo(0x08080808)?.interface
    const local = outside?.addresses[0]
    if (!outside || !local) {
      await this.#log('failed to find an interface to the other nodes', 'FATA')
      return 1
    }
    await this.#log('Bridge type is bridged_fastdp')
    const devices = new Devices(network, outside.name, local.address)
    const names = this.#enlist()
    this.#addresses.open(shareOf(names.indexOf(this.#nodeName), this.#client.list(nodeKind).length))
    const exposed = this.#addresses.allocate('weave:expose')!
    devices.expose(exposed)
    writeRouterRules(network)
    await this.#log(`Exposing ${withLength(exposed)} on bridge "weave"`)
    serveHttp(this.#process, controlPort, ({ target }) => ({ status: 200, body: this.#status(target) }), {
      address: parseIpv4('127.0.0.1')!,
    })
    this.#announce()
    const stop = this.#client.watch(nodeKind, change => {
      if (change.object.metadata.name !== this.#nodeName)
        this.#meet(devices, change.object.metadata.name, change.type === 'DELETED' ? undefined : change.object)
    })
    this.#process.onExit(stop)
    await untilAsked(this.#process)
    return 0
  }

  /** Enters the node into the list of all routers, and gives the list. */
  #enlist(): string[] {
    const place = ['weave-net', 'kube-system'] as const
    const object = this.#client.get(configMap, ...place)
    const known = JSON.parse(object?.metadata.annotations?.[annotation] ?? '{"Peers":[]}') as {
      readonly Peers: readonly { readonly PeerName: string; readonly NodeName: string }[]
    }
    const names = known.Peers.map(peer => peer.NodeName)
    if (names.includes(this.#nodeName)) return names
    const peers = [...known.Peers, { PeerName: nameOf(this.#nodeName), NodeName: this.#nodeName }]
    const annotations = { [annotation]: JSON.stringify({ Peers: peers }) }
    if (object) this.#client.patch(configMap, ...place, { metadata: { annotations } })
    else this.#client.create(configMap, { metadata: { name: place[0], namespace: place[1], annotations } })
    return [...names, this.#nodeName]
  }

  #meet(devices: Devices, name: string, node: Node | undefined): void {
    const text = node?.status.addresses?.find(each => each.type === 'InternalIP')?.address
    const address = parseIpv4(text ?? '')
    const old = this.#peers.get(name)
    if (old && old.address !== address) {
      devices.leave(old.address)
      this.#peers.delete(name)
    }
    if (address === undefined || this.#peers.has(name)) return
    devices.join(address)
    this.#peers.set(name, { node: name, address })
    const link = `->[${formatIpv4(address)}:6783|${nameOf(name)}(${name})]`
    this.#process.thread(() => this.#log(`${link}: connection fully established`))
  }

  /** Tells the cluster that pods of this node have a network. */
  #announce(): void {
    const own = this.#client.get(nodeKind, this.#nodeName)
    if (!own || own.status.conditions?.some(each => each.reason === 'WeaveIsUp')) return
    const now = new Date(this.#control.epoch + this.#control.clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
    const condition = {
      type: 'NetworkUnavailable',
      status: 'False',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: 'WeaveIsUp',
      message: 'Weave pod has set this',
    }
    const others = (own.status.conditions ?? []).filter(each => each.type !== condition.type)
    this.#client.updateStatus(nodeKind, { ...own, status: { ...own.status, conditions: [condition, ...others] } })
  }

  #status(target: string): string {
    const peers = [...this.#peers.values()]
    if (target === '/status/connections')
      return peers
        .map(
          ({ node, address }) =>
            `-> ${`${formatIpv4(address)}:6783`.padEnd(21)} established fastdp ${nameOf(node)}(${node}) mtu=1376\n`,
        )
        .join('')
    if (target === '/status/ipam') {
      const share = this.#addresses.share
      const part = (((share?.count ?? 0) / 2 ** (32 - podRange.length)) * 100).toFixed(1)
      return (
        `${nameOf(this.#nodeName)}(${this.#nodeName})`.padEnd(40) +
        `${share?.count ?? 0} IPs (${part}% of total) (${this.#addresses.used} active)\n`
      )
    }
    if (target !== '/status') return ''
    const count = peers.length
    return [
      '',
      `        Version: ${version}`,
      '',
      '        Service: router',
      '       Protocol: weave 1..2',
      `           Name: ${nameOf(this.#nodeName)}(${this.#nodeName})`,
      '     Encryption: disabled',
      '  PeerDiscovery: enabled',
      `        Targets: ${count}`,
      `    Connections: ${count} (${count} established)`,
      `          Peers: ${count + 1} (with ${count * (count + 1)} established connections)`,
      ' TrustedSubnets: none',
      '',
      '        Service: ipam',
      '         Status: ready',
      `          Range: ${formatPrefix(podRange)}`,
      `  DefaultSubnet: ${formatPrefix(podRange)}`,
      '',
      '',
    ].join('\n')
  }

  #log(text: string, level: 'INFO' | 'FATA' = 'INFO'): Promise<void> {
    const time = new Date(this.#process.machine.now())
      .toISOString()
      .replace(/^(\d+)-(\d+)-(\d+)T(.*)Z$/, '$1/$2/$3 $4000')
    return this.#process.stderr.write(`${level}: ${time} ${text}\n`)
  }
}

/** What the router of a node is called: in the form of an Ethernet address. */
function nameOf(nodeName: string): string {
  return new Random(`weave ${nodeName}`).hex(12).replace(/..(?=.)/g, '$&:')
}
