import type { NetworkPolicyPeer, NetworkPolicyPort } from '../../simulator/cluster/kinds/networkPolicy.ts'
import {
  associationPort,
  type DrawnLab,
  type DrawnPacket,
  type DrawnPort,
  type DrawnService,
  datagramPort,
  type Ground,
  type GroundPod,
  type Labels,
  nameOf,
  outsidePort,
} from './drawnLab.ts'

/**
 * How a request ends: with an answer, with an error at once, or in nothing; `unanswered` is one of the last two, `any`
 * stands where the documentation is silent.
 */
export type Outcome = 'answered' | 'refused' | 'lost' | 'unanswered' | 'any'

/** What a pod network is known for, from its own documentation. */
export interface Network {
  readonly enforcesPolicies: boolean
  readonly proxy: Ground['proxy'] | 'none'
  /** It lets pods' packets leave before kube-proxy's rules could reject them, as Weave Net's rules in FORWARD do. */
  readonly passesBeforeServices: boolean
}

/** An endpoint of a Service, or the pod that was asked. */
export interface Behind {
  readonly pod: GroundPod
  readonly port: number
}

/**
 * What Kubernetes promises about packets, written from its documentation alone (concepts/services-networking: service,
 * network-policies, service-traffic-policy; reference/networking/virtual-ips) and none of the simulator's code.
 */
export class Model {
  readonly #ground: Ground
  readonly #lab: DrawnLab
  readonly #network: Network

  constructor(ground: Ground, lab: DrawnLab, network: Network) {
    this.#ground = ground
    this.#lab = lab
    this.#network = network
  }

  /** Who may answer; undefined where no Service and no pod is asked. */
  candidates(packet: DrawnPacket): Behind[] | undefined {
    const { to } = packet
    if (to.kind === 'pod') return [{ pod: this.#pod(to.pod), port: to.port }]
    if (to.kind !== 'service' && to.kind !== 'nodePort') return undefined
    const asked = this.#asked(packet)
    return asked && this.#endpoints(asked.service, asked.port, this.#localNode(packet, asked.service))
  }

  /** How the request must end when it was led to one of the candidates, or to none of them. */
  outcome(packet: DrawnPacket, chosen: Behind | undefined): Outcome {
    const { from, to, protocol } = packet
    if (to.kind === 'outside' || to.kind === 'internet') return this.#toOutside(packet)
    if (to.kind === 'node') return this.#toNode(packet)
    if (from.kind === 'workstation' && to.kind !== 'nodePort') return 'any'
    // Where programs at sockets stand in for kube-proxy (Cilium), SCTP Services have to be asked for: sctp.enabled.
    if (protocol === 'sctp' && to.kind !== 'pod' && this.#network.proxy === 'none') return 'any'
    if (to.kind === 'pod') return this.#toPod(packet, { pod: this.#pod(to.pod), port: to.port })
    const asked = this.#asked(packet)
    if (!asked || protocol === 'icmp') return this.#network.proxy === 'iptables' ? this.#toNothing(packet) : 'any'
    if (to.kind === 'nodePort' && asked.service.isExternalLocal && from.kind !== 'workstation') return 'any'
    if (this.#endpoints(asked.service, asked.port, undefined).length === 0) return this.#toEmpty(packet)
    if (this.mayAnswerAside(packet)) return 'any'
    if (!chosen) return this.#toNobodyNear(packet)
    if (to.kind === 'nodePort') return this.#byNodePort(packet, chosen)
    return this.#toPod(packet, chosen)
  }

  /**
   * Whether the answer may come from elsewhere than was asked: kube-proxy in ipvs mode falls back to other nodes'
   * endpoints for a policy Local and leaves the source alone, so that they answer past the node that was asked.
   */
  mayAnswerAside(packet: DrawnPacket): boolean {
    const asked = this.#asked(packet)
    if (this.#network.proxy !== 'ipvs' || packet.to.kind !== 'nodePort' || !asked?.service.isExternalLocal) return false
    return this.#endpoints(asked.service, asked.port, packet.to.node).length === 0
  }

  #pod(name: string): GroundPod {
    return this.#ground.pods.find(pod => nameOf(pod) === name)!
  }

  #asked({ to, protocol }: DrawnPacket): { service: DrawnService; port: DrawnPort } | undefined {
    if (to.kind !== 'service' && to.kind !== 'nodePort') return undefined
    const service = this.#lab.services.find(each => nameOf(each) === to.service)!
    const port = service.ports.find(each => (to.kind === 'service' ? each.port : each.nodePort) === to.port)
    return port && port.protocol.toLowerCase() === protocol ? { service, port } : undefined
  }

  /** The only node whose endpoints count. */
  #localNode({ from, to }: DrawnPacket, service: DrawnService): string | undefined {
    if (to.kind === 'nodePort') return service.isExternalLocal && from.kind === 'workstation' ? to.node : undefined
    return service.isInternalLocal ? this.#nodeOf(from) : undefined
  }

  #nodeOf(place: DrawnPacket['from']): string | undefined {
    if (place.kind === 'workstation') return undefined
    return place.kind === 'node' ? place.name : this.#pod(place.name).node
  }

  #endpoints(service: DrawnService, port: DrawnPort, node: string | undefined): Behind[] {
    const { selector, publishesNotReady } = service
    if (!selector) return []
    return this.#ground.pods
      .filter(pod => pod.namespace === service.namespace && hasLabels(this.#lab.pods[nameOf(pod)]!, selector))
      .filter(pod => (pod.isReady || publishesNotReady) && (node === undefined || pod.node === node))
      .map(pod => ({ pod, port: port.targetPort === 'web' ? pod.web : port.targetPort }))
  }

  #toPod({ from, to, protocol }: DrawnPacket, { pod, port }: Behind): Outcome {
    const isSelf = from.kind === 'pod' && from.name === nameOf(pod)
    if (!isSelf) {
      const mayPass = this.#mayPass(from, pod, port, protocol, to.kind !== 'pod')
      if (mayPass === undefined) return 'any'
      if (!mayPass) return 'lost'
      const way = this.#way(this.#nodeOf(from)!, pod.node)
      if (way !== 'open') return way
    } else if (to.kind !== 'pod' && (this.#lab.fault || this.#isJudged(pod))) return 'any'
    return listens(pod, port, protocol) ? 'answered' : 'refused'
  }

  /** A packet to a Service's address or to a node's port that has no endpoint at all. */
  #toEmpty({ from }: DrawnPacket): Outcome {
    if (this.#isIsolated(from, 'Egress') || this.#lab.fault || this.#network.proxy === 'none') return 'any'
    return this.#network.passesBeforeServices ? 'unanswered' : 'refused'
  }

  /** There are endpoints, but none on the node whose endpoints count. */
  #toNobodyNear({ from }: DrawnPacket): Outcome {
    if (this.#isIsolated(from, 'Egress') || this.#lab.fault) return 'any'
    return this.#network.proxy === 'ipvs' || this.#network.proxy === 'none' ? 'unanswered' : 'lost'
  }

  /** A packet to a Service's address that no rule speaks of leaves the cluster and is lost. */
  #toNothing({ from }: DrawnPacket): Outcome {
    return this.#isIsolated(from, 'Egress') || this.#lab.fault ? 'any' : 'lost'
  }

  /** The node may change the source address on the way, so a policy's view of it is not defined. */
  #byNodePort({ from, protocol }: DrawnPacket, { pod, port }: Behind): Outcome {
    const isJudged = this.#isIsolated({ kind: 'pod', name: nameOf(pod) }, 'Ingress') || this.#isIsolated(from, 'Egress')
    if (isJudged || this.#lab.fault) return 'any'
    return listens(pod, port, protocol) ? 'answered' : 'refused'
  }

  #toNode({ from, to, protocol }: DrawnPacket): Outcome {
    if (to.kind !== 'node' || this.#isIsolated(from, 'Egress')) return 'any'
    // A node that does not forward does not answer its pods' questions for a gateway either, where it is asked by proxy.
    if (this.#lab.fault) return 'any'
    return protocol === 'icmp' ? 'answered' : 'refused'
  }

  #toOutside({ from, to }: DrawnPacket): Outcome {
    if (to.kind !== 'outside' && to.kind !== 'internet') return 'any'
    if (from.kind === 'pod' && !this.#pod(from.name).isOnHostNetwork) {
      if (this.#lab.fault) return 'any'
      const pod = this.#pod(from.name)
      const isPeer = (peer: NetworkPolicyPeer) => to.kind === 'outside' && inBlock(peer, 1)
      if (!this.#allowed(pod, 'Egress', isPeer, to.port, 'tcp', undefined)) return 'lost'
    }
    return to.port === (to.kind === 'outside' ? outsidePort : 80) ? 'answered' : 'refused'
  }

  /** Whether policies let a packet pass to a pod; undefined where they say nothing about such packets. */
  #mayPass(
    from: DrawnPacket['from'],
    to: GroundPod,
    port: number,
    protocol: DrawnPacket['protocol'],
    isByService: boolean,
  ): boolean | undefined {
    if (!this.#network.enforcesPolicies) return true
    // IPVS hands packets over between INPUT and OUTPUT: rules of a plugin that stand in FORWARD never see them.
    if (isByService && this.#network.proxy === 'ipvs') return undefined
    const sender = from.kind === 'pod' ? this.#pod(from.name) : undefined
    const isJudged = this.#isIsolated(from, 'Egress') || this.#isIsolated({ kind: 'pod', name: nameOf(to) }, 'Ingress')
    if (!isJudged) return true
    // Policies know TCP, UDP and SCTP; what they do to ICMP is not defined.
    if (protocol === 'icmp') return undefined
    // Pods on the node's network are the node. A node always reaches its own pods; other nodes are not defined.
    if (to.isOnHostNetwork) return undefined
    if (!sender || sender.isOnHostNetwork) return this.#nodeOf(from) === to.node ? true : undefined
    const isTo = (peer: NetworkPolicyPeer, home: string) => this.#isPeer(peer, to, home)
    const isFrom = (peer: NetworkPolicyPeer, home: string) => this.#isPeer(peer, sender, home)
    return (
      this.#allowed(sender, 'Egress', isTo, port, protocol, to) &&
      this.#allowed(to, 'Ingress', isFrom, port, protocol, to)
    )
  }

  #isJudged(pod: GroundPod): boolean {
    const place = { kind: 'pod', name: nameOf(pod) } as const
    return this.#isIsolated(place, 'Ingress') || this.#isIsolated(place, 'Egress')
  }

  /** Whether any policy selects the pod for a direction. */
  #isIsolated(place: DrawnPacket['from'], type: 'Ingress' | 'Egress'): boolean {
    if (place.kind !== 'pod' || !this.#network.enforcesPolicies) return false
    const pod = this.#pod(place.name)
    return !pod.isOnHostNetwork && this.#policiesOn(pod, type).length > 0
  }

  #policiesOn(pod: GroundPod, type: 'Ingress' | 'Egress') {
    const labels = this.#lab.pods[nameOf(pod)]!
    return this.#lab.policies.filter(
      ({ namespace, spec }) =>
        namespace === pod.namespace && spec.policyTypes?.includes(type) && selects(spec.podSelector, labels),
    )
  }

  #allowed(
    pod: GroundPod,
    type: 'Ingress' | 'Egress',
    isPeer: (peer: NetworkPolicyPeer, home: string) => boolean,
    port: number,
    protocol: string,
    receiver: GroundPod | undefined,
  ): boolean {
    if (!this.#network.enforcesPolicies) return true
    const policies = this.#policiesOn(pod, type)
    if (policies.length === 0) return true
    return policies.some(({ namespace, spec }) => {
      const rules =
        type === 'Ingress'
          ? (spec.ingress ?? []).map(rule => ({ peers: rule.from, ports: rule.ports }))
          : (spec.egress ?? []).map(rule => ({ peers: rule.to, ports: rule.ports }))
      return rules.some(
        ({ peers, ports }) =>
          (!peers?.length || peers.some(peer => isPeer(peer, namespace))) &&
          (!ports?.length || ports.some(each => isPort(each, port, protocol, receiver))),
      )
    })
  }

  #isPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, pod: GroundPod, home: string): boolean {
    if (ipBlock) return false
    const isThere = namespaceSelector
      ? selects(namespaceSelector, {
          ...this.#lab.namespaces[pod.namespace],
          'kubernetes.io/metadata.name': pod.namespace,
        })
      : pod.namespace === home
    return isThere && (!podSelector || selects(podSelector, this.#lab.pods[nameOf(pod)]!)) && !pod.isOnHostNetwork
  }

  /** What a fault does to packets from a node's pods to another's, and back. */
  #way(from: string, to: string): 'open' | Outcome {
    const { fault } = this.#lab
    if (!fault) return 'open'
    if (from === to) return fault.kind === 'routeGone' || fault.node !== from ? 'open' : 'any'
    if (fault.kind === 'forwardingOff') return fault.node === from || fault.node === to ? 'any' : 'open'
    const isHit = (fault.node === from && fault.towards === to) || (fault.node === to && fault.towards === from)
    return isHit ? 'any' : 'open'
  }
}

function listens(pod: GroundPod, port: number, protocol: DrawnPacket['protocol']): boolean {
  if (protocol === 'icmp') return true
  if (protocol === 'sctp') return port === associationPort
  return port === (protocol === 'udp' ? datagramPort : pod.web)
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

type Selector = NonNullable<NetworkPolicyPeer['podSelector']>

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    hasLabels(labels, matchLabels) &&
    matchExpressions.every(({ key, operator }) => (operator === 'Exists' ? key in labels : !(key in labels)))
  )
}

function isPort(
  { port, endPort, protocol = 'TCP' }: NetworkPolicyPort,
  asked: number,
  askedProtocol: string,
  receiver: GroundPod | undefined,
): boolean {
  if (protocol.toLowerCase() !== askedProtocol) return false
  if (port === undefined) return true
  if (typeof port === 'string') return port === 'web' && receiver?.web === asked
  return endPort === undefined ? port === asked : port <= asked && asked <= endPort
}

/** Whether an address of the LAN, by its last number, is in the block of a peer. */
function inBlock({ ipBlock }: NetworkPolicyPeer, last: number): boolean {
  if (!ipBlock) return false
  const isIn = (range: string) => {
    const [, start, length] = /^192\.168\.64\.(\d+)\/(\d+)$/.exec(range) ?? []
    return last >> (32 - Number(length)) === Number(start) >> (32 - Number(length))
  }
  return isIn(ipBlock.cidr) && !(ipBlock.except ?? []).some(isIn)
}
