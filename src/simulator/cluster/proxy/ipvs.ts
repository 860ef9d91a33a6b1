import type { Clock, Timer } from '../../clock.ts'
import { contains, formatIpv4, parseIpv4, parsePrefix } from '../../network/address.ts'
import type { BalancedProtocol } from '../../network/ipvs/virtualService.ts'
import { Destination, type Scheduler, VirtualService } from '../../network/ipvs/virtualService.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import type { ProxySettings } from './iptablesRules.ts'
import { GracefulTermination, terminationInterval } from './ipvs/gracefulTermination.ts'
import { ipvsChains, ipvsJumps, ipvsRules } from './ipvs/rules.ts'
import { WantedSets } from './ipvs/sets.ts'
import { ensureFirewall, ensureJump } from './jumps.ts'
import type { ProxyMode, Target } from './mode.ts'
import type { Endpoint, ServicePort } from './servicePort.ts'

/** The interface that holds the addresses of Services. */
export const dummyDevice = 'kube-ipvs0'

/** What the mode ipvs may be told besides. */
export interface IpvsSettings extends ProxySettings {
  readonly scheduler: Scheduler
  readonly strictArp: boolean
}

/**
 * Keeps the virtual services of IPVS on a node, the addresses of its dummy interface, and the sets and rules that go
 * with them. Source: kubernetes/pkg/proxy/ipvs/proxier.go.
 */
export class IpvsMode implements ProxyMode {
  readonly #network: NetworkNamespace
  readonly #settings: IpvsSettings
  readonly #termination: GracefulTermination
  readonly #clock: Clock
  /** What each target has on which of the node's addresses, as long as nothing of it has changed. */
  readonly #services = new WeakMap<Target, { readonly place: string; readonly services: readonly VirtualService[] }>()
  #timer: Timer | undefined
  #written = ''

  constructor(network: NetworkNamespace, settings: IpvsSettings, clock: Clock) {
    this.#network = network
    this.#settings = settings
    this.#termination = new GracefulTermination(network.ipvs)
    this.#clock = clock
    const { sysctl } = network
    sysctl.set('net.ipv4.vs.conntrack', '1')
    sysctl.set('net.ipv4.vs.expire_nodest_conn', '1')
    sysctl.set('net.ipv4.vs.expire_quiescent_template', '1')
    sysctl.set('net.ipv4.ip_forward', '1')
    if (!settings.strictArp) return
    sysctl.set('net.ipv4.conf.all.arp_ignore', '1')
    sysctl.set('net.ipv4.conf.all.arp_announce', '2')
  }

  sync(targets: readonly Target[]): void {
    const network = this.#network
    this.#ensureJumps()
    const device = network.interface(dummyDevice) ?? network.addDummy(dummyDevice)
    const nodeAddresses = this.#nodeAddresses()
    const nodePortAddresses = this.#settings.nodePortAddresses ?? nodeAddresses
    const sets = new WantedSets()
    const bound = new Set<string>()
    const kept = new Set<VirtualService>()
    const place = nodePortAddresses.join()
    for (const target of targets) {
      fillSets(target, sets, this.#settings.nodeAddress)
      const { port } = target
      bound.add(port.clusterIp)
      for (const address of [...port.externalIps, ...port.loadBalancerIps])
        if (!nodeAddresses.includes(address)) bound.add(address)
      const known = this.#services.get(target)
      const services = known?.place === place ? known.services : this.#syncServices(target, nodePortAddresses)
      this.#services.set(target, { place, services })
      for (const service of services) kept.add(service)
    }
    const { ipvs } = network
    for (const service of ipvs.services) if (!kept.has(service)) ipvs.remove(service)
    if (!this.#termination.isEmpty) this.#checkLater()
    for (const address of bound) sets.add('KUBE-IPVS-IPS', address)
    const own = new Set(device.addresses.map(({ address }) => formatIpv4(address)))
    device.addHostAddresses([...bound].filter(address => !own.has(address)).map(address => parseIpv4(address)!))
    sets.apply(network.netfilter)
    this.#writeRules(ipvsRules(sets, this.#settings))
    for (const address of own) if (!bound.has(address)) device.removeAddress(parseIpv4(address)!)
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #checkLater(): void {
    this.#timer ??= this.#clock.after(terminationInterval, () => {
      this.#timer = undefined
      this.#termination.check()
      if (!this.#termination.isEmpty) this.#checkLater()
    })
  }

  /** The virtual services of a port: at its own addresses and at those of the node. */
  #syncServices({ port, reachable }: Target, nodePortAddresses: readonly string[]): VirtualService[] {
    // Without an endpoint here, a policy Local falls back to all, so that callers in this node's pods are served;
    // not when it holds for calls from inside (syncEndpoint).
    const others = port.isInternalLocal && reachable.hasAny ? [] : reachable.cluster
    const local = reachable.local.length > 0 ? reachable.local : others
    const outside = port.isExternalLocal ? local : reachable.cluster
    return [
      this.#syncService(port, port.clusterIp, port.port, port.isInternalLocal ? local : reachable.cluster),
      ...[...port.externalIps, ...port.loadBalancerIps].map(address =>
        this.#syncService(port, address, port.port, outside),
      ),
      ...(port.nodePort ? nodePortAddresses : []).map(address =>
        this.#syncService(port, address, port.nodePort, outside),
      ),
    ]
  }

  #syncService(
    { protocol, affinitySeconds }: ServicePort,
    address: string,
    port: number,
    endpoints: readonly Endpoint[],
  ): VirtualService {
    const { ipvs } = this.#network
    const { scheduler } = this.#settings
    const [kind, number] = [protocol as BalancedProtocol, parseIpv4(address)!]
    const known = ipvs.find(kind, number, port)
    const service = known ?? new VirtualService(kind, number, port, scheduler, affinitySeconds)
    if (!known) ipvs.add(service)
    service.scheduler = scheduler
    service.persistence = affinitySeconds
    this.#syncDestinations(service, endpoints)
    return service
  }

  #syncDestinations(service: VirtualService, endpoints: readonly Endpoint[]): void {
    const wanted = new Set(endpoints.map(({ text }) => text))
    for (const destination of service.destinations)
      if (!wanted.has(destination.text) && !this.#termination.has(destination))
        this.#termination.begin(service, destination)
    for (const { address, port } of endpoints) {
      const number = parseIpv4(address)!
      const old = service.find(number, port)
      if (old && this.#termination.has(old)) this.#termination.end(service, old)
      else if (old && old.weight === 0) service.setWeight(old, 1)
      service.add(new Destination(number, port, 1))
    }
  }

  #writeRules(text: string): void {
    if (text === this.#written) return
    this.#written = text
    this.#network.netfilter.restore(text, { noFlush: true, counters: true })
  }

  #ensureJumps(): void {
    const { netfilter } = this.#network
    for (const name of ['nat', 'filter'] as const) {
      const table = netfilter.table(name)
      for (const chain of ipvsChains[name]) if (!table.chains.has(chain)) table.newChain(chain)
    }
    for (const jump of ipvsJumps) ensureJump(netfilter.table(jump.table), jump)
    ensureFirewall(netfilter)
  }

  /** The node's own addresses, without those of Services. */
  #nodeAddresses(): string[] {
    const own = this.#network.interfaces.filter(({ name, kind }) => name !== dummyDevice && kind !== 'loopback')
    return own.flatMap(({ addresses }) => addresses.map(({ address }) => formatIpv4(address)))
  }
}

function fillSets({ port, reachable }: Target, sets: WantedSets, nodeAddress: string): void {
  const { protocol, isExternalLocal } = port
  for (const { address, port: number, isLocal } of reachable.all)
    if (isLocal) sets.add('KUBE-LOOP-BACK', address, protocol, number, address)
  sets.add('KUBE-CLUSTER-IP', port.clusterIp, protocol, port.port)
  for (const address of port.externalIps)
    sets.add(isExternalLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP', address, protocol, port.port)
  for (const address of port.loadBalancerIps) fillBalancerSets(port, address, sets, nodeAddress)
  if (port.nodePort && protocol === 'sctp') {
    sets.add('KUBE-NODE-PORT-SCTP-HASH', nodeAddress, protocol, port.nodePort)
    if (isExternalLocal) sets.add('KUBE-NODE-PORT-LOCAL-SCTP-HASH', nodeAddress, protocol, port.nodePort)
  } else if (port.nodePort) {
    const upper = protocol === 'udp' ? 'UDP' : 'TCP'
    sets.addPort(`KUBE-NODE-PORT-${upper}`, protocol, port.nodePort)
    if (isExternalLocal) sets.addPort(`KUBE-NODE-PORT-LOCAL-${upper}`, protocol, port.nodePort)
  }
  if (port.healthCheckPort) sets.addPort('KUBE-HEALTH-CHECK-NODE-PORT', 'tcp', port.healthCheckPort)
}

function fillBalancerSets(port: ServicePort, address: string, sets: WantedSets, nodeAddress: string): void {
  const { protocol, sourceRanges } = port
  sets.add('KUBE-LOAD-BALANCER', address, protocol, port.port)
  if (port.isExternalLocal) sets.add('KUBE-LOAD-BALANCER-LOCAL', address, protocol, port.port)
  if (sourceRanges.length === 0) return
  sets.add('KUBE-LOAD-BALANCER-FW', address, protocol, port.port)
  for (const range of sourceRanges) sets.add('KUBE-LOAD-BALANCER-SOURCE-CIDR', address, protocol, port.port, range)
  const node = parseIpv4(nodeAddress)!
  if (sourceRanges.flatMap(range => parsePrefix(range) ?? []).some(range => contains(range, node)))
    sets.add('KUBE-LOAD-BALANCER-SOURCE-IP', address, protocol, port.port, address)
}
