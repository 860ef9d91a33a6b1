import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4, formatPrefix, type Prefix, parsePrefix } from '../../../network/address.ts'
import { AddressSet } from '../../../network/netfilter/addressSet.ts'
import type { Change, Client } from '../../client.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { networkPolicy } from '../../kinds/networkPolicy.ts'
import { node } from '../../kinds/node.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { PluginControl } from '../plugin.ts'
import { endpointOf, isStill } from './endpoint.ts'
import { isOn, NodeRoutes } from './nodeRoutes.ts'
import { PolicyTable } from './policyTable.ts'
import { findCalicoKind, type IpPool } from './resources.ts'
import { calicoVersion, setSize, userOf } from './settings.ts'
import { type NodeIdentity, startNode } from './startup.ts'
import { writeStaticChains } from './staticChains.ts'

/** Where kube-proxy keeps the addresses of Services in its IPVS mode. */
const ipvsDevice = 'kube-ipvs0'
/** How long it rests after it has written something, so that many changes cost as much as one. */
const restTime = 100
/** How often it looks whether others have changed its rules. */
const refreshTime = 90_000
/** How long it waits for the API server to know Calico's kinds. */
const patience = 1_000

/** Tells the probes of the container that felix works. */
const readyFile = '/tmp/felix.ready'

/** What the pods of calico-node run: felix writes rules and routes, bird speaks with the other nodes. */
export function calicoNode(control: PluginControl): Program {
  return {
    name: 'start_runit',
    summary: 'run felix, confd and bird',
    async run(process) {
      return new CalicoNode(process, control).run()
    },
  }
}

// Simplified: felix, confd and bird are there to be seen; their work is done by the process that has started them.
/** One of the parts of calico-node. */
const part: Program = {
  name: 'calico-node',
  summary: 'a part of calico-node',
  async run(process) {
    await untilAsked(process)
    return 0
  },
}

const felix = ['calico-node', '-felix']
const bgp = [
  ['calico-node', '-confd'],
  ['bird', '-R', '-s', '/var/run/calico/bird.ctl', '-d', '-c', '/etc/calico/confd/config/bird.cfg'],
]

class CalicoNode {
  readonly #process: Process
  readonly #control: PluginControl
  readonly #client: Client
  readonly #lines: string[] = []
  readonly #pools = new Map<string, IpPool>()
  #wake: () => void = () => {}
  #isAsked = false

  constructor(process: Process, control: PluginControl) {
    this.#process = process
    this.#control = control
    this.#client = control.client(userOf('calico-node'))
  }

  async run(): Promise<number> {
    const process = this.#process
    process.onSignal('SIGTERM', () => {
      this.#isAsked = true
      this.#wake()
    })
    while (!findCalicoKind(this.#client, 'IPPool')) {
      await process.stdout.write(this.#line('startup/startup.go', 'Waiting for datastore to be ready', 'INFO'))
      await process.sleep(patience)
    }
    const now = new Date(this.#control.epoch + this.#control.clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
    const identity = startNode(process, this.#client, now)
    if (typeof identity === 'string') {
      this.#log('startup/startup.go', identity, 'ERROR')
      this.#log('startup/utils.go', 'Terminating', 'WARNING')
      await this.#flush()
      return 1
    }
    this.#log(
      'startup/startup.go',
      `Using autodetected IPv4 address on interface ${identity.outside}: ${formatIpv4(identity.address)}`,
    )
    this.#log('startup/startup.go', `Using node name: ${identity.name}`)
    for (const { spec } of identity.pools) this.#log('startup/startup.go', `Pool ${spec.cidr} is in use`)
    const hasBgp = process.env.get('CALICO_NETWORKING_BACKEND') !== 'vxlan'
    for (const argv of [felix, ...(hasBgp ? bgp : [])]) process.spawn({ argv, program: part })
    await this.#work(identity)
    return 0
  }

  /** Follows the cluster, and writes what has changed. */
  async #work({ name }: NodeIdentity): Promise<void> {
    const process = this.#process
    const { netfilter } = process.network
    const policies = new PolicyTable(name, netfilter)
    const routes = new NodeRoutes(name, process.network)
    const stops = this.#watch(policies, routes)
    const forget = process.onExit(() => {
      for (const stop of stops) stop()
    })
    this.#markReady()
    this.#log('felix/daemon.go', `Felix starting up GOMAXPROCS=2 builddate="" gitcommit="" version="${calicoVersion}"`)
    let isFirst = true
    try {
      while (!this.#isAsked) {
        this.#writeSets(routes)
        if (this.#tunnelUse().isIpvs) policies.useMarks()
        writeStaticChains(netfilter, this.#tunnelUse())
        if (policies.isChanged) policies.apply()
        if (isFirst) policies.sweep()
        isFirst = false
        if (routes.isChanged) routes.apply()
        await this.#flush()
        await process.sleep(restTime)
        if (policies.isChanged || routes.isChanged || this.#isAsked) continue
        const isWoken = await process.waitFor<true>(refreshTime, wake => {
          this.#wake = () => wake(true)
        })
        if (!isWoken) routes.apply()
      }
    } finally {
      forget()
      for (const stop of stops) stop()
    }
  }

  #watch(policies: PolicyTable, routes: NodeRoutes): (() => void)[] {
    const client = this.#client
    const poolKind = findCalicoKind(client, 'IPPool')!
    const affinityKind = findCalicoKind(client, 'BlockAffinity')!
    const present = <T>({ type, object }: { type: string; object: T }) => (type === 'DELETED' ? undefined : object)
    const then = (isChanged: boolean) => {
      if (isChanged) this.#wake()
    }
    return [
      client.watch(poolKind, change => {
        const pool = present(change)
        if (pool && parsePrefix(pool.spec.cidr)) this.#pools.set(change.object.metadata.name, pool)
        else this.#pools.delete(change.object.metadata.name)
        routes.setPool(change.object.metadata.name, pool && parsePrefix(pool.spec.cidr) ? pool : undefined)
        this.#wake()
      }),
      client.watch(affinityKind, change => {
        routes.setBlock(change.object.metadata.name, present(change))
        this.#wake()
      }),
      client.watch(node, change => {
        routes.setNode(change.object.metadata.name, present(change))
        then(routes.isChanged)
      }),
      client.watch(namespaceKind, change => {
        if (change.type === 'MODIFIED' && change.previous?.metadata.labels === change.object.metadata.labels) return
        policies.setNamespace(change.object.metadata.name, present(change)?.metadata.labels ?? undefined)
      }),
      client.watch(pod, change => {
        this.#see(change, policies, routes)
        then(policies.isChanged || routes.isChanged)
      }),
      client.watch(networkPolicy, change => {
        const { name, namespace = '' } = change.object.metadata
        policies.setPolicy(namespace, name, present(change))
        then(policies.isChanged)
      }),
    ]
  }

  #see(change: Change<Pod>, policies: PolicyTable, routes: NodeRoutes): void {
    const { name, namespace = '' } = change.object.metadata
    const key = `${namespace}/${name}`
    const known = policies.endpoint(key)
    if (known && change.type === 'MODIFIED' && isStill(known, change.object)) return
    const endpoint = change.type === 'DELETED' ? undefined : endpointOf(change.object)
    if (!known && !endpoint) return
    policies.setEndpoint(key, endpoint)
    routes.setEndpoint(key, endpoint)
  }

  /** The sets that the chains of every node ask: who is a node, and which addresses are those of pods. */
  #writeSets(routes: NodeRoutes): void {
    const pools = [...this.#pools.values()].map(({ spec }) => ({ spec, prefix: parsePrefix(spec.cidr)! }))
    const hosts = routes.hosts.map(address => ({ address, length: 32 }))
    const use = this.#tunnelUse()
    this.#writeSet('cali40all-hosts-net', use.isIpip ? hosts : [])
    const { interfaces } = this.#process.network
    const own = interfaces.flatMap(({ name, addresses }) => (name === ipvsDevice ? [] : addresses))
    this.#writeSet(
      'cali40this-host',
      own.map(({ address }) => ({ address, length: 32 })),
      'hash:ip',
    )
    this.#writeSet('cali40all-vxlan-net', use.isVxlan ? hosts : [])
    this.#writeSet(
      'cali40all-ipam-pools',
      pools.map(({ prefix }) => prefix),
    )
    this.#writeSet(
      'cali40masq-ipam-pools',
      pools.filter(({ spec }) => spec.natOutgoing).map(({ prefix }) => prefix),
    )
  }

  #writeSet(name: string, members: readonly Prefix[], type = 'hash:net'): void {
    const { sets } = this.#process.network.netfilter
    const set = sets.get(name) ?? new AddressSet(name, type, setSize)
    sets.set(name, set)
    const wanted = members.map(prefix => (prefix.length === 32 ? formatIpv4(prefix.address) : formatPrefix(prefix)))
    if (wanted.length === set.size && wanted.every(text => set.members.includes(text))) return
    set.clear()
    for (const prefix of members) set.add({ prefix })
  }

  #tunnelUse() {
    const specs = [...this.#pools.values()].map(({ spec }) => spec)
    return {
      isIpip: specs.some(({ ipipMode }) => isOn(ipipMode)),
      isVxlan: specs.some(({ vxlanMode }) => isOn(vxlanMode)),
      masquerades: specs.some(({ natOutgoing }) => natOutgoing),
      isIpvs: this.#process.network.interface(ipvsDevice) !== undefined,
    }
  }

  /** Leaves a sign for the probes of its container. */
  #markReady(): void {
    this.#process.files.writeText(readyFile, '')
  }

  #log(place: string, text: string, level: 'INFO' | 'WARNING' | 'ERROR' = 'INFO'): void {
    this.#lines.push(this.#line(place, text, level))
  }

  #line(place: string, text: string, level: string): string {
    const time = new Date(this.#process.machine.now()).toISOString().replace('T', ' ').replace('Z', '')
    return `${time} [${level}][${this.#process.pid}] ${place}: ${text}\n`
  }

  async #flush(): Promise<void> {
    if (this.#lines.length > 0) await this.#process.stdout.write(this.#lines.splice(0).join(''))
  }
}

/** What the probes of calico-node's container call. */
export const calicoNodeProbe: Program = {
  name: 'calico-node',
  summary: 'check, or run, a part of calico-node',
  async run(process) {
    const [, ...flags] = process.argv
    if (flags.includes('-v')) {
      await process.write(`${calicoVersion}\n`)
      return 0
    }
    const unknown = flags.find(flag => !/^-?-(felix-ready|bird-ready|felix-live|bird-live|shutdown)$/.test(flag))
    if (unknown !== undefined || flags.length === 0) {
      await process.stderr.write(`calico-node ${flags.join(' ')} is not simulated here\n`)
      return 1
    }
    if (process.files.exists(readyFile)) return 0
    await process.stdout.write(
      'calico/node is not ready: felix is not ready: Get "http://localhost:9099/readiness": dial tcp 127.0.0.1:9099: connect: connection refused\n',
    )
    return 1
  },
}
